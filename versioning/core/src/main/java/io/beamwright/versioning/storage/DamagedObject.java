// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.util.stream.Stream;

/** Something that a store must hold is absent, cut short, or not what was written. */
public final class DamagedObject extends EnvironmentFault {

  private static final long serialVersionUID = 1L;

  /** What to do about anything that is damaged. */
  public static final String REMEDY =
      "Restore it from a copy of the store. See what else is damaged: beamwright fsck";

  private DamagedObject(String what) {
    super(what, REMEDY);
  }

  private DamagedObject(String what, Throwable cause) {
    super(what, REMEDY, cause);
  }

  /**
   * {@code key} of {@code storage} is damaged.
   *
   * @param holds what it should hold, as a noun phrase: {@code a node of a tree}
   * @param how what is wrong with it, as the rest of a sentence: {@code ends after 12 bytes}
   */
  public static DamagedObject at(Storage storage, StorageKey key, String holds, String how) {
    return new DamagedObject(sentence(storage.location() + "/" + key, holds, how));
  }

  /** {@code absent} was asked for because it should hold {@code holds}. */
  public static DamagedObject absent(Storage storage, ObjectAbsent absent, String holds) {
    return new DamagedObject(
        sentence(storage.location() + "/" + absent.key(), holds, "is absent"), absent);
  }

  /** One of {@code keys} is damaged, and it cannot be told which. */
  public static DamagedObject among(
      Storage storage, Stream<StorageKey> keys, String holds, String how) {
    String locations =
        String.join(", ", keys.map(key -> storage.location() + "/" + key).distinct().toList());
    return new DamagedObject(sentence(locations, holds, how));
  }

  private static String sentence(String location, String holds, String how) {
    return location + ", which should hold " + holds + ", " + how + ".";
  }
}
