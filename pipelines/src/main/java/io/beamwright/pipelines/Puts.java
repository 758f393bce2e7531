// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.LocalFiles;
import io.beamwright.versioning.LocalPut;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.TransferProgress;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.ref.MissingRef;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.tree.Tree;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes repos equal to folders of this machine before a run. */
public final class Puts {

  private final Store store;
  private final String author;
  private final Instant time;
  private final Inspection inspection;
  private final Optional<LocalCache> cache;

  /** Puts into {@code store} by {@code author} at {@code time}, tables known as such. */
  public Puts(Store store, String author, Instant time) {
    this(store, author, time, Inspection.ofClassPath(Inspection.Rows.UNREAD), Optional.empty());
  }

  /**
   * The same, each file looked at as {@code inspection} says, but not read if {@code cache}
   * remembers that it did not change.
   */
  public Puts(
      Store store, String author, Instant time, Inspection inspection, Optional<LocalCache> cache) {
    this.store = store;
    this.author = author;
    this.time = time;
    this.inspection = inspection;
    this.cache = cache;
  }

  /**
   * Makes the tree of each repo's default branch equal to a file or folder; creates what is absent
   * and makes no commit where they are equal already.
   *
   * @param done told of the head of each branch, by repo, as soon as it is there: a fault in a
   *     later one takes nothing back
   */
  public void apply(Map<String, Path> sources, BiConsumer<String, CommitId> done) {
    List<Source> checked = new ArrayList<>();
    sources.forEach(
        (repo, path) -> checked.add(new Source(repo, path, new LocalFiles(path, Set.of()))));
    checked.forEach(source -> done.accept(source.repo(), put(source)));
  }

  private record Source(String repo, Path path, LocalFiles files) {}

  private CommitId put(Source source) {
    Repo repo = store.repos().createIfAbsent(source.repo(), "", author, time);
    try (Taken taken = new Taken(source)) {
      Committer.Outcome outcome =
          new Committer(store, author, time)
              .commit(
                  repo,
                  Revision.DEFAULT_BRANCH,
                  "put " + source.path(),
                  Committer.Empty.SKIPPED,
                  taken::appliedTo);
      taken.remember();
      return outcome
          .head()
          .orElseThrow(
              () ->
                  new UserFault(
                      source.path()
                          + " holds no file to put into the new repo "
                          + repo.name()
                          + ".",
                      "Name a file, or a folder that holds some."));
    }
  }

  /** A source that is taken into the store when the tree is known that it is to be equal to. */
  private final class Taken implements AutoCloseable {

    private final Source source;
    private @Nullable LocalPut put;
    private @Nullable Tree result;

    Taken(Source source) {
      this.source = source;
    }

    Tree appliedTo(Tree before) {
      if (put == null) {
        put = take(before);
      }
      result = put.applyTo(store.trees(), before);
      return result;
    }

    private LocalPut take(Tree before) {
      try (Packer packer = store.packer()) {
        LocalPut taken =
            source
                .files()
                .put(
                    new Intake(packer, inspection),
                    before,
                    "/",
                    LocalFiles.Others.GO,
                    cache,
                    store.storage().location(),
                    TransferProgress.SILENT);
        packer.flush();
        return taken;
      }
    }

    void remember() {
      if (put != null && result != null) {
        put.remember(result);
      }
    }

    @Override
    public void close() {
      if (put != null) {
        put.close();
      }
    }
  }

  /**
   * The commits of every input of {@code pipeline} that no stage makes and that will not be put,
   * but for branches without a commit: what reads those cannot run.
   *
   * @return by {@code repo@branch}
   * @throws UserFault naming the first repo that is not there, with the near misses
   */
  public Map<String, CommitId> pinInputs(Pipeline pipeline, Set<String> put) {
    Set<String> repos = new HashSet<>(put);
    Set<String> made = new HashSet<>();
    for (Stage stage : pipeline.stages()) {
      repos.add(stage.name());
      made.add(stage.output());
    }
    put.forEach(repo -> made.add(branch(repo)));
    Map<String, CommitId> pinned = new LinkedHashMap<>();
    for (Stage stage : pipeline.stages()) {
      for (PfsInput input : stage.inputs()) {
        String branch = input.repo() + "@" + input.branch();
        if (!made.contains(branch) && !pinned.containsKey(branch)) {
          if (!repos.contains(input.repo())) {
            Repo unused = store.repos().require(input.repo());
          }
          head(branch).ifPresent(commit -> pinned.put(branch, commit));
        }
      }
    }
    return pinned;
  }

  private Optional<CommitId> head(String branch) {
    try {
      return Optional.of(store.history().resolve(Revision.parse(branch)).id());
    } catch (MissingRef nobodyMadeIt) {
      return Optional.empty();
    }
  }

  /** The branch of {@code repo} that is put to, as {@code repo@branch}. */
  public static String branch(String repo) {
    return repo + "@" + Revision.DEFAULT_BRANCH;
  }
}
