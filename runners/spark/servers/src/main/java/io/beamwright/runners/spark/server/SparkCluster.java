// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark.server;

import io.beamwright.versioning.server.ServerJvm;
import io.beamwright.versioning.server.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Master and Workers as processes on free ports of this machine, with no class of Spark in this
 * one. They and the executors that they start end when this is closed or this process ends, however
 * it does.
 *
 * <p>Their class path was resolved when this module was built, and is nobody else's.
 */
public final class SparkCluster implements AutoCloseable {

  private static final Duration MOST = Duration.ofSeconds(90);
  private static final String MASTER = "org.apache.spark.deploy.master.Master";
  private static final String WORKER = "org.apache.spark.deploy.worker.Worker";

  private final Path folder;
  private final int port;
  private final int uiPort;
  private final int coresEach;
  private final ServerJvm jvm;
  private final Optional<SmallDisk> disk;
  private final List<Process> workers = new ArrayList<>();
  private @Nullable Process master;

  private SparkCluster(
      Path folder, int[] ports, int coresEach, Map<String, String> spark, Optional<SmallDisk> disk)
      throws IOException {
    this.folder = folder;
    this.disk = disk;
    this.port = ports[0];
    this.uiPort = ports[1];
    this.coresEach = coresEach;
    List<String> options = new ArrayList<>();
    options.add("@" + configuration().resolve("jvm-flags"));
    options.add("-Xmx256m");
    options.add("-Dlog4j2.configurationFile=" + configuration().resolve("log4j2.properties"));
    spark.forEach((name, value) -> options.add("-D" + name + "=" + value));
    this.jvm =
        new ServerJvm(
            configuration() + ":" + ServerJvm.builtClassPath(SparkCluster.class, "spark.classpath"),
            options,
            "SPARK_");
  }

  /**
   * Starts a cluster; all its cores are there when this returns.
   *
   * @param folder an empty folder for its installation, the workers' files and logs
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public static SparkCluster start(Path folder, int workers, int coresEach) throws IOException {
    return start(folder, workers, coresEach, Map.of());
  }

  /** The same, with this configuration of the servers. */
  public static SparkCluster start(
      Path folder, int workers, int coresEach, Map<String, String> spark) throws IOException {
    return start(folder, workers, coresEach, spark, Optional.empty());
  }

