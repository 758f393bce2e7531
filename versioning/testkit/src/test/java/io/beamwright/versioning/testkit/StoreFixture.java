// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      new StoreFixture(store).write();
      Files.write(folder.resolve(words[1] + ".txt"), StoreContents.of(store));
    }
    zip(root, folder.resolve(words[1] + ".zip"));
  }

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
    store.jobs().fixPlan(job, CanonicalJson.object().put("datums", 2));
    Attempt attempt = store.attempts().begin(job, run, "stage", TIME, 2, 2);
    store.jobs().writePlan(job, attempt.number(), CanonicalJson.object().put("datums", 2));
    FileEntry out = FileEntry.of(FilePath.of("/out"), false, stored("result"));
    List<DatumResult> results = List.of(result(1, List.of(out)), result(2, List.of()));
    store.journals().write(attempt.number(), results);
    var merged = store.results().merge(attempt, TIME);
    Attempt open = store.attempts().begin(job, run, "stage", TIME, 1, 1);
    store.journals().write(open.number(), List.of(result(3, List.of(out))));

    Repo output = store.repos().create("out", "", "tester", TIME);
    Tree files = store.trees().edit(store.trees().empty(), List.of(new TreeEdit.Put(out)));
    Tree datums =
        store
            .trees()
            .edit(
                store.trees().empty(),
                List.of(
                    put("/datums/" + Sha256.of(new byte[] {1}), "{}")
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
    try (Packer packer = store.packer()) {
      var file = packer.add(StorageProcess.text(text));
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
