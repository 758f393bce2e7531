// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process beside this JVM that outlives it for a moment: when the JVM is gone, however it went,
 * it kills what the JVM's programs have left. It reads a pipe whose other end is the JVM's alone,
 * so it learns of the end from the kernel.
 *
 * <p>Programs are known by a variable in their environment and, those without a sandbox, by the
 * session that each begins, as it was told or as a process with that variable leads it. There is
 * none where there is no {@code /proc}.
 */
final class Watchdog {

  /** The variable that marks a program, and what begins it, as one of this JVM's. */
  static final String VARIABLE = "BEAMWRIGHT_PROGRAM_OF";

  /** Its value; no other JVM, now or later, has the same. */
  static final String VALUE = UUID.randomUUID().toString();

  private static final Path PROC = Path.of("/proc/self/environ");
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  // In /proc/<pid>/stat after "pid (name) ": state, parent, group, session. A process that begins
  // others while it is looked for is found in the next round. One that leads its session may have
  // begun just before the end, so that nobody has named the session yet.
  private static final String SCRIPT =
      """
      look() {
        read -r line <"$1" || return
        session=${line##*) } state=${session%% *}
        session=${session#* } session=${session#* } session=${session#* } session=${session%% *}
      }
      sessions=' '
      while read -r sign session; do
        case $sign in
          +) sessions="$sessions$session " ;;
          -) sessions="${sessions%%" $session "*} ${sessions#*" $session "}" ;;
          .) exit 0 ;;
        esac
      done
      rounds=0
      while [ $rounds -lt 200 ]; do
        found=
        for file in $(grep -lszxF -e "$1" /proc/[0-9]*/environ); do
          pid=${file#/proc/} pid=${pid%/environ}
          found="$found $pid"
          look "/proc/$pid/stat" || continue
          [ "$session" != "$pid" ] || sessions="$sessions$pid "
        done 2>/dev/null
        if [ "${sessions#*[0-9]}" != "$sessions" ]; then
          for file in /proc/[0-9]*/stat; do
            look "$file" || continue
            case $state in Z | X) continue ;; esac
            case $sessions in *" $session "*) found="$found ${line%% *}" ;; esac
          done 2>/dev/null
        fi
        [ -n "$found" ] || exit 0
        kill -KILL $found 2>/dev/null
        sleep 0.02
        rounds=$((rounds + 1))
      done
      """;

  private final Process process;
  private final OutputStream words;

  private Watchdog(Process process) {
    this.process = process;
    this.words = process.getOutputStream();
  }

  /** One for this JVM, or null where there can be none. */
  static @Nullable Watchdog start() throws IOException {
    if (!Files.exists(PROC) || !Files.isExecutable(SETSID)) {
      return null;
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(SETSID.toString(), "/bin/sh", "-c", SCRIPT, "beamwright-watchdog", mark()));
    // In a session of its own, so that what is sent to all of ours does not reach it.
    builder.environment().clear();
    builder.environment().put("PATH", BaseEnvironment.PATH);
    builder.directory(Path.of("/").toFile());
    return new Watchdog(
        builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start());
  }

  private static String mark() {
    return VARIABLE + "=" + VALUE;
  }

  /** Whether it is there. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** From now on the processes of {@code session} are a program's. */
  void add(long session) throws IOException {
    say("+ " + session + "\n");
  }

  /** No process of {@code session} is left. */
  void remove(long session) throws IOException {
    say("- " + session + "\n");
  }

  private void say(String line) throws IOException {
    words.write(line.getBytes(StandardCharsets.US_ASCII));
    words.flush();
  }

  /**
   * Lets it end; to be called when no program is alive. It does not look for any: it might find one
   * that has another watchdog by then.
   */
  void close() throws IOException {
    try (words) {
      say(". 0\n");
    }
  }
}
