// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How servers are started as JVMs for tests, with no class of theirs in ours. They end when ours
 * does, however it does.
 *
 * @param classPath where they load their classes from
 * @param options of each JVM
 * @param settings beginning of the names of environment variables that they shall not see, such as
 *     {@code HADOOP_}
 * @param prefix what each command begins with, before {@code java}
 */
public record ServerJvm(
    String classPath, List<String> options, String settings, List<String> prefix) {

  /**
   * What makes a JVM of some seconds cost less: little is compiled well, and classes of libraries,
   * which a cluster loads again for each job, are not verified.
   */
  public static final List<String> QUICK =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  public ServerJvm {
    options = List.copyOf(options);
    prefix = List.copyOf(prefix);
  }

  /** JVMs without a prefix. */
  public ServerJvm(String classPath, List<String> options, String settings) {
    this(classPath, options, settings, List.of());
  }

  /** The same JVMs with their temporary files, as Java has them by default, on {@code disk}. */
  public ServerJvm on(SmallDisk disk) {
    List<String> more = new ArrayList<>(options);
    more.add("-Djava.io.tmpdir=" + disk.folder());
    return new ServerJvm(classPath, more, settings, disk.words());
  }

  /** The class path that was written to {@code name} beside {@code owner} when that was built. */
  public static String builtClassPath(Class<?> owner, String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(owner.getResourceAsStream(name), "not built: " + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** So many ports of this machine that nobody listens on. */
  public static int[] freePorts(int count) throws IOException {
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

  /** Starts the program {@code main}; what it writes is appended to {@code log}. */
  public Process begin(Path log, String main, List<String> words) throws IOException {
    return begin(log, main, words, Map.of());
  }

  /** The same, with these environment variables besides. */
  public Process begin(Path log, String main, List<String> words, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath + ":" + ourClasses()));
    command.addAll(List.of(DiesWithParent.class.getName(), main));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith(settings));
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
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

  /** What is at {@code page}; nothing if nobody answers. */
  public static Optional<String> page(URI page) {
    try (InputStream in = page.toURL().openStream()) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // Not listening yet.
    }
  }

  /**
   * Waits until servers are ready.
   *
   * @param logs gives what they wrote
   * @throws IllegalStateException with that, if it takes longer than {@code most}
   */
  public static void await(Duration most, BooleanSupplier isReady, Supplier<String> logs) {
    long begin = System.nanoTime();
    while (!isReady.getAsBoolean()) {
      if (System.nanoTime() - begin > most.toNanos()) {
        throw new IllegalStateException("not ready: " + logs.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
