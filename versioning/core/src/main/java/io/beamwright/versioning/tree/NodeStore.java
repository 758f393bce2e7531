// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes nodes, each under its id; keeps those that were read last. */
final class NodeStore {

  private static final String MAGIC = "BWTN";

  // Four times what a leaf of the longest paths and most facts takes; more can only be damage.
  private static final int MOST_STORED_BYTES = 256 << 20;
  private static final long MOST_CACHED_BYTES = 32L << 20;

  private final WriteSession session;
  private final Storage storage;
  private final Storage copies;
  private final StoredFiles files;
  private final Map<Sha256, Node> cache = new LinkedHashMap<>(64, 0.75f, true);
  private long cachedBytes;

  NodeStore(WriteSession session) {
    this.session = session;
    this.storage = session.storage();
    this.copies = session.copies();
    this.files = new StoredFiles(storage);
  }

  /**
   * The node {@code id}.
   *
   * @throws DamagedObject if it is absent or any bit of it is wrong
   */
  Node read(Sha256 id) {
    return read(id, storage);
  }

  private Node read(Sha256 id, Storage from) {
    synchronized (cache) {
      Node cached = cache.get(id);
      if (cached != null) {
        return cached;
      }
    }
    Node node = fetch(id, from);
    remember(id, node);
    return node;
  }

  /** The node that {@code child}, an entry of a node of {@code parentLevel}, names. */
  Node readChild(NodeEntry child, int parentLevel) {
    Sha256 id = child.childId();
    Node node = read(id, parentLevel > 1 ? copies : storage);
    requireChild(node, child, parentLevel);
    return node;
  }

  /**
   * Checks that {@code node} is what {@code child}, an entry of a node of {@code parentLevel}, says
   * of it.
   *
   * @throws DamagedObject if it is not
   */
  void requireChild(Node node, NodeEntry child, int parentLevel) {
    if (node.level() != parentLevel - 1) {
      throw damaged(node.id(), "has level " + node.level() + " below level " + parentLevel);
    }
    if (!node.asChild().hasSameIdentityAs(child)) {
      throw damaged(node.id(), "has another last path or other totals than its parent says");
    }
  }

  /**
   * Checks that {@code node} comes after {@code before}, the entry before it on any level.
   *
   * @throws DamagedObject if its first path does not, or has the last one before as a folder
   */
  void requireAfter(Node node, NodeEntry before) {
    NodeEntry first = node.entry(0);
    if (first.comparePath(before) <= 0) {
      throw damaged(node.id(), "begins before the end of the node before it");
    }
    if (node.level() == 0 && first.isBelow(before)) {
      throw damaged(
          node.id(), "holds \"" + first.path() + "\", and \"" + before.path() + "\" is a file");
    }
  }

  /** The file that entry {@code index} of {@code leaf} names. */
  FileEntry file(Node leaf, int index) {
    try {
      return decode(leaf, index);
    } catch (MalformedBytes e) {
      throw damaged(leaf.id(), e.how());
    }
  }

  /** The same; throws {@link MalformedBytes} if the entry is none. */
  FileEntry decode(Node leaf, int index) {
    return FileEntryCodec.decode(leaf.entry(index), files);
  }

  private void remember(Sha256 id, Node node) {
    synchronized (cache) {
      Node replaced = cache.put(id, node);
      cachedBytes += node.weight() - (replaced == null ? 0 : replaced.weight());
      Iterator<Node> oldest = cache.values().iterator();
      while (cachedBytes > MOST_CACHED_BYTES && oldest.hasNext()) {
        cachedBytes -= oldest.next().weight();
        oldest.remove();
      }
    }
  }

  /** The node {@code id} as the storage has it now; throws as {@link #read} does. */
  Node fetch(Sha256 id) {
    return fetch(id, storage);
  }

  private Node fetch(Sha256 id, Storage from) {
    StorageKey key = StoreLayout.treeNode(id, 0);
    try {
      return fetch(id, from, key);
    } catch (ObjectAbsent absent) {
      StorageKey again =
          anyGeneration(key)
              .orElseThrow(() -> DamagedObject.absent(storage, absent, "a node of a tree"));
      return fetch(id, from, again);
    }
  }

  // Every generation of a node has the same identity, and facts that lead to the same bytes.
  private Optional<StorageKey> anyGeneration(StorageKey first) {
    return storage.list(first.text(), Optional.empty(), 1).stream().map(Listed::key).findFirst();
  }

  private Node fetch(Sha256 id, Storage from, StorageKey key) {
    try {
      return parse(id, from, key);
    } catch (MalformedBytes e) {
      throw DamagedObject.at(storage, key, "a node of a tree", e.how());
    }
  }

  /**
   * The node {@code id} as it lies at {@code key}.
   *
   * @throws MalformedBytes if any bit of it is wrong
   * @throws ObjectAbsent if it is not there
   */
  Node parse(Sha256 id, StorageKey key) {
    return parse(id, storage, key);
  }

  private Node parse(Sha256 id, Storage from, StorageKey key) {
    try (InputStream in = from.open(key)) {
      return parse(id, in.readNBytes(MOST_STORED_BYTES));
    } catch (IOException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " cannot be read: " + e + ".", "Check the storage.", e);
    }
  }

  static Node parse(Sha256 id, byte[] stored) {
    List<byte[]> parts = SealedParts.open(MAGIC, stored);
    if (parts.size() != 2) {
      throw new MalformedBytes("has " + parts.size() + " parts");
    }
    Sha256 actual = Sha256.of(parts.get(0));
    if (!actual.equals(id)) {
      throw new MalformedBytes("has the identity " + actual);
    }
    return Node.parse(id, parts.get(0), parts.get(1));
  }

  private DamagedObject damaged(Sha256 id, String how) {
    return DamagedObject.at(storage, StoreLayout.treeNode(id, 0), "a node of a tree", how);
  }

  /** Makes {@code node} durable; {@code entries} are its entries. */
  void write(Node node, List<NodeEntry> entries) {
    for (NodeEntry entry : entries) {
      for (byte[] attachment : entry.attachments()) {
        var unused = session.createObject(Sha256.of(attachment), Content.of(attachment));
      }
    }
    byte[] stored = seal(node.identity(), node.facts());
    session.createNode(node.id(), Content.of(stored), () -> new StoredNode(node));
    remember(node.id(), node);
  }

  /** The stored form of a node. */
  static byte[] seal(byte[] identity, byte[] facts) {
    return SealedParts.seal(MAGIC, identity, facts);
  }
}
