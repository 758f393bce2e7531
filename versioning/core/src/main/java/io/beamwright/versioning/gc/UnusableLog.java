// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.List;

/**
 * What garbage collection wrote down cannot be used, so nobody can tell what it is about to delete:
 * whoever writes has to stop, and whoever only reads goes on.
 */
public final class UnusableLog extends EnvironmentFault {

  private static final long serialVersionUID = 1L;

  private final transient StorageKey key;
  private final String how;
  private final boolean isDamaged;

  private UnusableLog(String what, String remedy, StorageKey key, String how, boolean isDamaged) {
    super(what, remedy);
    this.key = key;
    this.how = how;
    this.isDamaged = isDamaged;
  }

  /** {@code key} is damaged: {@code how} is the rest of a sentence. */
  static UnusableLog damaged(Storage storage, StorageKey key, String how) {
    return new UnusableLog(
        storage.location()
            + "/"
            + key
            + ", which tells writers what garbage collection will delete, "
            + how
            + ".",
        "Reading goes on. To write again, run: beamwright gc. It gives the list up; nothing that"
            + " was on it is deleted.",
        key,
        how,
        true);
  }

  /** {@code key} names features that this version does not know. */
  static UnusableLog newer(Storage storage, StorageKey key, List<String> features) {
    return new UnusableLog(
        storage.location()
            + " is collected by a newer Beamwright, which needs every writer to know "
            + String.join(", ", features)
            + ".",
        "Write to it with that Beamwright; reading goes on as before.",
        key,
        "names features that are not known",
        false);
  }

  /** What is damaged. */
  StorageKey key() {
    return key;
  }

  /** What is wrong with it, as the rest of a sentence. */
  String how() {
    return how;
  }

  /** Whether it is damaged, and not only newer than this version. */
  boolean isDamaged() {
    return isDamaged;
  }
}
