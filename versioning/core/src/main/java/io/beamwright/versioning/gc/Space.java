// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.storage.StorageKey;

/**
 * A kind of thing that is named by its digest, and so may be condemned. In the order of sweeping.
 */
enum Space {
  // What names others goes first: a node that is still there must find its bytes.
  COMMITS("commits", StoreLayout::commit),
  TREES("trees", StoreLayout::treeNode),
  MOVED("moved", StoreLayout::movedMap),
  OBJECTS("objects", StoreLayout::object);

  private final String word;
  private final KeyOf key;

  Space(String word, KeyOf key) {
    this.word = word;
    this.key = key;
  }

  private interface KeyOf {
    StorageKey of(Sha256 id, int generation);
  }

  /** What its keys begin with; its name in lists. */
  String word() {
    return word;
  }

  /** The key of the thing {@code id} in a generation. */
  StorageKey key(Sha256 id, int generation) {
    return key.of(id, generation);
  }

  static Space ofWord(String word) {
    for (Space space : values()) {
      if (space.word.equals(word)) {
        return space;
      }
    }
    throw new IllegalArgumentException("no space " + word);
  }
}
