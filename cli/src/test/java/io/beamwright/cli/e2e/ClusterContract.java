// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Beamwright;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every runner with a cluster has to do for the command; extended where the runner is on the
 * class path. The cluster is of real processes, two workers, on this machine.
 */
public abstract class ClusterContract {

  private static final Duration MOST = Duration.ofSeconds(120);

  @TempDir protected Path folder;

  /** The words of {@code run} for this runner in the command's own process. */
  protected abstract List<String> here();

  /** The words of {@code run} for this runner on the cluster. */
  protected abstract List<String> onCluster();

  /** Brings the cluster back to two workers. */
  protected abstract void heal() throws Exception;

  /** What the cluster itself says of a job, by the id that {@code inspect job} shows. */
  protected abstract String stateInCluster(String id);

  /** The word for a job that was cancelled, in {@link #stateInCluster}. */
  protected abstract String cancelled();

  /** JVM options of a process with this runner. */
  protected List<String> jvmOptions() {
    return List.of();
  }

  // --- one tree ---

  @Test
  void theSampleHasTheSameTreesHereAndOnTheClusterOverHdfsAndS3() throws Exception {
    Path servers = Files.createDirectory(folder.resolve("hdfs"));
    try (HdfsProcesses hdfs = HdfsProcesses.start(servers)) {
      S3Proxy s3 = S3Proxy.shared();
      Map<String, String> direct = sample("file:" + folder.resolve("direct"), List.of(), List.of());

      assertThat(sample("file:" + folder.resolve("here"), here(), List.of())).isEqualTo(direct);
      assertThat(sample(hdfs.uri() + "/user/ann/store", onCluster(), List.of())).isEqualTo(direct);
      List<String> options = List.of("--store-option", "s3.endpoint=" + s3.endpoint());
      assertThat(sample("s3://" + s3.newBucket() + "/store", onCluster(), options))
          .isEqualTo(direct);
    }
  }

  /** The trees that the sample pipeline makes, by repo. */
  private Map<String, String> sample(String store, List<String> runner, List<String> options)
      throws Exception {
    Path sample = Bench.SAMPLES.resolve("bitcoin");
    Command command = new Command(store, options);
    List<String> run = new ArrayList<>(List.of("run", sample.resolve("pipeline.json").toString()));
    run.addAll(List.of("--put", "prices=" + sample.resolve("prices")));
    run.addAll(runner);
    JsonNode report = command.json(run.toArray(String[]::new));
    SortedMap<String, String> trees = new TreeMap<>();
    for (JsonNode stage : report.path("stages")) {
      assertThat(stage.path("state").asText()).as("%s", report).isEqualTo("SUCCESS");
      String repo = stage.path("stage").asText();
      trees.put(repo, command.json("inspect", "commit", repo).at("/commit/tree").asText());
    }
    return trees;
  }

  // --- accidents ---

  @Test
  void ofManyDatumsNoneIsLostThoughAWorkerIsKilledInTheMiddle() throws Exception {
    int datums = 2_000;
    Command command = new Command("file:" + folder.resolve("store"), List.of());
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

    assertThat(command.json("list", "file", "copy@master:/").path("files")).hasSize(datums);
    JsonNode job = command.json("inspect", "job", "copy");
    Set<String> used = new HashSet<>();
    job.path("results").forEach(datum -> used.add(datum.at("/facts/worker").asText()));
    assertThat(used).as("who ran datums").hasSizeGreaterThan(1);
    JsonNode again = command.json(run.toArray(String[]::new));
    assertThat(again.at("/stages/0/state").asText()).isEqualTo("REUSED");
    assertThat(command.fine("fsck")).endsWith("sound");
  }

