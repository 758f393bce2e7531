// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** A store, and runs of specs on it as tests need them. */
public final class Workshop implements AutoCloseable {

  private final Path scratch;
  private final StorageLocation location;
  private final Store store;

  /** On the store at {@code uri}, which is made if it is absent. */
  public Workshop(String uri, Path scratch) {
    this(StorageLocation.parse(uri), StorageLocation.parse(uri).open(), scratch);
  }

  /** On the store in {@code storage}, where nothing runs that has to find it by its URI. */
  public Workshop(Storage storage, Path scratch) {
    this(StorageLocation.parse("file:" + scratch.resolve("elsewhere")), storage, scratch);
  }

  private Workshop(StorageLocation location, Storage storage, Path scratch) {
    this.scratch = scratch;
    this.location = location;
    this.store = Store.openOrCreate(storage);
  }

  /** On a store in {@code folder}. */
  public static Workshop in(Path folder) {
    folder.toFile().mkdirs();
    return new Workshop("file:" + folder.resolve("store"), folder);
  }

  public Store store() {
    return store;
  }

  /** The pipeline of {@code spec}, whose code lies in the scratch folder. */
  public Pipeline pipeline(String spec) {
    return Corridor.read(
        List.of(new SpecSource("test.json", scratch, spec)), StepCatalog.load(), Set.of("direct"));
  }

  /** What is the same for the stages of a new run. */
  public RunContext newRun() {
    return newRun(RunnerDefaults.here("direct"));
  }

  /** The same on another runner. */
  public RunContext newRun(RunnerDefaults runner) {
    return new RunContext(
        store,
        location,
        UUID.randomUUID().toString().replace("-", ""),
        "tester",
        Instant.now(),
        "test",
        runner,
        // Not the test's own folder: programs of root run as another user, who may not enter it.
        Path.of(System.getProperty("java.io.tmpdir")),
        Clock.systemUTC(),
        new StopRequest(),
        false);
  }

  /** Runs {@code spec} on {@code engine}. */
  public RunReport run(String spec, GraphEngine engine) {
    return run(spec, runner -> engine);
  }

  /** Runs {@code spec} where nothing may have to run. */
  public RunReport runWithoutEngine(String spec) {
    return run(
        spec,
        runner -> {
          throw new AssertionError("something would run");
        });
  }

  /** Runs {@code spec} on {@code engine}; some of its inputs, by branch, are pinned already. */
  public RunReport run(String spec, GraphEngine engine, Map<String, CommitId> pinned) {
    return new Corridor(newRun(), runner -> engine, RunEvents.NONE).run(pipeline(spec), pinned);
  }

  private RunReport run(String spec, Function<RunnerUse, GraphEngine> engine) {
    return new Corridor(newRun(), engine, RunEvents.NONE).run(pipeline(spec));
  }

  /** Makes the files of {@code repo} these. */
  public CommitId put(String repo, Map<String, String> files) {
    Repo there = store.repos().createIfAbsent(repo, "", "tester", Instant.now());
    SortedMap<FilePath, PendingFile> pending = new TreeMap<>();
    try (Packer packer = store.packer()) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Content content = Content.of(file.getValue().getBytes(UTF_8));
        pending.put(new FilePath(file.getKey()), packer.add(content));
      }
      packer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Committer(store, "tester", Instant.now())
        .commit(
            there,
            Revision.DEFAULT_BRANCH,
            "put",
            Committer.Empty.ALLOWED,
            before ->
                store
                    .trees()
                    .build(
                        pending.entrySet().stream()
                            .map(f -> FileEntry.of(f.getKey(), false, f.getValue().stored()))
                            .iterator()))
        .head()
        .orElseThrow();
  }

  /** Makes a branch of {@code repo} where the default one stands. */
  public void branch(String repo, String name) {
    Refs refs = store.repos().refs(store.repos().require(repo));
    move(refs, name, refs.head(Revision.DEFAULT_BRANCH).commit());
  }

  /** Moves the default branch of {@code repo} to {@code commit}, as {@code move branch} does. */
  public void rewind(String repo, CommitId commit) {
    Refs refs = store.repos().refs(store.repos().require(repo));
    move(refs, Revision.DEFAULT_BRANCH, Optional.of(commit));
  }

  private static void move(Refs refs, String name, Optional<CommitId> to) {
    RefMove move = new RefMove(to, "tester", Instant.now(), "moved", Optional.empty());
    if (refs.move(refs.head(name), RefKind.BRANCH, move) instanceof BranchMove.Stale) {
      throw new AssertionError("somebody else moved " + name);
    }
  }

  /** The plan of the only stage of {@code spec}, some of whose inputs may be pinned already. */
  public Plan plan(String spec, Map<String, CommitId> pinned) {
    return new Planner(newRun()).pin(pipeline(spec).stages().get(0), pinned);
  }

  /** The commit that {@code revision} names. */
  public History.Named commit(String revision) {
    return store.history().resolve(Revision.parse(revision));
  }

  /** The texts of the files of a commit, by path. */
  public SortedMap<String, String> texts(String revision) {
    SortedMap<String, String> texts = new TreeMap<>();
    store
        .history()
        .files(commit(revision).commit())
        .files()
        .forEach(
            file ->
                texts.put(
                    file.path().text(), new String(store.files().readAll(file.file()), UTF_8)));
    return texts;
  }

  /** The entries of the log of {@code repo}'s default branch, newest first. */
  public List<RefEntry> moves(String repo) {
    return store
        .repos()
        .refs(store.repos().require(repo))
        .moves(Revision.DEFAULT_BRANCH, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    store.close();
  }
}
