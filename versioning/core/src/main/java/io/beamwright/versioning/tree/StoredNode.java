// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFiles;
import java.util.ArrayList;
import java.util.List;

/** One node of a tree, as far as who keeps its needs alive has to know it. */
public final class StoredNode {

  private final Node node;

  StoredNode(Node node) {
    this.node = node;
  }

  /**
   * The node {@code id}, whose stored form is {@code stored}.
   *
   * @throws MalformedBytes if any bit of it is wrong
   */
  public static StoredNode parse(Sha256 id, byte[] stored) {
    return new StoredNode(NodeStore.parse(id, stored));
  }

  /** Whether its entries are files. */
  public boolean isLeaf() {
    return node.level() == 0;
  }

  /** The nodes that it names; none of a leaf. */
  public List<Sha256> children() {
    List<Sha256> children = new ArrayList<>();
    for (int i = 0; !isLeaf() && i < node.size(); i++) {
      children.add(node.entry(i).childId());
    }
    return children;
  }

  /** The objects, whole, that hold what its entries have no room for. */
  public List<Extent> attachments() {
    List<Extent> attachments = new ArrayList<>();
    for (int i = 0; isLeaf() && i < node.size(); i++) {
      attachments.addAll(FileEntryCodec.attachments(node.entry(i)));
    }
    return attachments;
  }

  /**
   * The files of a leaf; {@code files} reads what lies in attachments.
   *
   * @throws io.beamwright.versioning.storage.DamagedObject if an attachment is damaged
   * @throws MalformedBytes if an entry is none
   */
  public List<FileEntry> files(StoredFiles files) {
    List<FileEntry> entries = new ArrayList<>();
    for (int i = 0; isLeaf() && i < node.size(); i++) {
      entries.add(FileEntryCodec.decode(node.entry(i), files));
    }
    return entries;
  }
}
