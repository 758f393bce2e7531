// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.walk.CommitVisitor;
import io.beamwright.versioning.walk.CommitWalk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that a user can read from a store, as sorted lines: heads, commits and their files
 * with digests of the bytes that were read, what made them, results, jobs and runs. It reads by the
 * classes that commands use, none of which is fsck's.
 */
final class Everything {

  private final Store store;
  private final SortedSet<String> lines = new TreeSet<>();
  private final Deque<CommitId> ahead = new ArrayDeque<>();

  private Everything(Store store) {
    this.store = store;
  }

  static SortedSet<String> in(Storage storage) {
    return new Everything(Store.open(storage)).read();
  }

  /** What the refs of one repo need, without what tells of refs, jobs and runs. */
  static SortedSet<String> neededBy(Storage storage, String repo) {
    Everything some = new Everything(Store.open(storage));
    for (RefHead head : some.store.repos().refs(some.store.repos().require(repo)).list()) {
      head.commit().ifPresent(some.ahead::add);
    }
    some.commits();
    return some.lines;
  }

  private SortedSet<String> read() {
    for (Repo repo : store.repos().list()) {
      lines.add("repo " + repo);
      for (RefHead head : store.repos().refs(repo).list()) {
        lines.add("ref " + repo.name() + "@" + head.name() + " " + head.entry());
        head.commit().ifPresent(ahead::add);
      }
    }
    commits();
    others();
    return lines;
  }

  private void commits() {
    Set<CommitId> seen = new HashSet<>();
    while (!ahead.isEmpty()) {
      CommitId id = ahead.remove();
      if (seen.add(id)) {
        commit(id, store.commits().read(id));
      }
    }
  }

  private void others() {
    for (Attempt attempt : store.attempts().newestFirst(Long.MAX_VALUE, 1_000)) {
      lines.add("attempt " + attempt);
      lines.add("plan " + store.jobs().plan(attempt.job()));
      lines.add("plan " + store.jobs().plan(attempt.job(), attempt.number()));
      lines.add("ends " + store.jobs().states(attempt.job()));
      lines.add("job's commit " + store.jobs().published(attempt.job()));
    }
    store.runs().newestFirst(1_000).forEach(run -> run(run.path("run").asText()));
    for (int i = 0; i < 30; i++) {
      for (String run : new String[] {"r1", "r2"}) {
        Sha256 key = Sha256.of((run + i).getBytes(UTF_8));
        lines.add("result " + key + " " + store.results().known().find(key));
      }
    }
  }

  private void run(String run) {
    lines.add("run " + run + " " + store.runs().end(run));
    store
        .runs()
        .newest(json -> json.path("run").asText().equals(run))
        .ifPresent(
            json ->
                json.path("specs")
                    .forEach(spec -> lines.add(bytes(StoredFile.fromJson(spec.required("text"))))));
  }

  private void commit(CommitId id, Commit commit) {
    lines.add("commit " + id + " " + CanonicalJson.text(commit.toJson()));
    ahead.addAll(commit.parents());
    commit.provenance().ifPresent(made -> made.inputs().forEach(in -> ahead.add(in.commit())));
    new CommitWalk(store)
        .visit(
            commit,
            new CommitVisitor() {
              @Override
              public boolean enters(Sha256 node) {
                return true;
              }

              @Override
              public void file(FileEntry file) {
                lines.add(id + ":" + file.path() + " " + file.file().table());
                content(file.file());
              }

              @Override
              public void content(StoredFile file) {
                lines.add(id + bytes(file));
              }

              @Override
              public void object(Sha256 object) {
                lines.add(id + " " + Sha256.of(store.files().readObject(object)));
              }

              @Override
              public void attachment(Extent whole) {}
            });
  }

  private String bytes(StoredFile file) {
    return " bytes " + Sha256.of(store.files().readAll(file));
  }
}
