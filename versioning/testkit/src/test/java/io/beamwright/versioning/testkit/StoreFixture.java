// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreFeature;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.gc.Collection;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.gc.Retention;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.merge.MergeOutcome;
import io.beamwright.versioning.merge.Merges;
import io.beamwright.versioning.merge.Prefer;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.sync.Remotes;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a store with one of everything that a version of Beamwright writes, and the list of what
 * is read of it: {@code main FOLDER NAME} makes {@code NAME.zip} and {@code NAME.txt}. What it
 * wrote once is kept, and every later version must read it: see CONTRIBUTING.md.
 */
final class StoreFixture {

  private static final Instant TIME = Instant.parse("2026-11-24T12:00:00.000001Z");
  private static final int MANY = 3_000;

  private final Store store;

  private StoreFixture(Store store) {
    this.store = store;
  }

  public static void main(String[] words) throws IOException {
    Path folder = Path.of(words[0]);
    Path root = Files.createTempDirectory("fixture");
    try (Store store = Store.openOrCreate(new LocalStorage(root))) {
      new StoreFixture(store).dropped();
    }
    collect(root);
    try (Store store = Store.open(new LocalStorage(root))) {
      StoreFixture fixture = new StoreFixture(store);
      fixture.write();
      fixture.history();
      fixture.large();
      fixture.realTable(folder);
      fixture.known();
      new StoreFeatures(store.storage()).add(StoreFeature.TEST, TIME);
    }
    try (Store store = Store.open(new LocalStorage(root))) {
      Files.write(folder.resolve(words[1] + ".txt"), StoreContents.of(store));
    }
    zip(root, folder.resolve(words[1] + ".zip"));
  }

  // --- what garbage collection leaves ---

  /**
   * A pack of which one file is needed, commits whose rule lets their files go, one of them with
   * its tree, and an object that nobody needs.
   */
  private void dropped() {
    Repo packed = store.repos().create("packed", "", "tester", TIME);
    retain(packed, false);
    commitAll(packed, "ten in a pack", files(10), List.of());
    List<FilePath> nine = new ArrayList<>();
    for (int i = 1; i < 10; i++) {
      nine.add(FilePath.of("/packed/" + i));
    }
    commitAll(packed, "one of them", List.of(), nine);
    Repo lighter = store.repos().create("lighter", "", "tester", TIME);
    retain(lighter, true);
    commit(lighter, "master", "bytes that go", put("/a", "these go"));
    commit(lighter, "master", "bytes that stay", put("/a", "these stay"));
  }

  private void retain(Repo repo, boolean dropData) {
    OptionalInt one = OptionalInt.of(1);
    store.retentions().set(repo, new Retention(one, OptionalInt.empty(), dropData, "tester", TIME));
  }

