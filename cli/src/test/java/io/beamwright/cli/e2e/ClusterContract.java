// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Beamwright;
import io.beamwright.test.BeamwrightStore;
import io.beamwright.transforms.program.BubblewrapExecutor;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.server.SmallDisk;
import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every runner with a cluster has to do for the command; extended where the runner is on the
 * class path. The cluster is of real processes, two workers, on this machine.
 */
public abstract class ClusterContract {

  private static final Duration MOST = Duration.ofSeconds(120);

  @TempDir private Path folder;

  /** The runner's name. */
  protected abstract String runner();

  /** The runner's options for the cluster, with the {@code master} among them. */
  protected abstract Map<String, String> cluster();

  /** The words of {@code run} for this runner on the cluster. */
  private List<String> onCluster() {
    return on(cluster());
  }

  private List<String> on(Map<String, String> cluster) {
    List<String> words = new ArrayList<>(List.of("--runner", runner()));
    cluster.forEach(
        (name, value) ->
            words.addAll(
                name.equals("master")
                    ? List.of("--master", value)
                    : List.of("--runner-option", name + "=" + value)));
    return words;
  }

  /** Another cluster, of one worker, whose temporary folder is {@code disk}. */
  protected abstract OtherCluster clusterWith(SmallDisk disk, Path folder) throws IOException;

  /** A cluster that one test needs: ends it. */
  protected record OtherCluster(Map<String, String> options, Runnable end)
      implements AutoCloseable {

    @Override
    public void close() {
      end.run();
    }
  }

  /** Brings the cluster back to two workers. */
  protected abstract void heal() throws Exception;

  /** What the cluster itself says of a job, by the id that {@code inspect job} shows. */
  protected abstract String stateInCluster(String id);

  /** Whether the cluster goes on with a job whose driver is gone. */
  protected abstract boolean outlivesItsDriver();

  /** A master where there is no cluster: port 1 of this machine. */
  protected abstract String nobodysAddress();

  /** The word for a job that was cancelled, in {@link #stateInCluster}. */
  protected abstract String cancelled();

  /** JVM options of a process with this runner. */
  protected List<String> jvmOptions() {
    return List.of();
  }

  // --- one tree ---

  @Test
  void theSamplesHaveTheSameTreesOnEveryRunnerOverHdfsAndS3() throws Exception {
    Path servers = Files.createDirectory(folder.resolve("hdfs"));
    try (HdfsProcesses hdfs = HdfsProcesses.start(servers)) {
      S3Proxy s3 = S3Proxy.shared();
      Map<String, String> s3Options = Map.of("s3.endpoint", s3.endpoint().toString());
      String bucket = "s3://" + s3.newBucket() + "/store";
      String cluster = hdfs.uri() + "/user/ann/store";
      String local = "file:" + folder.resolve("direct");
      Map<String, String> bitcoin = bitcoin(local, Map.of(), "direct", Map.of());
      Map<String, String> flights = flights(local, Map.of(), "direct", Map.of());

      // A job in a cluster costs seconds: the larger sample has each storage once.
      assertThat(bitcoin(cluster, Map.of(), runner(), cluster())).isEqualTo(bitcoin);
      assertThat(flights(cluster, Map.of(), runner(), cluster())).isEqualTo(flights);
      assertThat(bitcoin(bucket, s3Options, runner(), cluster())).isEqualTo(bitcoin);
      assertThat(flights(bucket, s3Options, runner(), Map.of())).isEqualTo(flights);
      assertThat(bitcoin("file:" + folder.resolve("here"), Map.of(), runner(), Map.of()))
          .isEqualTo(bitcoin);
    }
  }

  /** The trees that the sample makes, by repo. */
  private Map<String, String> bitcoin(
      String uri, Map<String, String> storeOptions, String runner, Map<String, String> options)
      throws Exception {
    Path sample = Bench.SAMPLES.resolve("bitcoin");
    Map<String, String> trees = new TreeMap<>();
    try (BeamwrightStore store = store(uri, storeOptions, runner, options)) {
      store.put("prices", sample.resolve("prices"));
      for (String stage : store.run(sample.resolve("pipeline.json")).states().keySet()) {
        trees.put(stage, store.commit(stage).tree().hex());
      }
    }
    return trees;
  }

  /** The same of the other sample, every row of which is compared with those of DuckDB. */
  private Map<String, String> flights(
      String uri, Map<String, String> storeOptions, String runner, Map<String, String> options)
      throws Exception {
    Path tables = Files.createTempDirectory(folder, "tables");
    try (BeamwrightStore store = store(uri, storeOptions, runner, options);
        FlightsSample flights = new FlightsSample(store, tables)) {
      flights.run().assertSuccess();
      flights.fetchTables();
      flights.assertTables();
      return flights.trees();
    }
  }

