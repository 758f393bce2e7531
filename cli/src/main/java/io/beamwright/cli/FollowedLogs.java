// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.record.DatumState;
import io.beamwright.pipelines.record.LogFollower;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.result.DatumResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints what several datums print at once, by whole lines and under the name of each, as {@code
 * tail} does of several files; or of one datum all as it comes, without its name.
 */
final class FollowedLogs implements LogFollower.Reader {

  /** A line that does not end is printed in pieces of so many bytes. */
  private static final int LONGEST_LINE = 64 << 10;

  private final Console console;
  private final boolean headed;
  private final Map<Sha256, String> names;
  private final Map<Sha256, ByteArrayOutputStream> beginnings = new HashMap<>();
  private @Nullable Sha256 shown;
  private byte last = '\n';
  private boolean printed;

  /**
   * @param headed whether what a datum prints is headed by its name
   * @param names what to call each datum
   */
  FollowedLogs(Console console, boolean headed, Map<Sha256, String> names) {
    this.console = console;
    this.headed = headed;
    this.names = Map.copyOf(names);
  }

  /** Whether anything was printed. */
  boolean hasPrinted() {
    return printed;
  }

  @Override
  public void more(Sha256 datum, byte[] bytes) {
    if (!headed) {
      write(bytes);
      return;
    }
    ByteArrayOutputStream line =
        beginnings.computeIfAbsent(datum, key -> new ByteArrayOutputStream());
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end == 0 && line.size() + bytes.length < LONGEST_LINE) {
      line.writeBytes(bytes);
      return;
    }
    end = end == 0 ? bytes.length : end;
    line.write(bytes, 0, end);
    flush(datum);
    beginnings
        .computeIfAbsent(datum, key -> new ByteArrayOutputStream())
        .write(bytes, end, bytes.length - end);
  }

  /** Prints what there is of the datum, also if its line has not ended. */
  private void flush(Sha256 datum) {
    ByteArrayOutputStream line = beginnings.remove(datum);
    if (line != null && line.size() > 0) {
      if (shown == null || !datum.equals(shown)) {
        head(datum, "");
      }
      write(line.toByteArray());
    }
  }

  @Override
  public void beginsAnew(Sha256 datum, String why) {
    flush(datum);
    head(datum, " begins anew: " + why);
  }

  @Override
  public void ends(Sha256 datum, DatumState state, DatumResult result, boolean isNew) {
    if (headed) {
      head(datum, " " + state);
    }
    // What fails without a log of its own, such as a chain of steps, has a reason.
    if (state == DatumState.FAILED && result.log().isEmpty()) {
      flush(datum);
      endLine();
      console.line(result.facts().path("reason").asText());
      printed = true;
    }
  }

  @Override
  public void isComplete(Sha256 datum) {
    if (headed) {
      flush(datum);
      endLine();
      shown = null;
    }
  }

  /** The job has ended: prints what was held back of datums that never did. */
  void close() {
    for (Sha256 datum : beginnings.keySet().stream().sorted().toList()) {
      flush(datum);
    }
    if (headed) {
      endLine();
    }
    console.flush();
  }

  private void head(Sha256 datum, String what) {
    endLine();
    console.line(
        (printed ? "\n" : "")
            + "==> datum "
            + names.getOrDefault(datum, Console.shortId(datum.hex()))
            + what
            + " <==");
    printed = true;
    shown = datum;
  }

  private void endLine() {
    if (last != '\n') {
      console.line("");
      last = '\n';
    }
  }

  private void write(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    try {
      console.output().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    last = bytes[bytes.length - 1];
    printed = true;
  }
}
