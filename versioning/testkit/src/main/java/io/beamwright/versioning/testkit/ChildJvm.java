// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with this one's class path, started as lightly as a JVM can be, and killed after
 * five minutes at the latest, unless it is given longer.
 */
public final class ChildJvm implements AutoCloseable {

  private static final long MOST_SECONDS = 300;

  private final Process process;
  private final long mostSeconds;
  private final BufferedReader output;
  private final BufferedWriter input;

  private final CompletableFuture<Process> killedInTime;

  private ChildJvm(Process process, long mostSeconds) {
    this.process = process;
    this.mostSeconds = mostSeconds;
    this.killedInTime =
        process
            .onExit()
            .orTimeout(mostSeconds, TimeUnit.SECONDS)
            .whenComplete(
                (ended, failure) -> {
                  if (failure != null) {
                    process.destroyForcibly();
                  }
                });
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * The words of a command that runs {@code main} in a new JVM.
   *
   * @param jvmOptions such as {@code -Xmx32m}, after the options for a fast start
   */
  public static List<String> command(
      Class<?> main, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    // A tenth of what it takes to load Beam and a runner.
    command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"));
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  /** Starts {@code main}; what it writes to standard output and error is read together. */
  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    return start(command(main, List.of(), List.of(arguments)));
  }

  /** Starts {@code command}, which may put other programs before the JVM. */
  public static ChildJvm start(List<String> command) throws IOException {
    return start(command, Duration.ofSeconds(MOST_SECONDS));
  }

  /** The same, killed after {@code most} at the latest. */
  public static ChildJvm start(List<String> command, Duration most) throws IOException {
    return new ChildJvm(
        new ProcessBuilder(command).redirectErrorStream(true).start(), most.toSeconds());
  }

  /** Kills it as a power failure would, and waits until it is gone. */
  public void kill() throws InterruptedException {
    int unused = process.destroyForcibly().waitFor();
  }

  /** Asks it to end, as Ctrl-C does. */
  public void terminate() {
    // Not process.destroy(), which also closes what it would still say.
    boolean unused = process.toHandle().destroy();
  }

  /** The next line that it writes; empty text at the end. */
  public String nextLine() throws IOException {
    return nextLineIfAny().orElse("");
  }

  /** The next line that it writes; nothing at the end. */
  Optional<String> nextLineIfAny() throws IOException {
    return Optional.ofNullable(output.readLine());
  }

  /** Writes a line to its standard input. */
  public void tell(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  /** Waits for its end and gives the rest of what it wrote. */
  public Ended end() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
    }
    int exitCode = process.waitFor();
    if (killedInTime.isCompletedExceptionally()) {
      throw new IllegalStateException("still running after " + mostSeconds + " s: " + lines);
    }
    return new Ended(exitCode, lines);
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * How a child ended.
   *
   * @param exitCode 137 if it was killed or halted on purpose
   * @param lines what it wrote and nobody had read
   */
  public record Ended(int exitCode, List<String> lines) {
    /** Copies the lines. */
    public Ended {
      lines = List.copyOf(lines);
    }
  }
}
