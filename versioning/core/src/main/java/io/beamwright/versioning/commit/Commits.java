// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.fault.EnvironmentFault;
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
    session.createCommit(id, commit);
    return id;
  }

  /**
   * Reads a commit and checks its bytes against its id.
   *
   * @throws ObjectAbsent if there is none
   * @throws EnvironmentFault if its bytes are not those that the id names
   */
  public Commit read(CommitId id) {
    Storage from = session.reading(id);
    Commit commit = parse(storage, id, bytes(from, StoreLayout.commit(id.digest())));
    session.read(id, commit);
    return commit;
  }

  // A commit that was stored again has another generation; its bytes are the same in each.
  private byte[] bytes(Storage from, StorageKey key) {
    try {
      return from.read(key, 0, LONGEST);
    } catch (ObjectAbsent absent) {
      return storage.list(key.text(), Optional.empty(), 1).stream()
          .findFirst()
          .map(again -> storage.read(again.key(), 0, LONGEST))
          .orElseThrow(() -> absent);
    }
  }

  /**
   * The commit {@code id}, whose bytes are {@code bytes}.
   *
   * @param storage where they are from, for messages
   * @throws EnvironmentFault if they are not those that the id names
   */
  public static Commit parse(Storage storage, CommitId id, byte[] bytes) {
    StorageKey key = StoreLayout.commit(id.digest());
    try {
      return decode(id, bytes);
    } catch (MalformedBytes e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " is damaged: " + e.how() + ".",
          DamagedObject.REMEDY,
          e);
    }
  }

  /**
   * The commit {@code id}, whose bytes are {@code stored}.
   *
   * @throws MalformedBytes if they are not
   */
  public static Commit decode(CommitId id, byte[] stored) {
    if (!Sha256.of(stored).equals(id.digest())) {
      throw new MalformedBytes("its bytes are not those that its id names");
    }
    try {
      return CanonicalJson.read(CanonicalJson.parse(stored), Commit::of);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new MalformedBytes("a newer Beamwright wrote it, or it was never a commit");
    }
  }

  /** Up to {@code limit} ids that begin with {@code hex}, which has at least 4 digits. */
  public List<CommitId> withPrefix(String hex, int limit) {
    return storage.list(StoreLayout.commitsWithPrefix(hex), Optional.empty(), limit).stream()
        .map(Listed::key)
        .map(this::named)
        .distinct()
        .toList();
  }

  private CommitId named(StorageKey key) {
    try {
      return new CommitId(StoreLayout.digestOf(key));
    } catch (IllegalArgumentException e) {
      throw DamagedObject.at(storage, key, "a commit", "has no id as its name");
    }
  }
}
