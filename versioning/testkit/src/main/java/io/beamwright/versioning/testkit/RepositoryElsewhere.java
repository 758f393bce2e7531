// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.RunCopy;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.CopiedResults;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.testkit.RepositoryPicture.Claim;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Another store, without troubles: a repo with two commits that jobs made, each named by a branch,
 * and what that store tells of the jobs and of their runs.
 */
final class RepositoryElsewhere {

  /** The repo's name, which no other act uses. */
  static final String REPO = "elsewhere";

  /** The branches that name its commits, the older first. */
  static final List<String> BRANCHES = List.of("older", "newer");

  private static final Instant PLANNED = Instant.parse("2026-11-20T08:00:00Z");

  private final Store store = Store.openOrCreate(new MemoryStorage());
  private final RepositoryPicture picture;
  private final Claim created;
  private final Repo repo;
  private final SortedMap<String, SortedSet<String>> told = new TreeMap<>();

  RepositoryElsewhere(RepositoryPicture picture) {
    this.picture = picture;
    this.created = picture.claim(StoreLayout.repoLog(REPO));
    this.repo = store.repos().create(REPO, created.tag(), "tester", RepositoryPicture.TIME);
    Optional<Commit> parent = Optional.empty();
    for (String branch : BRANCHES) {
      parent = Optional.of(job(branch, parent));
    }
  }

  Store store() {
    return store;
  }

  Repo repo() {
    return repo;
  }

  /** Where {@code branch} is here. */
  CommitId head(String branch) {
    return store.repos().refs(repo).head(branch).commit().orElseThrow();
  }

  /** Somebody was told that the repo was copied. */
  void copied() {
    created.done();
  }

  // --- what is here ---

  /** A run of one stage, and all that it leaves; gives its commit. */
  private Commit job(String branch, Optional<Commit> parent) {
    String run = "run of " + branch;
    Sha256 job = Sha256.of(run.getBytes(UTF_8));
    ObjectNode submission = CanonicalJson.object().put("run", run).put("author", "tester");
    submission.put("time", PLANNED.toString()).putArray("specs");
    store.runs().begin(submission);
    ObjectNode plan = CanonicalJson.object().put("time", PLANNED.toString());
    plan.putArray("segments").add(stored("segment of " + branch).toJson());
    var unused = store.jobs().fixPlan(job, plan);
    Attempt attempt = store.attempts().begin(job, run, "stage", PLANNED, 2, 2);
    store.jobs().writePlan(job, attempt.number(), plan);
    List<DatumResult> results = List.of(result(branch, 0), result(branch, 1));
    store.journals().write(attempt.number(), results);
    Commit commit = commit(branch, parent, provenance(run, job), results);
    CommitId id = store.jobs().publish(job, store.commits().write(commit));
    Refs refs = store.repos().refs(repo);
    RefMove move =
        new RefMove(Optional.of(id), "tester", RepositoryPicture.TIME, "", Optional.of(job));
    var unusedMove = refs.move(refs.head(branch), RefKind.BRANCH, move);
    ObjectNode state = CanonicalJson.object().put("state", "SUCCESS").put("commit", id.hex());
    store.jobs().record(job, state.put("attempt", attempt.number()).put("at", PLANNED.toString()));
    ObjectNode end = CanonicalJson.object().put("state", "SUCCESS").put("at", PLANNED.toString());
    store.runs().record(run, end);
    told.put(job.hex(), told(job, run, attempt, results));
    return commit;
  }

  private Commit commit(
      String branch, Optional<Commit> parent, Provenance made, List<DatumResult> results) {
    RepositoryAct.Edit edit = new RepositoryAct.Put("/" + branch, "made of " + branch, false);
    Claim claim = picture.claim(StoreLayout.refLog(repo.id(), branch), List.of(edit));
    Tree before = parent.map(store.history()::files).orElse(store.trees().empty());
    return new Commit(
        REPO,
        repo.id(),
        parent.map(commit -> store.commits().write(commit)).stream().toList(),
        parent.map(commit -> commit.depth() + 1).orElse(0L),
        edit.make(store, before).id(),
        Optional.of(datums(results).id()),
        "tester",
        RepositoryPicture.TIME,
        claim.tag(),
        Optional.of(made));
  }

