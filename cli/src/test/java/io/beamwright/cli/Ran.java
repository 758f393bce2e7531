// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A command that ran in this process, with no terminal: how it ended and what it printed.
 *
 * @param exit how it ended
 * @param out standard output, read as UTF-8
 * @param err standard error, read as UTF-8
 */
public record Ran(Exit exit, String out, String err) {

  /** The exit code. */
  public int exitCode() {
    return exit.code();
  }

  /** Runs a command with nothing on standard input. */
  public static Ran command(String... arguments) {
    return commandWithInput(new byte[0], arguments);
  }

  /** Runs a command with {@code input} on standard input. */
  static Ran commandWithInput(byte[] input, String... arguments) {
    return command(input, Map.of(), arguments);
  }

  /** Runs a command with {@code input} on standard input and these environment variables alone. */
  static Ran command(byte[] input, Map<String, String> environment, String... arguments) {
    return command(new ByteArrayInputStream(input), environment, arguments);
  }

  /** The same, with whatever {@code input} gives. */
  static Ran command(InputStream input, Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(input, out, err, false, System::nanoTime);
    Exit exit = new Beamwright(console, environment).run(List.of(arguments));
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
