// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.ref.Repo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a job comes too late for its branch: the head was made of newer inputs.
 *
 * <p>Of two commits of an input the newer is the one that the log of the input's branch named last;
 * one that it never named is older than all that it did. Descent would not do: a branch that is
 * rewound names an ancestor last, and outputs are to follow it.
 */
final class Overtaking {

  private static final Comparator<Provenance.Input> ORDER =
      Comparator.comparing(Provenance.Input::repo)
          .thenComparing(Provenance.Input::branch)
          .thenComparing(Provenance.Input::name);

  private final Store store;

  Overtaking(Store store) {
    this.store = store;
  }

  private record Branch(String repo, String name) {}

  /**
   * Whether no input of {@code ours} is newer than that of {@code head}, and one is older. Never,
   * if they are of different stages or read different branches: neither is newer then.
   */
  boolean isSuperseded(Provenance ours, Provenance head) {
    List<Provenance.Input> mine = ordered(ours);
    List<Provenance.Input> theirs = ordered(head);
    if (!ours.stage().equals(head.stage()) || !branches(mine).equals(branches(theirs))) {
      return false;
    }
    boolean isOneOlder = false;
    for (int i = 0; i < mine.size(); i++) {
      Optional<CommitId> newer = newer(mine.get(i), theirs.get(i));
      if (newer.isPresent() && newer.get().equals(mine.get(i).commit())) {
        return false;
      }
      isOneOlder |= newer.isPresent();
    }
    return isOneOlder;
  }

  private static List<Provenance.Input> ordered(Provenance made) {
    return made.inputs().stream().sorted(ORDER).toList();
  }

  private static List<Branch> branches(List<Provenance.Input> inputs) {
    return inputs.stream().map(input -> new Branch(input.repo(), input.branch())).toList();
  }

  /** The newer commit of two of one branch; empty if they are the same, or it named neither. */
  private Optional<CommitId> newer(Provenance.Input one, Provenance.Input other) {
    if (one.commit().equals(other.commit())) {
      return Optional.empty();
    }
    return repo(one, other)
        .flatMap(
            repo ->
                store
                    .repos()
                    .refs(repo)
                    .lastNamed(one.branch(), Set.of(one.commit(), other.commit())));
  }

  /** Whose log tells: of a repo that was deleted and created again, that of the one there now. */
  private Optional<Sha256> repo(Provenance.Input one, Provenance.Input other) {
    Sha256 repo = store.commits().read(one.commit()).repoId();
    return repo.equals(store.commits().read(other.commit()).repoId())
        ? Optional.of(repo)
        : store.repos().find(one.repo()).map(Repo::id);
  }
}
