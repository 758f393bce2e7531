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
  COMMITS("commits") {
    @Override
    StorageKey key(Sha256 id, int generation) {
      return StoreLayout.commit(id, generation);
    }
  },
  TREES("trees") {
    @Override
    StorageKey key(Sha256 id, int generation) {
      return StoreLayout.treeNode(id, generation);
    }
  },
  MOVED("moved") {
    @Override
    StorageKey key(Sha256 id, int generation) {
      return StoreLayout.movedMap(id, generation);
    }
  },
  OBJECTS("objects") {
    @Override
    StorageKey key(Sha256 id, int generation) {
      return StoreLayout.object(id, generation);
    }
  };

  private final String word;

  Space(String word) {
    this.word = word;
  }

  /** What its keys begin with; its name in lists. */
  String word() {
    return word;
  }

  abstract StorageKey key(Sha256 id, int generation);

  static Space ofWord(String word) {
    for (Space space : values()) {
      if (space.word.equals(word)) {
        return space;
      }
    }
    throw new IllegalArgumentException("no space " + word);
  }
}
