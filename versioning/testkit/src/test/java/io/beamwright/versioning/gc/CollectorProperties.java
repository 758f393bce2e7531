// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.nio.file.Path;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Garbage collection beside writers, over many random courses of events. */
class CollectorProperties {

  private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

  // To shrink a seed tells nothing: the course of events is in the message.
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatARefReachesIsWholeAndWhatNoneReachesGoes(@ForAll long seed) {
    play(seed);
  }

  /** A node was created before it was known that the bytes that it names were there. */
  @Example
  void coursesThatLeftANodeWithoutItsBytes() {
    LongStream.of(-2225, -9810, -2480).forEach(CollectorProperties::play);
  }

  /** A map of a pack that was stored again led to what was gone, beside one that did not. */
  @Example
  void coursesWithAMapThatLeadsNowhere() {
    LongStream.of(251, 862).forEach(CollectorProperties::play);
  }

  /** What was condemned was copied before all that it names was known to be there. */
  @Example
  void aCourseThatLeftACommitWithoutItsTree() {
    play(10_852);
  }

  private static void play(long seed) {
    World world = new World(seed, SCRATCH);
    for (int i = 0; i < 120; i++) {
      world.step();
    }
    world.check();
    world.checkGarbageGoes();
  }
}
