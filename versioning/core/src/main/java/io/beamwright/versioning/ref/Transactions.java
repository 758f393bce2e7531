// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import java.nio.charset.StandardCharsets;

/**
 * Moves of several refs that count together or not at all. Each entry names its transaction; the
 * transaction is one create-only key that says {@code committed} or {@code aborted}.
 */
final class Transactions {

  private static final String COMMITTED = "committed";
  private static final String ABORTED = "aborted";
  private static final int LONGEST = 64;

  private final Storage storage;

  Transactions(Storage storage) {
    this.storage = storage;
  }

  /** Whether the transaction was committed; one that is not settled counts as not. */
  boolean isCommitted(String id) {
    return outcome(id).equals(COMMITTED);
  }

  /** Whether nobody has committed or aborted the transaction yet. */
  boolean isPending(String id) {
    return outcome(id).isEmpty();
  }

  /**
   * Aborts a transaction unless it is settled already: a mover waits for nobody.
   *
   * @return whether it ended aborted
   */
  boolean abort(String id) {
    settle(id, ABORTED);
    return outcome(id).equals(ABORTED);
  }

  /** Commits a transaction unless it is settled already; returns whether it ended committed. */
  boolean commit(String id) {
    settle(id, COMMITTED);
    return isCommitted(id);
  }

  private void settle(String id, String outcome) {
    byte[] content = outcome.getBytes(StandardCharsets.UTF_8);
    var unused = storage.createIfAbsent(StoreLayout.transaction(id), Content.of(content));
  }

  private String outcome(String id) {
    try {
      byte[] content = storage.read(StoreLayout.transaction(id), 0, LONGEST);
      return requireOutcome(id, new String(content, StandardCharsets.UTF_8));
    } catch (ObjectAbsent e) {
      return "";
    }
  }

  // Another word can only be damage: taken for "not settled", it would undo moves that counted.
  private String requireOutcome(String id, String outcome) {
    if (!outcome.equals(COMMITTED) && !outcome.equals(ABORTED)) {
      throw DamagedObject.at(
          storage, StoreLayout.transaction(id), "how a transaction ended", "says something else");
    }
    return outcome;
  }
}
