// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Copies nodes from store to store: their identity stays, where bytes lie may be another place. */
public final class TreeCopy {

  private final NodeStore from;
  private final NodeStore to;
  private final Function<List<FileEntry>, List<StoredFile>> place;

  /**
   * @param from where nodes are read
   * @param to what writes them
   * @param place gives for the files of a leaf of {@code from} their contents where {@code to} has
   *     them, in the same order
   */
  public TreeCopy(
      Storage from, WriteSession to, Function<List<FileEntry>, List<StoredFile>> place) {
    this.from = new NodeStore(new WriteSession(from));
    this.to = new NodeStore(to);
    this.place = place;
  }

  /**
   * Makes the node {@code id} durable, whose children and contents are.
   *
   * @throws io.beamwright.versioning.storage.DamagedObject if it is absent or any bit is wrong
   */
  public void copy(Sha256 id) {
    Node node = from.fetch(id);
    List<NodeEntry> entries = node.level() == 0 ? placed(node) : children(node);
    Node copy = Node.of(node.level(), entries);
    if (!copy.id().equals(id)) {
      throw new IllegalStateException("a copy of the node " + id + " is " + copy.id());
    }
    to.write(copy, entries);
  }

  private static List<NodeEntry> children(Node node) {
    List<NodeEntry> entries = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      entries.add(node.entry(i));
    }
    return entries;
  }

  private List<NodeEntry> placed(Node leaf) {
    List<FileEntry> files = new ArrayList<>(leaf.size());
    for (int i = 0; i < leaf.size(); i++) {
      files.add(from.file(leaf, i));
    }
    List<StoredFile> contents = place.apply(files);
    List<NodeEntry> entries = new ArrayList<>(leaf.size());
    for (int i = 0; i < leaf.size(); i++) {
      FileEntry file = files.get(i);
      entries.add(
          FileEntryCodec.encode(
              new FileEntry(file.path(), file.kind(), file.executable(), contents.get(i))));
    }
    return entries;
  }
}