  private Tree datums(List<DatumResult> results) {
    List<TreeEdit> edits = new ArrayList<>();
    for (DatumResult result : results) {
      ObjectNode json = CanonicalJson.object();
      json.putObject("datum").put("key", result.key().hex());
      json.set("result", result.toJson());
      edits.add(new TreeEdit.Put(file("/datums/" + result.key(), CanonicalJson.text(json))));
    }
    return store.trees().edit(store.trees().empty(), edits);
  }

  private DatumResult result(String branch, int datum) {
    return new DatumResult(
        Sha256.of((branch + datum).getBytes(UTF_8)),
        DatumResult.State.SUCCESS,
        List.of(file("/" + branch, "made of " + branch)),
        Optional.of(stored("printed by " + branch + datum)),
        CanonicalJson.object().put("exit_code", 0));
  }

  private Provenance provenance(String run, Sha256 job) {
    return new Provenance(
        List.of(),
        stored("spec of " + run).extents().get(0).object().id(),
        Optional.empty(),
        List.of(),
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

  private FileEntry file(String path, String text) {
    return FileEntry.of(FilePath.of(path), false, stored(text));
  }

  private StoredFile stored(String text) {
    try (Packer packer = store.packer()) {
      PendingFile file = packer.addWhole(Content.of(text.getBytes(UTF_8)));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- what is told of it ---

  private SortedSet<String> told(
      Sha256 job, String run, Attempt attempt, List<DatumResult> results) {
    SortedSet<String> lines = new TreeSet<>();
    lines.add("attempt " + attempt);
    lines.add("states " + store.jobs().states(job));
    results.forEach(result -> lines.add(line(store, result)));
    lines.add(
        line(
            new RunCopy(
                store.runs().newest(one -> one.path("run").asText().equals(run)).orElseThrow(),
                store.runs().end(run).orElseThrow())));
    return lines;
  }

  private static String line(Store store, DatumResult result) {
    String log = new String(store.files().readAll(result.log().orElseThrow()), UTF_8);
    return "result " + result.key() + result.state() + result.facts() + log;
  }

  private static String line(RunCopy run) {
    return "run " + run.toJson();
  }

  /**
   * In {@code copy}, what is told of a job is told whole, and it is told of each commit that is
   * there.
   */
  void compare(Store copy) {
    for (Sha256 job : copy.copies().jobs().toList()) {
      assertThat(toldIn(copy, job)).as("told of " + job).isEqualTo(told.get(job.hex()));
    }
    for (String branch : BRANCHES) {
      CommitId commit = head(branch);
      String key = StoreLayout.commit(commit.digest()).text();
      if (!copy.storage().list(key, Optional.empty(), 1).isEmpty()) {
        Sha256 job = copy.commits().read(commit).provenance().orElseThrow().job();
        assertThat(copy.copies().has(job, PLANNED)).as("told of the job of " + commit).isTrue();
      }
    }
  }

  private static SortedSet<String> toldIn(Store copy, Sha256 job) {
    SortedSet<String> lines = new TreeSet<>();
    JobCopy of = copy.copies().find(job, PLANNED).orElseThrow();
    of.attempts().forEach(attempt -> lines.add("attempt " + attempt));
    lines.add("states " + of.states());
    CopiedResults.forEach(of, copy.files(), result -> lines.add(line(copy, result)));
    Map<String, Attempt> runs = new TreeMap<>();
    of.attempts().forEach(attempt -> runs.put(attempt.run(), attempt));
    copy.copies()
        .runs()
        .filter(run -> runs.containsKey(run.run()))
        .forEach(run -> lines.add(line(run)));
    return lines;
  }
}
