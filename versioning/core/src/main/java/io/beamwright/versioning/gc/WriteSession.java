// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.Optional;

/**
 * One writer of a store: the only way in which anything that is named by its digest gets into it.
 * Safe for many threads.
 */
public final class WriteSession {

  private final Storage storage;

  /** A writer to {@code storage}, which the caller closes. */
  public WriteSession(Storage storage) {
    this.storage = storage;
  }

  /** Where it writes. */
  public Storage storage() {
    return storage;
  }

  /**
   * Makes the bytes whose SHA-256 is {@code id} durable as an object; says in which generation they
   * are. What is there already is used, after a look at its size.
   *
   * @throws DamagedObject if it is there with another size
   */
  public ObjectRef createObject(Sha256 id, Content content) {
    ObjectRef object = ObjectRef.of(id);
    StorageKey key = StoreLayout.object(id, object.generation());
    if (storage.createIfAbsent(key, content) == Creation.EXISTS) {
      requireSize(key, content.size());
    }
    return object;
  }

  // Its bytes are checked by who reads them; that it was cut short is cheap to see.
  private void requireSize(StorageKey key, long size) {
    for (Listed listed : storage.list(key.text(), Optional.empty(), 1)) {
      if (listed.key().equals(key) && listed.size() != size) {
        String holds = "the " + size + " bytes that its name is the SHA-256 of";
        throw DamagedObject.at(storage, key, holds, "has " + listed.size() + " bytes");
      }
    }
  }

  /** Makes the node of a tree whose identity is {@code id} durable; {@code stored} is its form. */
  public void createNode(Sha256 id, Content stored) {
    var unused = storage.createIfAbsent(StoreLayout.treeNode(id, 0), stored);
  }

  /** Makes the commit whose canonical bytes have the SHA-256 {@code id} durable. */
  public void createCommit(Sha256 id, Content bytes) {
    var unused = storage.createIfAbsent(StoreLayout.commit(id), bytes);
  }
}
