// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.sync.Sync;
import io.beamwright.versioning.sync.SyncReport;
import io.beamwright.versioning.testkit.RepositoryPicture.Claim;
import io.beamwright.versioning.testkit.RepositoryPicture.RefState;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeChange;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Something that a client does to a store, and what has to come of it. */
sealed interface RepositoryAct {

  /** Does it; what does not have to come of it is an {@link AssertionError}. */
  void play(Turn turn);

  /** One client's turn. */
  final class Turn {
    private final Store store;
    private final RepositoryPicture picture;
    private final boolean isUndisturbed;
    private final Set<Claim> claims = new LinkedHashSet<>();

    /**
     * @param isUndisturbed whether nobody else acts meanwhile, so that all must be as in {@code
     *     picture}; calls may fail all the same
     */
    Turn(Store store, RepositoryPicture picture, boolean isUndisturbed) {
      this.store = store;
      this.picture = picture;
      this.isUndisturbed = isUndisturbed;
    }

    Set<Claim> claims() {
      return claims;
    }

    private Claim claim(String log, List<Edit> edits) {
      Claim claim = picture.claim(log, edits);
      claims.add(claim);
      return claim;
    }

    private Claim claim(String log) {
      return claim(log, List.of());
    }

    private void expect(String what, Object actual, Object expected) {
      if (isUndisturbed) {
        assertThat(actual).as(what).isEqualTo(expected);
      }
    }

    private Optional<Repo> find(String repo) {
      Optional<Sha256> expected = picture.repo(repo);
      Optional<Repo> found = store.repos().find(repo);
      expect("the repo " + repo, found.map(Repo::id), expected);
      return found;
    }

    private RefHead head(Repo repo, String name) {
      Optional<CommitId> expected = picture.ref(repo.id(), name).flatMap(RefState::commit);
      RefHead head = store.repos().refs(repo).head(name);
      expect(repo.name() + "@" + name, head.exists() ? head.commit() : Optional.empty(), expected);
      return head;
    }
  }