  private List<StoredFile> files(int count) {
    try (Packer packer = store.packer()) {
      List<PendingFile> pending = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pending.add(packer.add(StorageProcess.text("file " + i + " of a pack ".repeat(9))));
      }
      packer.flush();
      return pending.stream().map(PendingFile::stored).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void commitAll(Repo repo, String message, List<StoredFile> put, List<FilePath> deleted) {
    List<TreeEdit> edits = new ArrayList<>();
    for (int i = 0; i < put.size(); i++) {
      edits.add(new TreeEdit.Put(FileEntry.of(FilePath.of("/packed/" + i), false, put.get(i))));
    }
    deleted.forEach(path -> edits.add(new TreeEdit.Delete(path)));
    var unused =
        new Committer(store, "tester", TIME)
            .commit(
                repo,
                "master",
                message,
                Committer.Empty.ALLOWED,
                before -> store.trees().edit(before, edits));
  }

  /** A list that is swept, and another that stands. */
  private static void collect(Path root) throws IOException {
    Path scratch = Files.createTempDirectory("collection");
    Policy policy = new Policy(Duration.ZERO, Duration.ZERO, Duration.ZERO, 50, "tester");
    boolean swept = false;
    boolean listed = false;
    while (!swept || !listed) {
      // A store of its own each: what a process knows may be of before a sweep.
      try (Store store = Store.open(new LocalStorage(root))) {
        if (swept) {
          var unused = new StoreFixture(store).stored("needed by nobody");
        }
        Collection done = new Collector(store, policy, scratch).collect();
        listed = swept && done.listed().isPresent();
        swept |= done.swept().isPresent();
      }
    }
  }

  // --- what commands leave ---

  /** A merge, and a commit that undoes another. */
  private void history() {
    Repo repo = store.repos().create("history", "", "tester", TIME);
    commit(repo, "master", "base", put("/a", "a"), put("/b", "b"));
    Optional<CommitId> base = store.repos().refs(repo).head("master").commit();
    move(repo, "side", RefKind.BRANCH, base);
    CommitId left = commit(repo, "master", "left", put("/a", "left"));
    CommitId right = commit(repo, "side", "right", put("/b", "right"));
    Committer committer = new Committer(store, "tester", TIME);
    try (CommitGraph graph = new CommitGraph(store, repo, Optional.empty())) {
      Merges merges = new Merges(store, repo, committer, graph);
      var merged =
          merges.merge("master", right, "merged", Prefer.NEITHER, Merges.FastForward.IF_POSSIBLE);
      var reverted = merges.revert("master", left, "reverted", Prefer.NEITHER);
      if (!(merged instanceof MergeOutcome.Committed
          && reverted instanceof MergeOutcome.Committed)) {
        throw new IllegalStateException(merged + ", " + reverted);
      }
    }
  }

  /** A file that is cut into chunks. */
  private void large() {
    Repo repo = store.repos().create("large", "", "tester", TIME);
    commit(
        repo,
        "master",
        "chunks",
        (fixture, before) ->
            new TreeEdit.Put(
                FileEntry.of(FilePath.of("/chunks"), false, stored(new RepeatedBlocks(66 << 20)))));
  }

  /** A Parquet file with its facts, both of which the tests of transforms/tables made. */
  private void realTable(Path folder) throws IOException {
    Repo repo = store.repos().create("tables", "", "tester", TIME);
    byte[] parquet = Files.readAllBytes(folder.resolve("prices.parquet"));
    TableFacts facts =
        TableFacts.fromJson(
            CanonicalJson.parse(Files.readAllBytes(folder.resolve("prices.parquet.json"))));
    try (Packer packer = store.packer()) {
      PendingFile file = packer.addWhole(Content.of(parquet));
      packer.flush();
      commit(
          repo,
          "master",
          "Parquet",
          (fixture, before) ->
              new TreeEdit.Put(
                  FileEntry.of(
                      FilePath.of("/prices.parquet"), false, file.stored().withTable(facts))));
    }
  }

  /** A remote, a lease that ended and one that did not. */
  private void known() {
    Map<String, String> options = Map.of("s3.region", "eu-west-1");
    var unused =
        new Remotes(store.storage()).add("backup", "s3://bucket/store", options, "tester", TIME);
    Leases leases = new Leases(store.storage());
    leases.renew("run-1", TIME);
    leases.end("run-1", TIME);
    leases.renew("run-2", TIME);
  }

  // --- what the first store had ---

  private static void zip(Path root, Path zip) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private void write() {
    Repo repo = store.repos().create("Prices", "öffentlich", "tester", TIME);
    Repo gone = store.repos().create("gone", "", "tester", TIME);
    commit(gone, "master", "lost", put("/x", "x"));
    store.repos().delete(gone, "tester", TIME);
    Repo again = store.repos().create("gone", "another", "tester", TIME);
    commit(again, "master", "found", put("/y", "y"));

    CommitId first =
        commit(
            repo,
            "master",
            "first",
            put("/2017/ä b.csv", "1,2\n"),
            put("/run.sh", "#!", true),
            put("/empty", ""));
    commit(
        repo,
        "master",
        "a file that is an object",
        put("/large", "0123456789abcdef".repeat(70_000)));
    commit(repo, "master", "appended", append("/large", "the end"));
    commit(repo, "master", "a tree of several nodes", many());
    CommitId table = commit(repo, "master", "a table", table());
    commit(repo, "feature/x", "elsewhere", put("/z", "z"));
    move(repo, "v1", RefKind.TAG, Optional.of(first));
    move(repo, "old", RefKind.BRANCH, Optional.of(first));
    delete(repo, "old");
    move(repo, "nothing-yet", RefKind.BRANCH, Optional.empty());
    run(table);
  }

  /** What a run of one stage leaves. */
  private void run(CommitId input) {
    Sha256 job = Sha256.of(new byte[] {1});
    String run = "0123456789abcdef".repeat(2);
    store.runs().begin(CanonicalJson.object().put("run", run).put("author", "tester"));
    Repo output = store.repos().create("out", "", "tester", TIME);
    ObjectNode plan = CanonicalJson.object().put("repo", output.name());
    plan.put("repo_id", output.id().hex()).put("branch", "master").put("author", "tester");
    plan.put("time", TIME.toString()).put("message", "made").put("datums", 2);
    plan.set("provenance", provenance(input, job, run, 0).toJson());
    plan.putArray("segments").add(stored("{\"key\":\"" + job + "\"}\n").toJson());
    store.jobs().fixPlan(job, plan);
    Attempt attempt = store.attempts().begin(job, run, "stage", TIME, 2, 2);
    store.jobs().writePlan(job, attempt.number(), plan);
    FileEntry out = FileEntry.of(FilePath.of("/out"), false, stored("result"));
    List<DatumResult> results = List.of(result(1, List.of(out)), result(2, List.of()));
    store.journals().write(attempt.number(), results);
    var merged = store.results().merge(attempt, TIME);
    Attempt open = store.attempts().begin(job, run, "stage", TIME, 1, 1);
    store.journals().write(open.number(), List.of(result(3, List.of(out))));

    Tree files = store.trees().edit(store.trees().empty(), List.of(new TreeEdit.Put(out)));
    ObjectNode done = CanonicalJson.object();
    done.putObject("datum").put("key", Sha256.of(new byte[] {1}).hex());
    done.set("result", results.get(0).toJson());
    Tree datums =
        store
            .trees()
            .edit(
                store.trees().empty(),
                List.of(
                    put("/datums/" + Sha256.of(new byte[] {1}), CanonicalJson.text(done))
                        .edit(this, store.trees().empty())));
    Commit commit =
        new Commit(
            output.name(),
            output.id(),
            List.of(),
            0,
            files.id(),
            Optional.of(datums.id()),
            "tester",
            TIME,
            "made",
            Optional.of(provenance(input, job, run, merged.added())));
    CommitId id = store.commits().write(commit);
    store.jobs().publish(job, id);
    move(output, "master", RefKind.BRANCH, Optional.of(id));
    ObjectNode ended = CanonicalJson.object().put("state", "SUCCESS").put("commit", id.hex());
    ended.put("at", TIME.toString()).put("attempt", attempt.number());
    ended.put("added", merged.added()).put("contradicted", 0).putArray("contradictions");
    store.jobs().record(job, ended);
    store.runs().record(run, CanonicalJson.object().put("state", "SUCCESS"));
  }

  private Provenance provenance(CommitId input, Sha256 job, String run, long added) {
    StoredFile spec = stored("{\"added\":" + added + "}");
    return new Provenance(
        List.of(new Provenance.Input("prices", "Prices", "master", input)),
        spec.sha256(),
        Optional.empty(),
        List.of(new Provenance.Command("uname", "Linux")),
        List.of(),
        new TreeMap<>(),
        "test",
        "direct",
        "",
        run,
        job,
        job,
        "stage");
  }

  private static DatumResult result(int key, List<FileEntry> outputs) {
    boolean isGood = !outputs.isEmpty();
    return new DatumResult(
        Sha256.of(new byte[] {(byte) key}),
        isGood ? DatumResult.State.SUCCESS : DatumResult.State.FAILED,
        outputs,
        Optional.empty(),
        CanonicalJson.object().put("exit_code", isGood ? 0 : 1));
  }

  /** A change of one file, made when the tree before it is known. */
  private interface Change {
    TreeEdit edit(StoreFixture fixture, Tree before);
  }

  private static Change put(String path, String text) {
    return put(path, text, false);
  }

  private static Change put(String path, String text, boolean executable) {
    return (fixture, before) ->
        new TreeEdit.Put(FileEntry.of(FilePath.of(path), executable, fixture.stored(text)));
  }

  private static Change append(String path, String text) {
    return (fixture, before) -> {
      StoredFile file = before.find(FilePath.of(path)).orElseThrow().file();
      StoredFile whole = fixture.store.files().concat(file, fixture.stored(text));
      return new TreeEdit.Put(FileEntry.of(FilePath.of(path), false, whole));
    };
  }

  private static Change[] many() {
    Change[] changes = new Change[MANY];
    for (int i = 0; i < MANY; i++) {
      changes[i] = put("/many/" + i, "the same");
    }
    return changes;
  }

  private static Change table() {
    return (fixture, before) -> {
      TableFacts.ColumnFacts column =
          new TableFacts.ColumnFacts(1, Optional.of(2L), Optional.of("-1"), Optional.of("9"));
      TableFacts facts = new TableFacts("{\"fields\":[]}", 3, Optional.of("00ff"), List.of(column));
      StoredFile file = fixture.stored("as if it were Parquet").withTable(facts);
      return new TreeEdit.Put(FileEntry.of(FilePath.of("/part-00000.parquet"), false, file));
    };
  }

  private CommitId commit(Repo repo, String branch, String message, Change... changes) {
    Committer committer = new Committer(store, "tester", TIME);
    return committer
        .commit(
            repo,
            branch,
            message,
            Committer.Empty.ALLOWED,
            before -> {
              List<TreeEdit> edits = new ArrayList<>();
              for (Change change : changes) {
                edits.add(change.edit(this, before));
              }
              return store.trees().edit(before, edits);
            })
        .head()
        .orElseThrow();
  }

  private StoredFile stored(String text) {
    return stored(StorageProcess.text(text));
  }

  private StoredFile stored(Content content) {
    try (Packer packer = store.packer()) {
      var file = packer.add(content);
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void move(Repo repo, String name, RefKind kind, Optional<CommitId> to) {
    Refs refs = store.repos().refs(repo);
    RefHead head = refs.head(name);
    var unused = refs.move(head, kind, new RefMove(to, "tester", TIME, "moved", Optional.empty()));
  }

  private void delete(Repo repo, String name) {
    Refs refs = store.repos().refs(repo);
    RefMove move = new RefMove(Optional.empty(), "tester", TIME, "deleted", Optional.empty());
    var unused = refs.delete(refs.head(name), move);
  }
}
