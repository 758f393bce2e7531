// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.walk;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.TreeVisitor;

/** Is shown everything that a commit needs, by {@link CommitWalk}. */
public interface CommitVisitor extends TreeVisitor {

  /** The bytes of a file, wherever it is named: in a tree, or by a datum as its output or log. */
  void content(StoredFile file);

  /** An object that is named by its digest alone, such as a spec. */
  void object(Sha256 id);

  /**
   * The description of a datum cannot be read, so that what it names is not shown. Whoever looks at
   * contents meets the same fault there.
   */
  default void unreadable(StoredFile datum, DamagedObject fault) {}

  /** A file of a tree; its bytes are shown to {@link #content}. */
  @Override
  default void file(FileEntry file) {
    content(file.file());
  }
}
