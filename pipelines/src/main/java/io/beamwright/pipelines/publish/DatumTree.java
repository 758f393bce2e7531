// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tree of the datums that made a commit: {@code /datums/<key>} describes each, and {@code
 * /outputs/<digest of a path>} holds the key of the datum that wrote the file at that path.
 */
public final class DatumTree {

  private static final String DATUMS = "/datums/";
  private static final String OUTPUTS = "/outputs/";

  private final Store store;
  private final CommitId commit;
  private final Tree tree;

  private DatumTree(Store store, CommitId commit, Tree tree) {
    this.store = store;
    this.commit = commit;
    this.tree = tree;
  }

  /**
   * The datums of {@code commit}; empty for one that people made.
   *
   * @throws io.beamwright.versioning.fault.UserFault if they were dropped by a rule; so do the
   *     other methods
   */
  public static Optional<DatumTree> of(Store store, Commit commit) {
    return commit
        .datums()
        .map(root -> store.droppedCommits().explain(commit.id(), () -> store.trees().open(root)))
        .map(tree -> new DatumTree(store, commit.id(), tree));
  }

  /**
   * A datum and what came of it.
   *
   * @param datum what it was made of
   * @param result what it made
   */
  public record Done(Datum datum, DatumResult result) {}

  /** The datum {@code key}. */
  public Optional<Done> find(Sha256 key) {
    return tree.find(datum(key)).map(entry -> read(entry.file()));
  }

  /** The datum that wrote {@code output}. */
  public Optional<Done> writerOf(FilePath output) {
    return tree.find(output(output))
        .map(entry -> new String(bytes(entry.file()), StandardCharsets.UTF_8))
        .flatMap(key -> find(Sha256.parse(key)));
  }

  /** Every datum, by key. */
  public Stream<Done> all() {
    return tree.filesStartingWith(DATUMS).map(entry -> read(entry.file()));
  }

  static FilePath datum(Sha256 key) {
    return new FilePath(DATUMS + key.hex());
  }

  static FilePath output(FilePath path) {
    return new FilePath(OUTPUTS + Sha256.of(path.text().getBytes(StandardCharsets.UTF_8)).hex());
  }

  private Done read(StoredFile file) {
    try {
      JsonNode json = CanonicalJson.parse(bytes(file));
      return new Done(
          Datum.fromJson(json.required("datum")), DatumResult.of(json.required("result")));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          "The description " + file.sha256() + " of a datum is damaged.",
          "Restore it from a copy of the store.",
          e);
    }
  }

  private byte[] bytes(StoredFile file) {
    return store.droppedCommits().explain(commit, () -> store.files().readAll(file));
  }
}
