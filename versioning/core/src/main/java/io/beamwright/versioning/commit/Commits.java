// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.gc.WriteSession;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.List;
import java.util.Optional;

/** The commits of a store, by id. */
public final class Commits {

  private static final int LONGEST = 64 << 20;

  private final WriteSession session;
  private final Storage storage;

  /** The commits of a store, written by {@code session}. */
  public Commits(WriteSession session) {
    this.session = session;
    this.storage = session.storage();
  }

  /** Stores a commit; nothing names it yet. */
  public CommitId write(Commit commit) {
    byte[] bytes = commit.bytes();
    CommitId id = new CommitId(Sha256.of(bytes));
    session.createCommit(id.digest(), Content.of(bytes));
    return id;
  }

  /**
   * Reads a commit and checks its bytes against its id.
   *
   * @throws ObjectAbsent if there is none
   * @throws EnvironmentFault if its bytes are not those that the id names
   */
  public Commit read(CommitId id) {
    StorageKey key = StoreLayout.commit(id.digest());
    byte[] bytes = storage.read(key, 0, LONGEST);
    if (!Sha256.of(bytes).equals(id.digest())) {
      throw damaged(key, "its bytes are not those that its id names", null);
    }
    try {
      return CanonicalJson.read(CanonicalJson.parse(bytes), Commit::of);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw damaged(key, "a newer Beamwright wrote it, or it was never a commit", e);
    }
  }

  /** Up to {@code limit} ids that begin with {@code hex}, which has at least 4 digits. */
  public List<CommitId> withPrefix(String hex, int limit) {
    return storage.list(StoreLayout.commitsWithPrefix(hex), Optional.empty(), limit).stream()
        .map(Listed::key)
        .map(this::named)
        .toList();
  }

  private CommitId named(StorageKey key) {
    try {
      return CommitId.parse(key.text().substring(key.text().lastIndexOf('/') + 1));
    } catch (IllegalArgumentException e) {
      throw DamagedObject.at(storage, key, "a commit", "has no id as its name");
    }
  }

  private EnvironmentFault damaged(
      StorageKey key, String how, @org.jspecify.annotations.Nullable Throwable cause) {
    String what = storage.location() + "/" + key + " is damaged: " + how + ".";
    String remedy = DamagedObject.REMEDY;
    return cause == null
        ? new EnvironmentFault(what, remedy)
        : new EnvironmentFault(what, remedy, cause);
  }
}
