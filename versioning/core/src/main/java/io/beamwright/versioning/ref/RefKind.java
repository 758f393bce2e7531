// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import java.util.Locale;

/** What a ref is; both kinds share one namespace in a repo. */
public enum RefKind {
  /** Moves with every commit that is made on it. */
  BRANCH,
  /** Names one commit. */
  TAG;

  /** The word for it, in the format and in messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind that {@code word} is for; throws IllegalArgumentException if it is for none. */
  public static RefKind ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