  private BeamwrightStore store(
      String uri, Map<String, String> storeOptions, String runner, Map<String, String> options)
      throws IOException {
    return BeamwrightStore.at(uri, storeOptions, Files.createTempDirectory(folder, "scratch"))
        .withRunner(runner, options);
  }

  @Test
  void aRunThatRunsNothingLoadsNoClassOfTheRunnerAndAsksNoCluster() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 2, "cp /pfs/in/* /pfs/out/");
    var unused = command.json("run", spec.toString());
    Path classes = folder.resolve("classes.txt");
    List<String> logged = List.of("-Xlog:class+load:file=" + classes);
    String[] run = {"run", spec.toString(), "--runner", runner(), "--master", nobodysAddress()};

    try (ChildJvm again = command.start(logged, run)) {
      ChildJvm.Ended ended = again.end();
      assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
      assertThat(String.join("\n", ended.lines())).contains("REUSED");
    }

    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.contains("picocli."))
        .noneMatch(line -> line.matches(".*org\\.apache\\.(beam|flink|spark)\\..*"));
  }

  // --- accidents ---

  @Test
  void ofManyDatumsNoneIsLostThoughAWorkerIsKilledInTheMiddle() throws Exception {
    int datums = 2_000;
    Command command = onFolder();
    Path spec = copies(command, datums, "cp /pfs/in/* /pfs/out/");
    List<String> run = new ArrayList<>(List.of("run", spec.toString()));
    run.addAll(onCluster());

    try (ChildJvm driver = command.start(run.toArray(String[]::new))) {
      awaitThat(() -> workersOfResults(command).size() > datums / 4);
      long killed = workersOfResults(command).get(0);
      assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();
      ChildJvm.Ended ended = driver.end();
      if (ended.exitCode() != 0) {
        // It may fail with the cause; then the next one goes on.
        assertThat(String.join("\n", ended.lines())).contains("error: ");
        heal();
        var unused = command.json(run.toArray(String[]::new));
      }
    } finally {
      heal();
    }

    assertThat(command.document("list", "file", "copy@master:/").path("files")).hasSize(datums);
    JsonNode job = command.document("inspect", "job", "copy");
    Set<String> used = new HashSet<>();
    job.path("results").forEach(datum -> used.add(datum.at("/facts/worker").asText()));
    assertThat(used).as("who ran datums").hasSizeGreaterThan(1);
    JsonNode again = command.json(run.toArray(String[]::new));
    assertThat(again.at("/stages/0/state").asText()).isEqualTo("REUSED");
    assertThat(command.said("fsck")).endsWith("sound");
  }

  /** Of each datum that has a result in a journal: the process that ran it. */
  private static List<Long> workersOfResults(Command command) {
    Bench bench = new Bench(Path.of(command.store().substring("file:".length())));
    List<Long> workers = new ArrayList<>();
    try (Store store = bench.open()) {
      long attempt = store.attempts().newestNumber();
      if (attempt >= 0) {
        store
            .journals()
            .read(
                attempt,
                result -> {
                  String worker = result.facts().path("worker").asText();
                  workers.add(Long.parseLong(worker.substring(0, worker.indexOf('@'))));
                });
      }
    }
    return workers;
  }

  @Test
  void aRunWhoseDriverIsKilledIsLostAndGoesOnWhenItIsResumed() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 4, "sleep 5; cp /pfs/in/* /pfs/out/");
    String run;
    try (ChildJvm driver = command.start(words(spec))) {
      String unused = clusterJob(command);
      run = runOf(command);
      assertThat(command.document("inspect", "run", run).path("state").asText())
          .isEqualTo("RUNNING");
      assertRefused(command.run("run", "--resume", run), 5, "is being driven by another process");
      driver.kill();
    }
    assertThat(command.document("inspect", "run", run).path("state").asText()).isEqualTo("LOST");
    assertThat(command.document("inspect", "job", "copy").path("state").asText())
        .as("a job that its cluster finished meanwhile is no loss")
        .isIn("LOST", "SUCCESS");
    assertRefused(command.run("wait", "run", run), 4, "run --resume " + run.substring(0, 12));

    JsonNode resumed = command.json("run", "--resume", run);

    assertThat(resumed.path("state").asText()).isEqualTo("SUCCESS");
    assertThat(command.document("list", "file", "copy@master:/").path("files")).hasSize(4);
    JsonNode job = command.document("inspect", "job", "copy");
    assertThat(job.path("run").asText()).isEqualTo(run);
    assertThat(job.path("attempts")).hasSize(outlivesItsDriver() ? 1 : 2);
    assertThat(command.document("inspect", "run", run).path("state").asText()).isEqualTo("SUCCESS");
  }

  private static void assertRefused(ChildJvm.Ended ended, int exitCode, String words) {
    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(exitCode);
    assertThat(String.join("\n", ended.lines())).contains(words).doesNotContain("\tat ");
  }

  // --- what is wrong ---

  @Test
  void whatIsWrongIsNamedAndNothingIsCommitted() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 1, "no-such-program");

    ChildJvm.Ended nobody =
        command.run("run", spec.toString(), "--runner", runner(), "--master", nobodysAddress());
    assertThat(nobody.exitCode()).as("%s", nobody.lines()).isEqualTo(4);
    assertThat(String.join("\n", nobody.lines()))
        .contains("cluster answers at 127.0.0.1:1")
        .doesNotContain("\tat ");

    ChildJvm.Ended absent = command.run(words(spec));
    assertThat(absent.exitCode()).as("%s", absent.lines()).isEqualTo(1);
    assertThat(String.join("\n", absent.lines())).contains("no-such-program").contains("not found");

    assertThat(command.document("list", "commit", "copy").path("commits")).isEmpty();
  }

  @Test
  void aWorkerWithoutRoomIsNamedAndNothingIsCommitted() throws Exception {
    requireBubblewrap();
    // Programs of root run as another user, who has to pass.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    SmallDisk disk = new SmallDisk(Files.createDirectory(folder.resolve("disk")), 16 << 20);
    Command command = onFolder();
    Path spec = copies(command, 1, "cat /pfs/in/* | wc -c");
    Path large = folder.resolve("large");
    Files.write(large, new byte[24 << 20]);
    command.said("put", "file", "in@master:/large", "-f", large.toString());
    List<String> run = new ArrayList<>(List.of("run", spec.toString()));

    try (OtherCluster cluster = clusterWith(disk, Files.createDirectory(folder.resolve("other")))) {
      run.addAll(on(cluster.options()));
      ChildJvm.Ended ended = command.run(run.toArray(String[]::new));

      assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(1);
      assertThat(String.join("\n", ended.lines()))
          .contains("1 of 2 datums failed")
          .containsPattern(
              "Worker \\d+@.+: The file " + disk.folder() + "/.+/large cannot be written")
          .contains("No space left on device")
          .contains("has space")
          .doesNotContain("\tat ");
      assertAWorkerThatSeesNoStoreIsNamed(disk, cluster);
    }
    assertThat(command.document("list", "commit", "copy").path("commits")).isEmpty();
    assertThat(command.said("fsck")).endsWith("sound");
  }

  /** The same folder is empty to the workers. */
  private void assertAWorkerThatSeesNoStoreIsNamed(SmallDisk disk, OtherCluster cluster)
      throws Exception {
    Command unseen = command("file:" + disk.folder().resolve("store"), List.of(), Map.of());
    unseen.said("create", "repo", "in");
    unseen.said("put", "file", "in@master:/a", "-f", folder.resolve("files/f0").toString());
    List<String> run = new ArrayList<>(List.of("run", folder.resolve("spec.json").toString()));
    run.addAll(on(cluster.options()));

    ChildJvm.Ended ended = unseen.run(run.toArray(String[]::new));

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(4);
    assertThat(String.join("\n", ended.lines()))
        .containsPattern("The worker \\d+@.+ sees no store at file:" + disk.folder() + "/store\\.")
        .contains("the same store on every worker")
        .doesNotContain("create repo")
        .doesNotContain("\tat ");
  }

  /** For {@link SmallDisk}: where it is missing nothing is shown, and in CI it may not be. */
  private static void requireBubblewrap() {
    String why = new BubblewrapExecutor().availability().whyNot();
    if (!why.isEmpty()) {
      assertThat(System.getenv("CI"))
          .as("bubblewrap has to work where CI=true, but: " + why)
          .isNotEqualTo("true");
      assumeTrue(false, "skipped: bubblewrap cannot be used here: " + why);
    }
  }

  @Test
  void workersThatAreNotSentTheStoragesJarSayWhichItIs() throws Exception {
    S3Proxy s3 = S3Proxy.shared();
    Command command =
        command(
            "s3://" + s3.newBucket() + "/store",
            List.of("--store-option", "s3.endpoint=" + s3.endpoint()),
            s3.environment());
    Path spec = copies(command, 1, "cp /pfs/in/* /pfs/out/");

    try (ChildJvm run = command.start(WithoutStorage.class, List.of(), words(spec))) {
      ChildJvm.Ended ended = run.end();

      assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(4);
      assertThat(String.join("\n", ended.lines()))
          .contains("the storage for s3 is not on the class path")
          .doesNotContain("\tat ");
    }
    assertThat(command.document("list", "commit", "copy").path("commits")).isEmpty();
  }

  /** The command, whose workers are sent no storage but that for folders. */
  static final class WithoutStorage {

    private WithoutStorage() {}

    /** The words of the command. */
    public static void main(String[] words) {
      System.setProperty(
          "java.class.path",
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
              .filter(entry -> !entry.contains("storage-s3"))
              .collect(Collectors.joining(File.pathSeparator)));
      Beamwright.main(words);
    }
  }

  // --- the life of a job ---

  @Test
  void aJobThatIsStoppedFromAnotherShellIsCancelledInTheCluster() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 4, "sleep 600");
    try (ChildJvm driver = command.start(words(spec))) {
      String id = clusterJob(command);

      JsonNode stopped = command.json("stop", "job", "copy");

      assertThat(stopped.path("state").asText()).isEqualTo("KILLED");
      awaitThat(() -> stateInCluster(id).equals(cancelled()));
      ChildJvm.Ended ended = driver.end();
      assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(1);
      assertThat(String.join("\n", ended.lines())).contains("KILLED").contains("Stopped by ");
    }
    assertThat(command.document("inspect", "run", runOf(command)).path("state").asText())
        .isEqualTo("KILLED");
    assertThat(command.document("list", "commit", "copy").path("commits")).isEmpty();
  }

  @Test
  void aDriverThatIsInterruptedCancelsItsJobAndSaysSo() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 4, "sleep 600");
    try (ChildJvm driver = command.start(words(spec))) {
      String id = clusterJob(command);

      driver.terminate();

      ChildJvm.Ended ended = driver.end();
      assertThat(String.join("\n", ended.lines()))
          .contains("stopping: what runs is cancelled")
          .contains("KILLED");
      awaitThat(() -> stateInCluster(id).equals(cancelled()));
    }
    assertThat(command.document("inspect", "job", "copy").path("state").asText())
        .isEqualTo("KILLED");
  }

  @Test
  void aDetachedRunIsWaitedForFromElsewhere() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 4, "cp /pfs/in/* /pfs/out/");
    List<String> run = new ArrayList<>(List.of(words(spec)));
    run.add("--detach");

    String id = command.json(run.toArray(String[]::new)).path("run").asText();

    JsonNode ended = command.json("wait", "run", id);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("SUCCESS");
    assertThat(command.document("list", "file", "copy@master:/").path("files")).hasSize(4);
    assertThat(command.json("wait", "job", "copy").path("state").asText()).isEqualTo("SUCCESS");
  }

  @Test
  void whatAProgramSaysAsItFailsIsTold() throws Exception {
    Command command = onFolder();
    Path spec = copies(command, 3, "echo it is too cold >&2; exit 3");

    ChildJvm.Ended ended = command.run(words(spec));

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(String.join("\n", ended.lines()))
        .contains("3 of 3 datums failed")
        .contains("it is too cold")
        .doesNotContain("\tat ");
    assertThat(command.document("inspect", "job", "copy").path("state").asText())
        .isEqualTo("FAILURE");
  }

  // --- with these ---

  private Command onFolder() {
    return command("file:" + folder.resolve("store"), List.of(), Map.of());
  }

  private Command command(String uri, List<String> storeOptions, Map<String, String> environment) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("BEAMWRIGHT_CACHE", folder.resolve("cache").toString());
    return new Command(uri, storeOptions, all, jvmOptions());
  }

  private String[] words(Path spec) {
    List<String> run = new ArrayList<>(List.of("run", spec.toString()));
    run.addAll(onCluster());
    return run.toArray(String[]::new);
  }

  /** A repo of so many small files, and a spec whose stage {@code copy} does this with each. */
  private Path copies(Command command, int datums, String shell) throws IOException {
    command.create("in", Files.createDirectory(folder.resolve("files")), datums);
    return Files.writeString(
        folder.resolve("spec.json"),
        """
        {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
         "transform": {"cmd": ["sh", "-c", "%s"]}, "datum_tries": 1}
        """
            .formatted(shell));
  }

  /** The id in the cluster of the newest job, once it runs there. */
  private String clusterJob(Command command) {
    awaitThat(() -> !command.document("list", "job").at("/jobs/0/cluster/id").asText().isEmpty());
    return command.document("list", "job").at("/jobs/0/cluster/id").asText();
  }

  private static String runOf(Command command) {
    return command.document("list", "run").at("/runs/0/run").asText();
  }

  private static void awaitThat(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(MOST);
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
