// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.datum.OutputFolder.Output;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** A transform made ready to be done on this machine. Safe for many threads. */
interface Work extends AutoCloseable {

  /**
   * Makes {@code datum} ready, while others may be worked on.
   *
   * @param facts takes what is worth knowing, also if this fails
   * @throws io.beamwright.versioning.fault.Fault if it cannot be done; nothing is left
   * @throws IOException if temporary files cannot be written
   */
  Ready prepare(Datum datum, Facts facts) throws IOException;

  /** A datum that is ready. */
  interface Ready extends AutoCloseable {

    /**
     * Does the work, once.
     *
     * @throws io.beamwright.versioning.fault.Fault if it cannot be done; nothing has been stored
     * @throws IOException if temporary files cannot be written
     */
    Worked work() throws IOException, InterruptedException;

    /** Deletes the datum's temporary files, in which its outputs may lie. */
    @Override
    void close();
  }

  @Override
  void close();

  /** How it ended. */
  sealed interface Worked {

    /** What was logged; empty if nothing was. */
    Content log();

    /** With {@code outputs}, sorted by path. */
    record Finished(List<Output> outputs, Content log) implements Worked {}

    /** With no files, because of {@code reason}. */
    record Failed(String reason, OptionalInt exitCode, List<String> lastLines, Content log)
        implements Worked {}
  }

  /** What is worth knowing of a run. */
  final class Facts {

    private final ObjectNode json;
    private final ObjectNode milliseconds;
    private final ObjectNode bytes;

    Facts(ObjectNode json) {
      this.json = json;
      this.milliseconds = json.putObject("milliseconds");
      this.bytes = json.putObject("bytes");
    }

    ObjectNode json() {
      return json;
    }

    /** Adds the time since {@code start}, of {@link System#nanoTime}, to {@code phase}. */
    void took(String phase, long start) {
      long before = milliseconds.path(phase).longValue();
      milliseconds.put(phase, before + (System.nanoTime() - start) / 1_000_000);
    }

    void moved(String direction, long count) {
      bytes.put(direction, count);
    }
  }
}
