// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.Fault;
import java.io.IOException;
import java.nio.file.Path;

/** A datum that has been made ready, to be worked on once. */
final class Begun implements AutoCloseable {

  private final Path scratch;
  private final Work.Facts facts;
  private final Work.Ready ready;

  /** What came of working on it. */
  sealed interface Tried {
    record Worked(Work.Worked worked) implements Tried {}

    record Faulted(Fault fault) implements Tried {}
  }

  /**
   * Makes {@code datum} ready. If that fails, {@link #work} fails with the cause.
   *
   * @param scratch where temporary files go
   */
  Begun(Work work, Datum datum, Path scratch) {
    this.scratch = scratch;
    ObjectNode json = CanonicalJson.object().put("worker", Worker.NAME);
    this.facts = new Work.Facts(json);
    facts.moved("in", datum.size());
    this.ready = prepared(work, datum, facts);
  }

  private static Work.Ready prepared(Work work, Datum datum, Work.Facts facts) {
    try {
      return work.prepare(datum, facts);
    } catch (IOException | RuntimeException e) {
      return new Unready(e);
    }
  }

  private record Unready(Exception why) implements Work.Ready {

    @Override
    public Work.Worked work() throws IOException {
      if (why instanceof IOException unusable) {
        throw unusable;
      }
      throw (RuntimeException) why;
    }

    @Override
    public void close() {}
  }

  /** What is known of it so far. */
  Work.Facts facts() {
    return facts;
  }

  /** Works on it; what that made is there until this is closed. */
  Tried work() throws InterruptedException {
    try {
      return new Tried.Worked(ready.work());
    } catch (IOException e) {
      return new Tried.Faulted(DatumFolder.unusable(scratch, e));
    } catch (Fault fault) {
      return new Tried.Faulted(fault);
    }
  }

  /** Deletes its temporary files. */
  @Override
  public void close() {
    ready.close();
  }
}
