// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Garbage collection beside writers, over many random courses of events. */
class CollectorProperties {

  private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

  // To shrink a seed tells nothing: the course of events is in the message.
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatARefReachesIsWholeAndWhatNoneReachesGoes(@ForAll long seed) {
    World world = new World(seed, SCRATCH);
    for (int i = 0; i < 120; i++) {
      world.step();
    }
    world.check();
    world.checkGarbageGoes();
  }
}
