// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whether a run shall end early. Set once, by any thread; asked by those that wait for graphs. */
public final class StopRequest {

  private final AtomicReference<String> by = new AtomicReference<>();

  /**
   * Asks for the end of every stage that runs; none begins after this.
   *
   * @param who for people, such as {@code a signal}
   */
  public void by(String who) {
    by.compareAndSet(null, who);
  }

  /** Who asked first, if anybody did. */
  public Optional<String> requestedBy() {
    return Optional.ofNullable(by.get());
  }
}
