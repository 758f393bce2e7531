// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink.server;

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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JobManager and TaskManagers as processes on free ports of this machine, with no class of Flink
 * in this one. They end when this is closed or this process ends, however it does.
 *
 * <p>Their class path was resolved when this module was built, and is nobody else's.
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Duration MOST = Duration.ofSeconds(90);
  private static final String JOB_MANAGER =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
  private static final String TASK_MANAGER =
      "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

  private final Path folder;
  private final Path configuration;
  private final int restPort;
  private final ServerJvm jvm;
  private final ServerJvm taskManagerJvm;
  private final List<Process> taskManagers = new ArrayList<>();
  private @Nullable Process jobManager;

  private FlinkCluster(Path folder, String jars, int restPort, Optional<SmallDisk> disk) {
    this.folder = folder;
    this.configuration = folder.resolve("conf");
    this.restPort = restPort;
    this.jvm =
        new ServerJvm(
            configuration + ":" + jars,
            List.of(
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=512m",
                "-Dlog4j2.configurationFile=" + configuration.resolve("log4j2.properties")),
            "FLINK_");
    this.taskManagerJvm = disk.map(jvm::on).orElse(jvm);
  }

  /**
   * Starts a cluster; all its slots are there when this returns.
   *
   * @param folder an empty folder for their configuration, temporary files and logs
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public static FlinkCluster start(Path folder, int taskManagers, int slotsEach)
      throws IOException {
    return start(folder, taskManagers, slotsEach, Optional.empty());
  }

  /**
   * The same.
   *
   * @param disk where the TaskManagers' JVMs have their temporary files; Flink's own are elsewhere
   */
  public static FlinkCluster start(
      Path folder, int taskManagers, int slotsEach, Optional<SmallDisk> disk) throws IOException {
    int[] ports = ServerJvm.freePorts(3);
    String jars = ServerJvm.builtClassPath(FlinkCluster.class, "flink.classpath");
    FlinkCluster cluster = new FlinkCluster(folder, jars, ports[0], disk);
    try {
      cluster.configure(ports[1], ports[2], slotsEach);
      cluster.jobManager = cluster.begin(cluster.jvm, "jobmanager", JOB_MANAGER, List.of());
      for (int number = 1; number <= taskManagers; number++) {
        cluster.startTaskManager();
      }
      cluster.awaitTaskManagers(taskManagers);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * Starts a cluster for a program that is not Java: {@code FOLDER TASK_MANAGERS SLOTS_EACH}.
   * Prints where it is, and ends it when standard input ends.
   */
  public static void main(String[] words) throws IOException {
    try (FlinkCluster cluster =
        start(Path.of(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]))) {
      System.out.println(cluster.master());
      byte[] unused = System.in.readAllBytes();
    }
  }

  private void configure(int rpcPort, int blobPort, int slotsEach) throws IOException {
    Files.createDirectories(configuration);
    Files.createDirectories(folder.resolve("tmp"));
    Files.writeString(
        configuration.resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        jobmanager.memory.process.size: 1024m
        taskmanager.bind-host: 127.0.0.1
        taskmanager.host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.network.sort-shuffle.min-buffers: 64
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        blob.server.port: %d
        io.tmp.dirs: %s
        heartbeat.interval: 1000
        heartbeat.timeout: 10000
        """
            .formatted(rpcPort, slotsEach, restPort, blobPort, folder.resolve("tmp")));
    Files.writeString(
        configuration.resolve("log4j2.properties"),
        """
        rootLogger.level = WARN
        rootLogger.appenderRef.console.ref = Console
        appender.console.name = Console
        appender.console.type = Console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d %p %c: %m%n
        """);
  }

  /** Starts one more TaskManager and does not wait for it. */
  public void startTaskManager() throws IOException {
    List<String> words = new ArrayList<>();
    // A TaskManager that no script starts computes nothing of its memory: all of it is said.
    for (String setting :
        List.of(
            "taskmanager.cpu.cores=1.0",
            "taskmanager.memory.task.heap.size=384m",
            "taskmanager.memory.task.off-heap.size=0b",
            "taskmanager.memory.framework.heap.size=128m",
            "taskmanager.memory.framework.off-heap.size=128m",
            "taskmanager.memory.network.min=256m",
            "taskmanager.memory.network.max=256m",
            "taskmanager.memory.managed.size=256m",
            "taskmanager.memory.jvm-overhead.min=192m",
            "taskmanager.memory.jvm-overhead.max=192m",
            "taskmanager.memory.jvm-metaspace.size=256m")) {
      words.addAll(List.of("-D", setting));
    }
    String log = "taskmanager-" + (taskManagers.size() + 1);
    taskManagers.add(begin(taskManagerJvm, log, TASK_MANAGER, words));
  }

  private Process begin(ServerJvm jvm, String log, String main, List<String> words)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--configDir", configuration.toString()));
    all.addAll(words);
    return jvm.begin(folder.resolve(log), main, all);
  }

  /** Where it is, as {@code HOST:PORT}. */
  public String master() {
    return "127.0.0.1:" + restPort;
  }

  private URI rest() {
    return URI.create("http://" + master() + "/");
  }

  /** The process ids of the TaskManagers that live. */
  public List<Long> taskManagers() {
    return taskManagers.stream().filter(Process::isAlive).map(Process::pid).toList();
  }

  /** Kills the TaskManager with this process id as a power failure would. */
  public void killTaskManager(long pid) throws InterruptedException {
    for (Process process : taskManagers) {
      if (process.pid() == pid) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  /**
   * Waits until the JobManager hears this many TaskManagers, and each has told of its slots.
   *
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public void awaitTaskManagers(int count) {
    Pattern number = Pattern.compile("\"taskmanagers\":(\\d+)");
    ServerJvm.await(
        MOST,
        () -> {
          Matcher heard = number.matcher(page("overview").orElse(""));
          return heard.find()
              && Integer.parseInt(heard.group(1)) == count
              && !page("taskmanagers").orElse("").contains("\"slotsNumber\":0");
        },
        this::logs);
  }

  /** A page of the REST interface, such as {@code jobs/ID}; nothing if it does not answer. */
  public Optional<String> page(String path) {
    return ServerJvm.page(rest().resolve(path));
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

  @Override
  public void close() {
    try {
      for (Process process : taskManagers) {
        process.destroyForcibly().waitFor();
      }
      if (jobManager != null) {
        jobManager.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
