// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.gc.CollectionLines;
import io.beamwright.versioning.gc.DroppedCommit;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.sync.Remote;
import io.beamwright.versioning.sync.Remotes;
import io.beamwright.versioning.tree.FileEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All that is read of a store, a line each; contents of files by the SHA-256 of what was read. */
final class StoreContents {

  private final Store store;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> commits = new TreeSet<>();
  private final Set<Sha256> trees = new TreeSet<>();

  private StoreContents(Store store) {
    this.store = store;
  }

  static List<String> of(Store store) {
    StoreContents contents = new StoreContents(store);
    store.repos().list().forEach(contents::repo);
    contents.work();
    contents.remotes();
    contents.leases();
    contents.collections();
    contents.moved();
    new StoreFeatures(store.storage()).names().forEach(name -> contents.line("feature", name));
    return List.copyOf(contents.lines);
  }

  private void line(Object... words) {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      texts.add(word.toString());
    }
    lines.add(String.join("\t", texts));
  }

  private void repo(Repo repo) {
    line("repo", repo.name(), repo.id(), repo.description(), repo.createdBy(), repo.createdAt());
    store
        .retentions()
        .of(repo)
        .ifPresent(rule -> line("retention", rule.words(), rule.by(), rule.at()));
    for (RefHead head : store.repos().refs(repo).list()) {
      line("ref", head.name(), head.number());
    }
    for (String name : List.of("master", "v1", "old", "feature/x", "nothing-yet", "side")) {
      for (RefEntry move : store.repos().refs(repo).moves(name, Integer.MAX_VALUE)) {
        String to = move.to().map(CommitId::hex).orElse("-");
        line("move", name, move.kind(), to, move.deleted(), move.by(), move.at(), move.why());
        move.to().ifPresent(this::commit);
      }
    }
  }

  private void commit(CommitId id) {
    if (commits.add(id.hex())) {
      Commit commit = store.commits().read(id);
      line("commit", id, CanonicalJson.text(commit.toJson()));
      Optional<DroppedCommit> dropped = store.droppedCommits().find(id);
      dropped.ifPresent(this::dropped);
      if (dropped.isEmpty()) {
        tree(commit.tree());
      }
      commit.datums().ifPresent(this::tree);
      commit.parents().forEach(this::commit);
      commit
          .provenance()
          .ifPresent(
              made -> line("spec", new String(store.files().readObject(made.spec()), UTF_8)));
    }
  }

  private void dropped(DroppedCommit dropped) {
    line("dropped", dropped.commit(), dropped.what(), dropped.rule(), dropped.by());
    if (dropped.what() == DroppedCommit.What.DATA) {
      store
          .history()
          .files(store.commits().read(dropped.commit()))
          .files()
          .forEach(file -> line("without bytes", file.path(), file.size(), file.sha256()));
    }
  }

  private void tree(Sha256 id) {
    if (trees.add(id)) {
      List<FileEntry> files = store.trees().open(id).files().toList();
      line("tree", id, files.size());
      // The many are alike.
      files.stream().filter(file -> !file.path().text().matches("/many/..+")).forEach(this::file);
    }
  }

  private void file(FileEntry file) {
    Sha256 read = Sha256.of(store.files().readAll(file.file()));
    line("file", file.path(), file.executable(), file.size(), read);
    if (file.size() > Packer.MOST_PACK_BYTES) {
      line("chunks", file.file().extents().stream().map(Extent::length).toList());
    }
    file.file().table().ifPresent(facts -> line("table", CanonicalJson.text(facts.toJson())));
  }

  private void work() {
    for (long number = 0; number <= store.attempts().newestNumber(); number++) {
      line("attempt", store.attempts().at(number).orElseThrow());
      store.journals().read(number, this::result);
    }
    for (int key = 1; key <= 3; key++) {
      Sha256 datum = Sha256.of(new byte[] {(byte) key});
      boolean merged = store.results().merged().find(datum).isPresent();
      line("known", datum, merged, store.results().known().find(datum).isPresent());
    }
    Sha256 job = Sha256.of(new byte[] {1});
    line(
        "job",
        job,
        store.jobs().commit(job).orElseThrow(),
        store.jobs().published(job).orElseThrow());
    line(
        "plan",
        store.jobs().plan(job).orElseThrow().path("datums"),
        store.jobs().plan(job, 0).orElseThrow());
    store.jobs().states(job).forEach(state -> line("state", state.path("state")));
    store
        .runs()
        .newestFirst(9)
        .forEach(
            run ->
                line(
                    "run",
                    run.path("run"),
                    store.runs().end(run.path("run").asText()).orElseThrow().path("state")));
  }

  private void result(DatumResult result) {
    line("result", CanonicalJson.text(result.toJson()));
    result.outputs().forEach(this::file);
  }

  private void remotes() {
    for (Remote remote : new Remotes(store.storage()).list()) {
      line("remote", remote.name(), remote.uri(), remote.options(), remote.by(), remote.at());
    }
  }

  private void leases() {
    for (String run : List.of("run-1", "run-2")) {
      for (NumberedLog.Entry entry :
          new NumberedLog(store.storage(), StoreLayout.leases(run)).newestFirst()) {
        String state =
            entry.read(store.storage(), "a lease", json -> json.required("state").textValue());
        line("lease", run, entry.number(), state);
      }
    }
  }

  private void collections() {
    lines.addAll(CollectionLines.of(store.storage(), "needed by nobody"));
  }

  private void moved() {
    for (Listed map : store.storage().list("moved/", Optional.empty(), 1_000)) {
      for (MovedMaps.Move move : new MovedMaps(store.storage()).read(map.key())) {
        Extent now = move.now();
        line("moved", map.key(), move.oldOffset(), now.length(), now.object(), now.offset());
      }
    }
  }
}
