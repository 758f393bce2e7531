// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
  private final String classPath;
  private final int restPort;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> taskManagers = new ArrayList<>();

  private FlinkCluster(Path folder, int restPort) throws IOException {
    this.folder = folder;
    this.restPort = restPort;
    this.classPath = folder.resolve("conf") + ":" + ourClasses() + ":" + jars();
  }

  /**
   * {@code TASK-MANAGERS SLOTS-EACH}: starts a cluster, prints where it is, and ends it when
   * standard input ends.
   */
  public static void main(String[] words) throws IOException, InterruptedException {
    try (FlinkCluster cluster = start(Integer.parseInt(words[0]), Integer.parseInt(words[1]))) {
      System.out.println(cluster.master());
      byte[] unused = System.in.readAllBytes();
    }
  }

  /**
   * Starts a cluster; all its slots are there when this returns.
   *
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public static FlinkCluster start(int taskManagers, int slotsEach)
      throws IOException, InterruptedException {
    int[] ports = freePorts(3);
    FlinkCluster cluster = new FlinkCluster(Files.createTempDirectory("flink"), ports[0]);
    try {
      cluster.configure(ports[1], ports[2], slotsEach);
      cluster.processes.add(cluster.begin("jobmanager", "-Xmx512m", JOB_MANAGER, List.of()));
      for (int number = 1; number <= taskManagers; number++) {
        cluster.startTaskManager();
      }
      cluster.awaitTaskManagers(taskManagers);
      return cluster;
    } catch (IOException | RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static String jars() throws IOException {
    String name = "flink.classpath";
    try (InputStream in =
        Objects.requireNonNull(
            FlinkCluster.class.getResourceAsStream(name), "not built: " + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String ourClasses() {
    try {
      return Path.of(
              DiesWithParent.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void configure(int rpcPort, int blobPort, int slotsEach) throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Files.createDirectories(folder.resolve("tmp"));
    Files.writeString(
        folder.resolve("conf/config.yaml"),
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
        folder.resolve("conf/log4j2.properties"),
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
    Process process = begin(log, "-Xmx512m", TASK_MANAGER, words);
    processes.add(process);
    taskManagers.add(process);
  }

  private Process begin(String log, String heap, String main, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:-UsePerfData", "-XX:MaxDirectMemorySize=512m"));
    command.add("-Dlog4j2.configurationFile=" + folder.resolve("conf/log4j2.properties"));
    command.addAll(List.of("-cp", classPath, DiesWithParent.class.getName(), main));
    command.addAll(List.of("--configDir", folder.resolve("conf").toString()));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("FLINK_"));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
    return builder.start();
  }

  /** Where it is, as {@code HOST:PORT}. */
  public String master() {
    return "127.0.0.1:" + restPort;
  }

  /** The root of its REST interface. */
  public URI rest() {
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
   * Waits until the JobManager hears this many TaskManagers.
   *
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public void awaitTaskManagers(int count) throws IOException, InterruptedException {
    Pattern number = Pattern.compile("\"taskmanagers\":(\\d+)");
    long begin = System.nanoTime();
    while (true) {
      Matcher heard = number.matcher(page("overview").orElse(""));
      if (heard.find() && Integer.parseInt(heard.group(1)) == count) {
        return;
      }
      if (System.nanoTime() - begin > MOST.toNanos()) {
        throw new IllegalStateException("not ready: " + logs());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** A page of the REST interface, such as {@code jobs/ID}; nothing if it does not answer. */
  public Optional<String> page(String path) {
    try (InputStream in = rest().resolve(path).toURL().openStream()) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // Not listening yet.
    }
  }

  /** What the servers wrote. */
  public String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        logs.append('\n').append(file.getFileName()).append(":\n").append(Files.readString(file));
      }
    }
    return logs.toString();
  }

  @Override
  public void close() {
    List<Process> last = new ArrayList<>(processes);
    Collections.reverse(last);
    last.forEach(Process::destroyForcibly);
    try {
      for (Process process : last) {
        process.waitFor();
      }
      deleteFolder();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deleteFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It lies in the folder of temporary files, and nobody reads it again.
    }
  }
}
