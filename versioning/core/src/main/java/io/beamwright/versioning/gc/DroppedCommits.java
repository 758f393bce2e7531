// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The commits whose files were let go: what is absent of them is no damage. */
public final class DroppedCommits {

  private static final String PREFIX = "dropped/";
  private static final int PAGE = 1_000;
  private static final int MOST_BYTES = 1 << 20;

  private final Storage storage;

  /** Those of the store at {@code storage}. */
  public DroppedCommits(Storage storage) {
    this.storage = storage;
  }

  /** What is written down of {@code commit}, if its files were dropped; costs one request. */
  public Optional<DroppedCommit> find(CommitId commit) {
    StorageKey key = StoreLayout.dropped(commit.digest());
    try {
      byte[] json = storage.read(key, 0, MOST_BYTES);
      return Optional.of(DroppedCommit.of(SummedJson.parse(json)));
    } catch (ObjectAbsent e) {
      return Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " is damaged.",
          "Restore it from a copy of the store.",
          e);
    }
  }

  /**
   * Checks that the bytes of {@code commit}'s files are there.
   *
   * @throws io.beamwright.versioning.fault.UserFault if they were dropped
   */
  public void refuseWithoutBytes(CommitId commit) {
    find(commit)
        .ifPresent(
            dropped -> {
              throw dropped.fault();
            });
  }

  /**
   * What {@code reading} of {@code commit} gives; if it finds damage because the files were
   * dropped, that is said instead. Costs a request only then.
   *
   * @throws io.beamwright.versioning.fault.UserFault if they were dropped
   */
  public <T> T explain(CommitId commit, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DamagedObject e) {
      refuseWithoutBytes(commit);
      throw e;
    }
  }

  /** Whether there is any such commit; costs one request. */
  public boolean isAny() {
    return !storage.list(PREFIX, Optional.empty(), 1).isEmpty();
  }

  /** Every such commit. */
  public Set<CommitId> all() {
    Set<CommitId> all = new HashSet<>();
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(PREFIX, after, PAGE);
      page.forEach(listed -> all.add(new CommitId(StoreLayout.digestOf(listed.key()))));
      after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1).key().text());
    } while (page.size() == PAGE);
    return all;
  }

  /** Writes down that the files of a commit go; what was written down before stays. */
  void write(DroppedCommit dropped) {
    StorageKey key = StoreLayout.dropped(dropped.commit().digest());
    var unused = storage.createIfAbsent(key, Content.of(dropped.bytes()));
  }
}