  /**
   * The same.
   *
   * @param disk where the JVMs of Workers and executors have their temporary files; Spark's own are
   *     elsewhere
   */
  public static SparkCluster start(
      Path folder, int workers, int coresEach, Map<String, String> spark, Optional<SmallDisk> disk)
      throws IOException {
    SparkCluster cluster = new SparkCluster(folder, ServerJvm.freePorts(2), coresEach, spark, disk);
    try {
      cluster.install();
      // A Worker that loses the race to make it has no such folder for ever, and starts nothing.
      Files.createDirectories(cluster.local());
      cluster.startMaster();
      for (int number = 1; number <= workers; number++) {
        cluster.startWorker();
      }
      cluster.awaitWorkers(workers);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * Starts a cluster for a program that is not Java: {@code FOLDER WORKERS CORES_EACH}. Prints
   * where it is, and ends it when standard input ends. Its installation is {@code FOLDER/spark}.
   */
  public static void main(String[] words) throws IOException {
    try (SparkCluster cluster =
        start(Path.of(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]))) {
      System.out.println(cluster.master());
      byte[] unused = System.in.readAllBytes();
    }
  }

  /** What a Worker starts executors from: a folder with the jars, and a configuration. */
  private void install() throws IOException {
    Path jars = Files.createDirectories(home().resolve("jars"));
    for (String jar :
        ServerJvm.builtClassPath(SparkCluster.class, "spark.classpath").split(":", -1)) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    Files.createDirectories(configuration());
    Files.writeString(
        configuration().resolve("jvm-flags"),
        ServerJvm.builtClassPath(SparkCluster.class, "jvm-flags"));
    Files.writeString(
        configuration().resolve("log4j2.properties"),
        """
        rootLogger.level = WARN
        rootLogger.appenderRef.console.ref = Console
        appender.console.name = Console
        appender.console.type = Console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d %p %c: %m%n
        """);
  }

  private Path home() {
    return folder.resolve("spark");
  }

  private Path configuration() {
    return home().resolve("conf");
  }

  private void startMaster() throws IOException {
    master =
        begin(
            jvm,
            "master",
            MASTER,
            List.of(
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--webui-port",
                Integer.toString(uiPort)));
    // A Worker that finds nobody asks again only seconds later.
    ServerJvm.await(MOST, () -> page("json/").isPresent(), this::logs);
  }

  /**
   * Kills all of it and starts it anew with so many Workers, at the same address: the new Master
   * knows nothing of what was.
   */
  public void restart(int workers) throws IOException, InterruptedException {
    kill();
    startMaster();
    for (int number = 1; number <= workers; number++) {
      startWorker();
    }
    awaitWorkers(workers);
  }

  /** Starts one more Worker and does not wait for it. */
  public void startWorker() throws IOException {
    String name = "worker-" + (workers.size() + 1);
    workers.add(
        begin(
            disk.map(jvm::on).orElse(jvm),
            name + ".log",
            WORKER,
            List.of(
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                Integer.toString(coresEach),
                "--memory",
                "5g",
                "--work-dir",
                folder.resolve(name).toString(),
                master())));
  }

  private Process begin(ServerJvm jvm, String log, String main, List<String> words)
      throws IOException {
    // As our own JVMs have them, for those of executors, which Workers start.
    String options = String.join(" ", ServerJvm.QUICK);
    return jvm.begin(
        folder.resolve(log),
        main,
        words,
        Map.of(
            "SPARK_HOME",
            home().toString(),
            "SPARK_SCALA_VERSION",
            "2.12",
            "SPARK_LOCAL_DIRS",
            local().toString(),
            "JAVA_TOOL_OPTIONS",
            options + disk.map(small -> " -Djava.io.tmpdir=" + small.folder()).orElse("")));
  }

  private Path local() {
    return folder.resolve("local");
  }

  /** Where it is, as {@code spark://HOST:PORT}. */
  public String master() {
    return "spark://127.0.0.1:" + port;
  }

  /** The port of the Master's web pages, which drivers cannot use. */
  public int uiPort() {
    return uiPort;
  }

  /**
   * Kills the Worker whose executor has this process id, and that executor, as a power failure
   * would.
   *
   * @throws IllegalArgumentException if no Worker has it
   */
  public void killWorkerOf(long executor) throws InterruptedException {
    for (Process worker : workers) {
      List<ProcessHandle> executors = worker.descendants().toList();
      if (executors.stream().anyMatch(process -> process.pid() == executor)) {
        worker.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
        worker.waitFor();
        return;
      }
    }
    throw new IllegalArgumentException("no worker has the executor " + executor);
  }

  /**
   * Waits until the Master hears this many Workers.
   *
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public void awaitWorkers(int count) {
    Pattern number = Pattern.compile("\"aliveworkers\"\\s*:\\s*(\\d+)");
    ServerJvm.await(
        MOST,
        () -> {
          Matcher heard = number.matcher(page("json/").orElse(""));
          return heard.find() && Integer.parseInt(heard.group(1)) == count;
        },
        this::logs);
  }

  /** A page of the Master, such as {@code json/}; nothing if it does not answer. */
  public Optional<String> page(String path) {
    return ServerJvm.page(URI.create("http://127.0.0.1:" + uiPort + "/" + path));
  }

  private String logs() {
    StringBuilder logs = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        logs.append('\n').append(file.getFileName()).append(":\n").append(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return logs.toString();
  }

  private void kill() throws InterruptedException {
    for (Process worker : workers) {
      List<ProcessHandle> executors = worker.descendants().toList();
      worker.destroyForcibly().waitFor();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
    if (master != null) {
      master.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deleteLinks();
  }

  /** Whoever deletes the folder shall not meet what lies outside of it. */
  private void deleteLinks() {
    try (Stream<Path> links = Files.list(home().resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