  /** Creates a repo. */
  record CreateRepo(String repo) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      boolean exists = turn.picture.repo(repo).isPresent();
      Claim claim = turn.claim(StoreLayout.repoLog(repo));
      try {
        Repo created =
            turn.store.repos().create(repo, claim.tag(), "tester", RepositoryPicture.TIME);
        // A racer's is as good as ours.
        boolean isOurs = created.description().equals(claim.tag());
        turn.expect("created", isOurs, true);
        if (isOurs) {
          claim.done();
        } else {
          claim.notDone();
        }
        turn.expect("exists", exists, false);
      } catch (ConflictFault e) {
        claim.notDone();
        turn.expect("exists", exists, true);
      }
    }
  }

  /** Deletes a repo. */
  record DeleteRepo(String repo) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<Repo> found = turn.find(repo);
      if (found.isEmpty()) {
        return;
      }
      Claim claim = turn.claim(StoreLayout.repoLog(repo));
      turn.store.repos().delete(found.get(), claim.tag(), RepositoryPicture.TIME);
      if (turn.isUndisturbed) {
        claim.done();
      }
    }
  }

  /** One step of a change of files, as {@code put}, {@code delete} and {@code copy} make them. */
  sealed interface Edit {
    /** Makes it in a tree. */
    Tree make(Store store, Tree tree);

    /** Makes it in a picture; what is refused leaves it as it is and throws a {@link Clash}. */
    void draw(SortedMap<String, RepositoryPicture.Content> files);
  }

  /** A path would be file and folder. */
  final class Clash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Puts a file. */
  record Put(String path, String text, boolean executable) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      FileEntry entry = FileEntry.of(FilePath.of(path), executable, stored(store, text));
      return store.trees().edit(tree, List.of(new TreeEdit.Put(entry)));
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      refuseClash(files, path);
      files.put(path, new RepositoryPicture.Content(text, executable));
    }
  }

  /** Puts many small files into a folder. */
  record PutMany(String folder, int number) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      List<TreeEdit> puts = new ArrayList<>();
      StoredFile file = stored(store, "one of many");
      for (int i = 0; i < number; i++) {
        puts.add(new TreeEdit.Put(FileEntry.of(FilePath.of(path(i)), false, file)));
      }
      return store.trees().edit(tree, puts);
    }

    private String path(int i) {
      return folder + "/" + i;
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      refuseClash(files, path(0));
      for (int i = 0; i < number; i++) {
        files.put(path(i), new RepositoryPicture.Content("one of many", false));
      }
    }
  }

  /** Appends to a file, or puts it. */
  record Append(String path, String text) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      StoredFile after = stored(store, text);
      Optional<FileEntry> before = tree.find(FilePath.of(path));
      StoredFile whole = before.map(b -> store.files().concat(b.file(), after)).orElse(after);
      boolean executable = before.map(FileEntry::executable).orElse(false);
      FileEntry entry = FileEntry.of(FilePath.of(path), executable, whole);
      return store.trees().edit(tree, List.of(new TreeEdit.Put(entry)));
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      refuseClash(files, path);
      files.merge(
          path,
          new RepositoryPicture.Content(text, false),
          (before, after) ->
              new RepositoryPicture.Content(before.text() + after.text(), before.executable()));
    }
  }

  /** Deletes a file, or nothing. */
  record Delete(String path) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      return store.trees().edit(tree, List.of(new TreeEdit.Delete(FilePath.of(path))));
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      files.remove(path);
    }
  }

  /** Deletes a folder, or nothing. */
  record DeleteFolder(String folder) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      return store.trees().edit(tree, List.of(new TreeEdit.DeleteFolder(folder)));
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      files.keySet().removeIf(path -> path.startsWith(folder.equals("/") ? "/" : folder + "/"));
    }
  }

  /** Copies a file by reference, if it is there. */
  record Copy(String from, String to) implements Edit {
    @Override
    public Tree make(Store store, Tree tree) {
      List<TreeEdit> puts = new ArrayList<>();
      tree.find(FilePath.of(from))
          .ifPresent(entry -> puts.add(new TreeEdit.Put(entry.at(FilePath.of(to)))));
      return store.trees().edit(tree, puts);
    }

    @Override
    public void draw(SortedMap<String, RepositoryPicture.Content> files) {
      RepositoryPicture.Content content = files.get(from);
      if (content != null) {
        refuseClash(files, to);
        files.put(to, content);
      }
    }
  }

  private static void refuseClash(Map<String, ?> files, String path) {
    boolean isFolder = files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
    boolean isBelowFile = FilePath.of(path).folders().stream().anyMatch(files::containsKey);
    if (isFolder || isBelowFile) {
      throw new Clash();
    }
  }

  private static StoredFile stored(Store store, String text) {
    try (Packer packer = store.packer()) {
      PendingFile file = packer.add(Content.of(text.getBytes(StandardCharsets.UTF_8)));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One commit of some edits. */
  record Change(String repo, String branch, List<Edit> edits, Committer.Empty empty)
      implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<Repo> found = turn.find(repo);
      if (found.isEmpty()) {
        return;
      }
      Sha256 id = found.get().id();
      Optional<SortedMap<String, RepositoryPicture.Content>> expected = expected(turn, id);
      Claim claim = turn.claim(StoreLayout.refLog(id, branch), edits);
      Committer committer = new Committer(turn.store, "tester", RepositoryPicture.TIME);
      try {
        Committer.Outcome outcome =
            committer.commit(found.get(), branch, claim.tag(), empty, tree -> make(turn, tree));
        turn.expect("refused", expected.isEmpty(), false);
        if (outcome instanceof Committer.Outcome.Committed) {
          claim.done();
        } else {
          claim.notDone();
          turn.expect("unchanged", expected, Optional.of(before(turn, id)));
        }
      } catch (UserFault e) {
        claim.notDone();
        turn.expect(String.valueOf(e.getMessage()), expected, Optional.empty());
      }
    }

    private Tree make(Turn turn, Tree tree) {
      Tree changed = tree;
      for (Edit edit : edits) {
        changed = edit.make(turn.store, changed);
      }
      return changed;
    }

    private SortedMap<String, RepositoryPicture.Content> before(Turn turn, Sha256 id) {
      return turn.picture.files(turn.picture.ref(id, branch).flatMap(RefState::commit));
    }

    private Optional<SortedMap<String, RepositoryPicture.Content>> expected(Turn turn, Sha256 id) {
      if (turn.picture.ref(id, branch).filter(ref -> ref.kind().equals("tag")).isPresent()) {
        return Optional.empty();
      }
      SortedMap<String, RepositoryPicture.Content> files = new TreeMap<>(before(turn, id));
      try {
        edits.forEach(edit -> edit.draw(files));
        return Optional.of(files);
      } catch (Clash refused) {
        return Optional.empty();
      }
    }
  }

  /** Lets a branch or tag name what another ref names. */
  record SetRef(String repo, String name, RefKind kind, String source) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<Repo> found = turn.find(repo);
      if (found.isEmpty()) {
        return;
      }
      Optional<CommitId> to = turn.head(found.get(), source).commit();
      RefHead head = turn.head(found.get(), name);
      boolean stays = head.is(RefKind.TAG) || (head.exists() && !head.is(kind)) || to.isEmpty();
      if (!stays) {
        Claim claim = turn.claim(StoreLayout.refLog(found.get().id(), name));
        told(turn, claim, turn.store.repos().refs(found.get()).move(head, kind, move(to, claim)));
      }
    }

    private static RefMove move(Optional<CommitId> to, Claim claim) {
      return new RefMove(to, "tester", RepositoryPicture.TIME, claim.tag(), Optional.empty());
    }

    private static void told(Turn turn, Claim claim, BranchMove move) {
      boolean moved = move instanceof BranchMove.Moved;
      turn.expect("moved", moved, true);
      if (moved) {
        claim.done();
      } else {
        claim.notDone();
      }
    }
  }

  /** Deletes a branch or tag. */
  record DeleteRef(String repo, String name) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<Repo> found = turn.find(repo);
      if (found.isEmpty()) {
        return;
      }
      Refs refs = turn.store.repos().refs(found.get());
      RefHead head = turn.head(found.get(), name);
      if (head.exists()) {
        Claim claim = turn.claim(StoreLayout.refLog(found.get().id(), name));
        SetRef.told(turn, claim, refs.delete(head, SetRef.move(Optional.empty(), claim)));
      }
    }
  }

  /** Asks what a ref means: a name, or one of the known commits by its first digits, and steps. */
  record Resolve(String repo, String name, int commit, String steps) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<Sha256> id = turn.picture.repo(repo);
      List<CommitId> known = turn.picture.commits();
      boolean byDigits = commit < known.size();
      String typed = byDigits ? known.get(commit).hex().substring(0, 16) : name;
      Optional<CommitId> start =
          byDigits
              ? Optional.of(known.get(commit)).filter(c -> isIn(turn, c, id))
              : id.flatMap(i -> turn.picture.ref(i, name)).flatMap(RefState::commit);
      Optional<CommitId> expected = start.flatMap(c -> walk(turn, c));
      Optional<CommitId> found;
      try {
        found =
            Optional.of(
                turn.store.history().resolve(Revision.parse(repo + "@" + typed + steps)).id());
      } catch (UserFault e) {
        found = Optional.empty();
      }
      turn.expect(repo + "@" + typed + steps, found, expected);
    }

    private static boolean isIn(Turn turn, CommitId commit, Optional<Sha256> repo) {
      return repo.isPresent() && turn.picture.made(commit).repo().equals(repo.get());
    }

    private Optional<CommitId> walk(Turn turn, CommitId from) {
      List<CommitId> line = new ArrayList<>();
      for (Optional<CommitId> at = Optional.of(from); at.isPresent(); ) {
        line.add(at.get());
        at = turn.picture.made(at.get()).parent();
      }
      int place =
          switch (steps) {
            case "" -> 0;
            case "^" -> 1;
            case "~2" -> 2;
            case ".1" -> line.size() - 1;
            default -> throw new IllegalStateException(steps);
          };
      return place < line.size() ? Optional.of(line.get(place)) : Optional.empty();
    }
  }

  /** Compares two of the known commits. */
  record Diff(int before, int after) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      List<CommitId> known = turn.picture.commits();
      if (before >= known.size() || after >= known.size()) {
        return;
      }
      Tree older = files(turn, known.get(before));
      Tree newer = files(turn, known.get(after));
      Set<String> changes = new TreeSet<>();
      older.diff(newer).forEach(change -> changes.add(name(change) + change.path()));
      assertThat(changes)
          .as("changes")
          .isEqualTo(
              drawn(
                  turn.picture.made(known.get(before)).files(),
                  turn.picture.made(known.get(after)).files()));
    }

    private static Tree files(Turn turn, CommitId id) {
      return turn.store.history().files(turn.store.commits().read(id));
    }

    private static String name(TreeChange change) {
      return change.getClass().getSimpleName();
    }

    private static Set<String> drawn(
        SortedMap<String, RepositoryPicture.Content> before,
        SortedMap<String, RepositoryPicture.Content> after) {
      Set<String> changes = new TreeSet<>();
      after.forEach(
          (path, content) -> {
            if (!before.containsKey(path)) {
              changes.add("Added" + path);
            } else if (!content.equals(before.get(path))) {
              changes.add("Changed" + path);
            }
          });
      before.keySet().stream()
          .filter(path -> !after.containsKey(path))
          .forEach(path -> changes.add("Removed" + path));
      return changes;
    }
  }

  /** Reads all files of a branch's head: whatever it reads is a whole commit. */
  record ReadHead(String repo, String branch) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Optional<CommitId> head = turn.find(repo).flatMap(found -> turn.head(found, branch).commit());
      if (head.isPresent()) {
        Commit commit = turn.store.commits().read(head.get());
        assertThat(RepositoryPicture.read(turn.store, commit))
            .as("files of " + commit)
            .isEqualTo(turn.picture.made(head.get()).files());
      }
    }
  }

  /** Begins an attempt, writes down results of some datums, and perhaps merges them. */
  record RunDatums(List<Integer> datums, String outputs, boolean merges) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Claim begun = turn.claim(StoreLayout.ATTEMPTS);
      Attempt attempt =
          turn.store
              .attempts()
              .begin(key(0), begun.tag(), "stage", RepositoryPicture.TIME, 9, datums.size());
      begun.done();
      List<DatumResult> results = new ArrayList<>();
      for (int datum : datums) {
        turn.picture.attemptResult(key(datum), outputs);
        FileEntry out = FileEntry.of(FilePath.of("/out"), false, stored(turn.store, outputs));
        results.add(
            new DatumResult(
                key(datum),
                DatumResult.State.SUCCESS,
                List.of(out),
                Optional.empty(),
                CanonicalJson.object()));
      }
      turn.store.journals().write(attempt.number(), results);
      results.forEach(result -> turn.picture.resultIsDurable(result.key()));
      if (merges) {
        Claim merged = turn.claim(StoreLayout.RESULTS);
        var unused = turn.store.results().merge(attempt, Instant.parse(merged.tag()));
        merged.done();
        results.forEach(result -> turn.picture.resultIsMerged(result.key()));
      }
    }

    private static Sha256 key(int datum) {
      return Sha256.of(new byte[] {(byte) datum});
    }
  }

  /** Plans a job and fills its slot, if nobody was first. */
  record PublishJob(int job, int variant) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Sha256 id = Sha256.of(new byte[] {(byte) job});
      String text = Sha256.of(new byte[] {(byte) variant}).hex();
      turn.picture.offer("plan " + id, text);
      JsonNode plan = turn.store.jobs().fixPlan(id, CanonicalJson.object().put("variant", text));
      turn.picture.fix("plan " + id, plan.path("variant").asText());
      CommitId made = turn.store.commits().write(commit(turn.store, id, text));
      turn.picture.offer("slot " + id, made.hex());
      CommitId slot = turn.store.jobs().publish(id, made);
      turn.picture.fix("slot " + id, slot.hex());
      Claim claim = turn.claim(StoreLayout.jobLog(id));
      turn.store.jobs().record(id, CanonicalJson.object().put("run", claim.tag()));
      claim.done();
    }

    private static Commit commit(Store store, Sha256 job, String variant) {
      return new Commit(
          "jobs",
          job,
          List.of(),
          0,
          store.trees().empty().id(),
          Optional.empty(),
          "tester",
          RepositoryPicture.TIME,
          variant,
          Optional.empty());
    }

    /** What {@code key} says in {@code store}. */
    static Optional<String> read(Store store, String key) {
      Sha256 job = Sha256.parse(key.substring(5));
      return key.startsWith("plan")
          ? store.jobs().plan(job).map(plan -> plan.path("variant").asText())
          : store.jobs().published(job).map(CommitId::hex);
    }
  }

  /** Copies a branch of another store, with what that tells of the jobs that made it. */
  record Pull(String branch) implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      RepositoryElsewhere elsewhere = turn.picture.elsewhere();
      Optional<CommitId> before =
          turn.picture.ref(elsewhere.repo().id(), branch).flatMap(RefState::commit);
      Claim claim = turn.claim(StoreLayout.refLog(elsewhere.repo().id(), branch));
      SyncReport report =
          Sync.copy(
              elsewhere.store(),
              turn.store,
              RepositoryElsewhere.REPO,
              Optional.of(branch),
              new Sync.Options(claim.tag(), RepositoryPicture.TIME, false, false));
      elsewhere.copied();
      SyncReport.RefChange change = report.refs().get(0);
      turn.expect("moved from", change.before(), before);
      if (change.before().equals(change.after())) {
        claim.notDone();
      } else if (turn.isUndisturbed) {
        claim.done();
      }
    }
  }

  /** Begins a run and records how it ended. */
  record Run() implements RepositoryAct {
    @Override
    public void play(Turn turn) {
      Claim begun = turn.claim(StoreLayout.RUNS);
      turn.store.runs().begin(submission(begun.tag()));
      begun.done();
      Claim ended = turn.claim(StoreLayout.runLog(begun.tag()));
      turn.store.runs().record(begun.tag(), CanonicalJson.object().put("state", ended.tag()));
      ended.done();
      assertThat(turn.store.runs().newest(run -> run.path("run").asText().equals(begun.tag())))
          .isPresent();
    }

    private static ObjectNode submission(String run) {
      return CanonicalJson.object().put("run", run);
    }
  }
}
