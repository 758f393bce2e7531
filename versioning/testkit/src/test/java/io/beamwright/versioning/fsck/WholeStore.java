// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Fills a store with one of everything that a store can hold. */
final class WholeStore {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private final Storage storage;
  private final Store store;

  private WholeStore(Storage storage) {
    this.storage = storage;
    this.store = Store.openOrCreate(storage);
  }

  /** Fills {@code storage}, which is empty. */
  static void fill(Storage storage) {
    new WholeStore(storage).fill();
  }

  private void fill() {
    Repo data = store.repos().create("data", "what people put", "ann", NOW);
    Tree first = store.trees().build(files(1_100, "x").iterator());
    CommitId one = commit(data, "master", first, Optional.empty());
    CommitId two = commit(data, "master", edited(first, 7), Optional.empty());
    CommitId three = commit(data, "master", edited(first, 8), Optional.empty());
    move(data, "v1", RefKind.TAG, Optional.of(two), Optional.empty());
    move(data, "dev/x", RefKind.BRANCH, Optional.of(one), Optional.empty());
    commit(data, "dev/x", edited(first, 9), Optional.empty());
    move(data, "empty", RefKind.BRANCH, Optional.empty(), Optional.empty());
    deletedThings(data, one);
    odd(data);
    Repo model = store.repos().create("model", "", "ann", NOW);
    job(model, three, "r1", 6);
    job(model, three, "r2", 8);
    failedJob(model, three, "r3");
    transaction(data, two, three);
    generations();
  }

  // What lies where it lies for a reason: many extents, wide tables, large files, moved packs.
  private void odd(Repo data) {
    List<FileEntry> files = new ArrayList<>();
    files.add(
        entry("/empty", new StoredFile(0, Sha256.of(new byte[0]), List.of(), Optional.empty())));
    files.add(entry("/large", stored(bytes(1_500_000))));
    files.add(entry("/many", manyExtents()));
    files.add(entry("/moved", moved()));
    files.add(entry("/table", wideTable()));
    commit(data, "odd", store.trees().build(files.iterator()), Optional.empty());
  }

  private StoredFile moved() {
    StoredFile before = stored("before it moved".getBytes(UTF_8));
    ObjectRef old = before.extents().get(0).object();
    // The same bytes after some others, in another pack.
    StoredFile now = stored("others, and before it moved".getBytes(UTF_8));
    Extent there =
        new Extent(now.extents().get(0).object(), now.size() - before.size(), before.size());
    byte[] map = MovedMaps.encode(List.of(new MovedMaps.Move(0, there)));
    create(StoreLayout.movedMap(old.id(), 0), map);
    storage.delete(StoreLayout.object(old.id(), 0));
    return before;
  }

  private void deletedThings(Repo data, CommitId one) {
    move(data, "gone", RefKind.BRANCH, Optional.of(one), Optional.empty());
    Refs refs = store.repos().refs(data);
    var unused =
        refs.delete(
            refs.head("gone"), new RefMove(Optional.empty(), "bob", NOW, "old", Optional.empty()));
    Repo old = store.repos().create("old", "", "ann", NOW);
    commit(old, "master", store.trees().build(files(3, "old").iterator()), Optional.empty());
    store.repos().delete(old, "bob", NOW);
  }

  /** A run of a stage that reads {@code input}: everything that the corridor leaves. */
  private void job(Repo model, CommitId input, String run, int datums) {
    beginRun(run);
    Refs refs = store.repos().refs(model);
    Optional<CommitId> head = refs.head("master").commit();
    Sha256 job = Sha256.of(("job " + run).getBytes(UTF_8));
    Provenance made = provenance(input, run, job);
    ObjectNode plan = plan(model, head, made, datums);
    var unused = store.jobs().fixPlan(job, plan);
    Attempt attempt = store.attempts().begin(job, run, "model", NOW, datums, datums);
    store.jobs().writePlan(job, attempt.number(), plan);
    List<DatumResult> results = IntStream.range(0, datums).mapToObj(i -> result(run, i)).toList();
    store.journals().write(attempt.number(), results.subList(0, datums / 2));
    store.journals().write(attempt.number(), results.subList(datums / 2, datums));
    var merged = store.results().merge(attempt, NOW);
    Commit commit =
        new Commit(
            model.name(),
            model.id(),
            head.stream().toList(),
            head.map(id -> store.commits().read(id).depth() + 1).orElse(0L),
            tree(results.stream().flatMap(r -> r.outputs().stream()).toList()).id(),
            Optional.of(datumTree(results).id()),
            "ann",
            NOW,
            "",
            Optional.of(made));
    CommitId id = store.jobs().publish(job, store.commits().write(commit));
    move(model, "master", RefKind.BRANCH, Optional.of(id), Optional.of(job));
    ObjectNode state = CanonicalJson.object().put("at", NOW.toString());
    state.put("attempt", attempt.number()).put("added", merged.added()).put("contradicted", 0);
    state.put("state", "SUCCESS").put("commit", id.hex()).putArray("contradictions");
    store.jobs().record(job, state);
    endRun(run, "SUCCESS");
  }

