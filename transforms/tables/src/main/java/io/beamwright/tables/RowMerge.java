// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.tables.RowLayout.Parts;
import io.beamwright.versioning.fault.UserFault;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the rows of two tables in the order of their keys, and keeps those that differ. */
final class RowMerge implements Closeable {

  private final RowLayout layout;
  private final long limit;

  // Of each change that is kept: its record, or of a changed row both, the older one first.
  private final Spill kept = new Spill();
  private long added;
  private long removed;
  private long changed;
  private @Nullable Parts last;
  private boolean lastHasMet;

  /** Keeps at most {@code limit} changes. */
  RowMerge(RowLayout layout, long limit) {
    this.layout = layout;
    this.limit = limit;
  }

  /** Takes the next record of {@link RowLayout.Records}. */
  void accept(byte[] record) {
    Parts next = Parts.of(record);
    if (last != null && last.hasKeyOf(next)) {
      meet(last, next);
    } else {
      leaveLast();
    }
    last = next;
  }

  /** To be called after the last record. */
  void finish() {
    leaveLast();
  }

  private void meet(Parts older, Parts newer) {
    if (older.isNewer() == newer.isNewer()) {
      throw new UserFault(
          "%s: two rows have the key %s."
              .formatted(layout.table(newer).name(), layout.row(newer).text(layout.key())),
          "Name columns that tell every row, as in --key a,b.");
    }
    lastHasMet = true;
    if (older.hasValuesOf(newer)) {
      return;
    }
    if (keepsNext()) {
      kept.add(older.record());
      kept.add(newer.record());
    }
    changed++;
  }

  private void leaveLast() {
    if (last != null && !lastHasMet) {
      if (keepsNext()) {
        kept.add(last.record());
      }
      if (last.isNewer()) {
        added++;
      } else {
        removed++;
      }
    }
    lastHasMet = false;
  }

  private boolean keepsNext() {
    return added + removed + changed < limit;
  }

  long added() {
    return added;
  }

  long removed() {
    return removed;
  }

  long changed() {
    return changed;
  }

  /** Gives what is kept; to be called once. */
  void forEach(RowDiff.Sink sink) throws IOException {
    try (Spill.Reader reader = kept.read()) {
      Parts older = null;
      while (reader.advance()) {
        Parts next = Parts.of(reader.head());
        if (older != null && older.hasKeyOf(next)) {
          sink.accept(new RowChange.Changed(layout.row(older), layout.row(next)));
          older = null;
          continue;
        }
        if (older != null) {
          sink.accept(new RowChange.Removed(layout.row(older)));
          older = null;
        }
        if (next.isNewer()) {
          sink.accept(new RowChange.Added(layout.row(next)));
        } else {
          older = next;
        }
      }
      if (older != null) {
        sink.accept(new RowChange.Removed(layout.row(older)));
      }
    }
  }

  @Override
  public void close() throws IOException {
    kept.close();
  }
}
