// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.walk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.TreeVisitor;

/**
 * Shows what a commit needs besides other commits: the tree of its files with their bytes; the tree
 * of the datums that made it with their outputs and logs; its spec and its code. Which other
 * commits are needed with it, its parents and the inputs of its provenance, is for the caller.
 */
public final class CommitWalk {

  private static final String DATUMS = "/datums/";

  private final Store store;

  /** Walks commits of {@code store}. */
  public CommitWalk(Store store) {
    this.store = store;
  }

  /** Shows everything to {@code visitor}. */
  public void visit(Commit commit, CommitVisitor visitor) {
    store.trees().walk(commit.tree(), visitor);
    commit.datums().ifPresent(root -> store.trees().walk(root, new DatumVisitor(visitor)));
    commit.provenance().ifPresent(made -> visitor.object(made.spec()));
    commit
        .provenance()
        .flatMap(made -> made.code())
        .ifPresent(code -> store.trees().walk(code, visitor));
  }

  private static StorageKey key(Extent extent) {
    return StoreLayout.object(extent.object().id(), extent.object().generation());
  }

  /** Shows a tree of datums, and what the results in it name. */
  private final class DatumVisitor implements TreeVisitor {

    private final CommitVisitor visitor;

    DatumVisitor(CommitVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public boolean enters(Sha256 id) {
      return visitor.enters(id);
    }

    @Override
    public void file(FileEntry file) {
      visitor.file(file);
      if (file.path().text().startsWith(DATUMS)) {
        showResult(file.file());
      }
    }

    // The files of its inputs are those of commits that the provenance names.
    private void showResult(StoredFile datum) {
      DatumResult result;
      try {
        result = result(datum);
      } catch (DamagedObject e) {
        visitor.unreadable(datum, e);
        return;
      }
      result.outputs().forEach(output -> visitor.content(output.file()));
      result.log().ifPresent(visitor::content);
    }

    // The bytes are those of the digest, so whoever wrote them wrote something else.
    private DatumResult result(StoredFile datum) {
      try {
        JsonNode json = CanonicalJson.parse(store.files().readAll(datum));
        return CanonicalJson.read(json, described -> DatumResult.of(described.required("result")));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw DamagedObject.among(
            store.storage(),
            datum.extents().stream().map(CommitWalk::key),
            "the description of a datum",
            "does not say what came of one");
      }
    }

    @Override
    public void attachment(Extent whole) {
      visitor.attachment(whole);
    }

    @Override
    public void left(Sha256 id) {
      visitor.left(id);
    }

    @Override
    public void damaged(Sha256 id, DamagedObject fault) {
      visitor.damaged(id, fault);
    }
  }
}