  private void failedJob(Repo model, CommitId input, String run) {
    beginRun(run);
    Sha256 job = Sha256.of(("job " + run).getBytes(UTF_8));
    ObjectNode plan = plan(model, Optional.empty(), provenance(input, run, job), 1);
    var unused = store.jobs().fixPlan(job, plan);
    Attempt attempt = store.attempts().begin(job, run, "model", NOW, 1, 1);
    store.jobs().writePlan(job, attempt.number(), plan);
    DatumResult failed =
        new DatumResult(
            Sha256.of(run.getBytes(UTF_8)),
            DatumResult.State.FAILED,
            List.of(),
            Optional.of(stored("no such file".getBytes(UTF_8))),
            CanonicalJson.object());
    store.journals().write(attempt.number(), List.of(failed));
    printed(attempt, failed.key(), 0, "no such");
    printed(attempt, failed.key(), 7, " file");
    var merged = store.results().merge(attempt, NOW);
    ObjectNode state = CanonicalJson.object().put("at", NOW.toString());
    state.put("attempt", attempt.number()).put("added", merged.added()).put("state", "FAILURE");
    state.put("failed", 1);
    store.jobs().record(job, state);
    endRun(run, "FAILURE");
  }

  private void printed(Attempt attempt, Sha256 datum, long offset, String text) {
    LogSegment.Stream stream = new LogSegment.Stream(datum, "a copy", 1);
    LogSegment segment = new LogSegment(stream, offset, text.getBytes(UTF_8));
    boolean unused = store.liveLog(attempt.number()).append(segment);
  }

  private ObjectNode plan(Repo model, Optional<CommitId> head, Provenance made, int datums) {
    ObjectNode plan = CanonicalJson.object();
    plan.put("repo", model.name()).put("repo_id", model.id().hex()).put("branch", "master");
    head.ifPresent(id -> plan.put("head", id.hex()));
    plan.put("author", "ann").put("time", NOW.toString()).put("message", "");
    plan.set("provenance", made.toJson());
    plan.putArray("segments").add(stored(("segment of " + made.run()).getBytes(UTF_8)).toJson());
    return plan.put("datums", datums);
  }

  private Provenance provenance(CommitId input, String run, Sha256 job) {
    Tree code = tree(List.of(file("/main.py", "print('" + run + "')")));
    return new Provenance(
        List.of(new Provenance.Input("data", "data", "master", input)),
        stored(("{\"pipeline\":\"" + run + "\"}").getBytes(UTF_8), true).sha256(),
        Optional.of(code.id()),
        List.of(new Provenance.Command("pip freeze", "a==1")),
        List.of(),
        new TreeMap<>(),
        "1",
        "direct",
        "process/1",
        run,
        job,
        job,
        "model");
  }

  private DatumResult result(String run, int i) {
    return new DatumResult(
        Sha256.of((run + i).getBytes(UTF_8)),
        DatumResult.State.SUCCESS,
        List.of(file("/" + run + "/" + i, "output " + run + i)),
        Optional.of(stored(("log " + run + i).getBytes(UTF_8))),
        CanonicalJson.object().put("exit_code", 0));
  }

  private Tree datumTree(List<DatumResult> results) {
    List<FileEntry> files = new ArrayList<>();
    for (DatumResult result : results) {
      ObjectNode json = CanonicalJson.object();
      json.putObject("datum").put("key", result.key().hex());
      json.set("result", result.toJson());
      files.add(file("/datums/" + result.key().hex(), CanonicalJson.text(json)));
    }
    return tree(files);
  }

  private void beginRun(String run) {
    ObjectNode submission = CanonicalJson.object().put("run", run).put("author", "ann");
    submission.put("time", NOW.toString());
    ObjectNode spec = CanonicalJson.object().put("name", "model.json").put("folder", "/");
    spec.set("text", stored(("spec of " + run).getBytes(UTF_8), true).toJson());
    submission.putArray("specs").add(spec);
    store.runs().begin(submission);
  }

