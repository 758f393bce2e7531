// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One line on the terminal that says how far something has come. Safe to use from several threads.
 */
final class Progress implements AutoCloseable {

  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long REPAINT_NANOS = 100_000_000L;
  private static final int WIDTH = 79;

  private final String label;
  private final boolean terminal;
  private final LongSupplier nanos;
  private final Consumer<String> painter;
  private final long started;
  private long painted;
  private boolean visible;

  Progress(String label, boolean terminal, LongSupplier nanos, Consumer<String> painter) {
    this.label = label;
    this.terminal = terminal;
    this.nanos = nanos;
    this.painter = painter;
    this.started = nanos.getAsLong();
    this.painted = started;
  }

  /** {@code done} of {@code total} are done. */
  void show(long done, long total) {
    show(() -> done + " of " + total);
  }

  /**
   * Replaces what is said after the label. Cheap, for {@code state} is only asked when it is shown:
   * call it as often as there is news.
   */
  synchronized void show(Supplier<String> state) {
    long now = nanos.getAsLong();
    if (!terminal || now - started < QUIET_NANOS || now - painted < REPAINT_NANOS) {
      return;
    }
    painted = now;
    visible = true;
    String line = label + ": " + state.get();
    painter.accept(line.length() <= WIDTH ? line : line.substring(0, WIDTH));
  }

  /** Takes the line away until the next news. */
  synchronized void erase() {
    if (visible) {
      visible = false;
      painter.accept("");
    }
  }

  @Override
  public void close() {
    erase();
  }
}
