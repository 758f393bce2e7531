// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.storage.StorageKey;
import java.util.List;

/**
 * What a repair did.
 *
 * @param repaired what it brought back, and from where
 * @param failed what it could not, and why
 */
public record RepairReport(List<Repaired> repaired, List<Failed> failed) {

  /** {@code key} is again what it was, by {@code from}. */
  public record Repaired(StorageKey key, String from) {}

  /** {@code key} is as damaged as it was: {@code why}, a sentence. */
  public record Failed(StorageKey key, String why) {}

  public RepairReport {
    repaired = List.copyOf(repaired);
    failed = List.copyOf(failed);
  }
}