  private void endRun(String run, String state) {
    store.runs().record(run, CanonicalJson.object().put("state", state).put("at", NOW.toString()));
  }

  private void transaction(Repo data, CommitId two, CommitId three) {
    create(StoreLayout.transaction("t1"), "committed".getBytes(UTF_8));
    ObjectNode json = CanonicalJson.object().put("kind", "branch").put("to", two.hex());
    json.put("deleted", false).put("by", "ann").put("at", NOW.toString()).put("why", "together");
    json.put("transaction", "t1").put("token", "t");
    NumberedLog log = new NumberedLog(storage, StoreLayout.refLog(data.id(), "both"));
    log.append(SummedJson.bytes(json));
    move(data, "both", RefKind.BRANCH, Optional.of(three), Optional.empty());
  }

  // The same thing again, as a writer stores it who found the one before condemned.
  private void generations() {
    for (String space : List.of("objects/", "trees/")) {
      var keys = storage.list(space, Optional.empty(), 1_000);
      for (int i : new int[] {0, keys.size() / 2}) {
        StorageKey key = keys.get(i).key();
        byte[] bytes = storage.read(key, 0, Integer.MAX_VALUE);
        create(new StorageKey(key + "-1"), bytes);
        if (i > 0) {
          storage.delete(key);
        }
      }
    }
  }

  private void create(StorageKey key, byte[] bytes) {
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  private CommitId commit(Repo repo, String branch, Tree tree, Optional<Sha256> job) {
    Optional<CommitId> head = store.repos().refs(repo).head(branch).commit();
    Commit commit =
        new Commit(
            repo.name(),
            repo.id(),
            head.stream().toList(),
            head.map(id -> store.commits().read(id).depth() + 1).orElse(0L),
            tree.id(),
            Optional.empty(),
            "ann",
            NOW,
            "put files",
            Optional.empty());
    CommitId id = store.commits().write(commit);
    move(repo, branch, RefKind.BRANCH, Optional.of(id), job);
    return id;
  }

  private void move(
      Repo repo, String name, RefKind kind, Optional<CommitId> to, Optional<Sha256> job) {
    Refs refs = store.repos().refs(repo);
    RefHead head = refs.head(name);
    var unused = refs.move(head, kind, new RefMove(to, "ann", NOW, "put files", job));
  }

  private Tree edited(Tree tree, int i) {
    FileEntry changed = file("/f/%05d".formatted(i), "changed to " + i);
    return store.trees().edit(tree, List.of(new TreeEdit.Put(changed)));
  }

  private List<FileEntry> files(int count, String content) {
    try (Packer packer = store.packer()) {
      List<PendingFile> pending = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pending.add(packer.add(Content.of((content + i).getBytes(UTF_8))));
      }
      packer.flush();
      return IntStream.range(0, count)
          .mapToObj(i -> entry("/f/%05d".formatted(i), pending.get(i).stored()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StoredFile manyExtents() {
    StoredFile all = stored("0".getBytes(UTF_8));
    for (int i = 1; i < 70; i++) {
      all = store.files().concat(all, stored(Integer.toString(i % 3).getBytes(UTF_8)));
    }
    return all;
  }

  private StoredFile wideTable() {
    List<TableFacts.ColumnFacts> columns =
        IntStream.range(0, 300)
            .mapToObj(
                i ->
                    new TableFacts.ColumnFacts(
                        i, Optional.of(0L), Optional.of("least"), Optional.empty()))
            .toList();
    return stored("PAR1".getBytes(UTF_8), true)
        .withTable(new TableFacts("{}", 1, Optional.empty(), columns));
  }

  private Tree tree(List<FileEntry> files) {
    List<FileEntry> sorted = new ArrayList<>(files);
    sorted.sort(Comparator.comparing(FileEntry::path));
    return store.trees().build(sorted.iterator());
  }

  private FileEntry file(String path, String content) {
    return entry(path, stored(content.getBytes(UTF_8)));
  }

  private static FileEntry entry(String path, StoredFile file) {
    return FileEntry.of(new FilePath(path), false, file);
  }

  private StoredFile stored(byte[] content) {
    return stored(content, false);
  }

  private StoredFile stored(byte[] content, boolean whole) {
    try (Packer packer = store.packer()) {
      PendingFile pending =
          whole ? packer.addWhole(Content.of(content)) : packer.add(Content.of(content));
      packer.flush();
      return pending.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