  /** Of each datum that has a result in a journal: the process that ran it. */
  private static List<Long> workersOfResults(Command command) {
    Bench bench = new Bench(Path.of(command.store.substring("file:".length())));
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

  // --- the life of a job ---

  @Test
  void aJobThatIsStoppedFromAnotherShellIsCancelledInTheCluster() throws Exception {
    Command command = new Command("file:" + folder.resolve("store"), List.of());
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
    assertThat(command.json("inspect", "run", runOf(command)).path("state").asText())
        .isEqualTo("KILLED");
    assertThat(command.json("list", "commit", "copy").path("commits")).isEmpty();
  }

  @Test
  void aDriverThatIsInterruptedCancelsItsJobAndSaysSo() throws Exception {
    Command command = new Command("file:" + folder.resolve("store"), List.of());
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
    assertThat(command.json("inspect", "job", "copy").path("state").asText()).isEqualTo("KILLED");
  }

  @Test
  void aDetachedRunIsWaitedForFromElsewhere() throws Exception {
    Command command = new Command("file:" + folder.resolve("store"), List.of());
    Path spec = copies(command, 4, "cp /pfs/in/* /pfs/out/");
    List<String> run = new ArrayList<>(List.of(words(spec)));
    run.add("--detach");

    String id = command.json(run.toArray(String[]::new)).path("run").asText();

    JsonNode ended = command.json("wait", "run", id);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("SUCCESS");
    assertThat(command.json("list", "file", "copy@master:/").path("files")).hasSize(4);
    assertThat(command.json("wait", "job", "copy").path("state").asText()).isEqualTo("SUCCESS");
  }

  @Test
  void whatAProgramSaysAsItFailsIsTold() throws Exception {
    Command command = new Command("file:" + folder.resolve("store"), List.of());
    Path spec = copies(command, 3, "echo it is too cold >&2; exit 3");

    ChildJvm.Ended ended = command.run(words(spec));

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(String.join("\n", ended.lines()))
        .contains("3 of 3 datums failed")
        .contains("it is too cold")
        .doesNotContain("\tat ");
    assertThat(command.json("inspect", "job", "copy").path("state").asText()).isEqualTo("FAILURE");
  }

  // --- with these ---

  private String[] words(Path spec) {
    List<String> run = new ArrayList<>(List.of("run", spec.toString()));
    run.addAll(onCluster());
    return run.toArray(String[]::new);
  }

  /** A repo of so many small files, and a spec whose stage {@code copy} does this with each. */
  protected Path copies(Command command, int datums, String shell) throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (int i = 0; i < datums; i++) {
      Files.writeString(files.resolve("f" + i), "content of " + i);
    }
    command.fine("create", "repo", "in");
    command.fine("put", "file", "in@master:/", "-r", "-f", files.toString());
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
    String id = command.document("list", "job").at("/jobs/0/cluster/id").asText();
    return id;
  }

  private static String runOf(Command command) throws Exception {
    return command.json("list", "run").at("/runs/0/run").asText();
  }

  protected static void awaitThat(BooleanSupplier condition) {
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

  /** Commands on one store, each in a process of its own with this class path. */
  protected final class Command {
    private final String store;
    private final List<String> options;

    Command(String store, List<String> options) {
      this.store = store;
      this.options = options;
    }

    ChildJvm start(String... words) throws IOException {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--store", store));
      all.addAll(options);
      List<String> command = new ArrayList<>(List.of("env"));
      command.add("BEAMWRIGHT_CACHE=" + folder.resolve("cache"));
      command.addAll(ChildJvm.command(Beamwright.class, jvmOptions(), all));
      return ChildJvm.start(command);
    }

    ChildJvm.Ended run(String... words) throws Exception {
      try (ChildJvm child = start(words)) {
        return child.end();
      }
    }

    String fine(String... words) throws Exception {
      ChildJvm.Ended ended = run(words);
      assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
      return String.join("\n", ended.lines());
    }

    JsonNode json(String... words) throws Exception {
      List<String> all = new ArrayList<>(List.of(words));
      all.add("--json");
      String out = "\n" + fine(all.toArray(String[]::new));
      // Warnings come before the document.
      return Bench.parse(out.substring(out.lastIndexOf("\n{\n")));
    }

    /** The same in this process, for what is asked often. */
    JsonNode document(String... words) {
      return new Bench(Path.of(store.substring("file:".length()))).document(0, words);
    }
  }
}
