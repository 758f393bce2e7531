// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a store may have beyond the first version of the format, and this version knows. A store
 * that has a feature is refused by every version that has no line for it here.
 */
public enum StoreFeature {
  /** Asks for nothing: with it the tests try stores that have a feature. */
  TEST("test", "nothing: it is there for tests", "0.1.0");

  private final String word;
  private final String what;
  private final String since;

  StoreFeature(String word, String what, String since) {
    this.word = word;
    this.what = what;
    this.since = since;
  }

  /** Its name in keys: 1 to 63 of {@code a-z 0-9 -}. */
  public String word() {
    return word;
  }

  /** What it asks of readers and writers, for people whose version does not know it. */
  String what() {
    return what;
  }

  /** The first version of Beamwright that knows it. */
  String since() {
    return since;
  }

  /** The feature of this name, if this version knows it. */
  static Optional<StoreFeature> ofWord(String word) {
    return Stream.of(values()).filter(feature -> feature.word.equals(word)).findFirst();
  }
}
