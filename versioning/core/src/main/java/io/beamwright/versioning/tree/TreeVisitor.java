// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.storage.DamagedObject;

/**
 * Is shown everything that a tree consists of, by {@link Trees#walk}: each node before what is
 * below it, files in the order of their paths.
 */
public interface TreeVisitor {

  /**
   * Whether to read the node {@code id} and go on below it; asked each time that a node is named,
   * so that whoever has seen it says no. The empty tree has no node.
   */
  boolean enters(Sha256 id);

  /** A file of a leaf that was entered. Its extents are named here, however many there are. */
  void file(FileEntry file);

  /** An object, whole, that holds what an entry has no room for: many extents, or table facts. */
  void attachment(Extent whole);

  /** Everything below the node {@code id}, which was entered, has been shown. */
  default void left(Sha256 id) {}

  /**
   * The node {@code id} was entered and cannot be read, or one of its entries cannot; what else it
   * holds is shown all the same.
   */
  default void damaged(Sha256 id, DamagedObject fault) {
    throw fault;
  }
}
