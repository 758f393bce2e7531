// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects a store held when they were first asked for. A few are looked for one by one; then
 * a whole folder of objects is listed for each, so that however many are asked for, there are no
 * more requests than pages of all objects. Not safe for several threads.
 */
final class PresentObjects {

  /** So many are looked for one by one. */
  static final int ONE_BY_ONE = 64;

  private static final int PAGE = 1_000;

  private final Storage storage;
  private final Map<ObjectRef, Boolean> looked = new HashMap<>();
  private final Map<String, Set<String>> folders = new HashMap<>();

  PresentObjects(Storage storage) {
    this.storage = storage;
  }

  boolean contains(ObjectRef object) {
    Boolean before = looked.get(object);
    if (before != null) {
      return before;
    }
    String key = StoreLayout.object(object.id(), object.generation()).text();
    if (looked.size() >= ONE_BY_ONE) {
      String folder = key.substring(0, key.lastIndexOf('/') + 1);
      return folders.computeIfAbsent(folder, this::list).contains(key);
    }
    List<Listed> listed = storage.list(key, Optional.empty(), 1);
    boolean present = !listed.isEmpty() && listed.get(0).key().text().equals(key);
    looked.put(object, present);
    return present;
  }

  private Set<String> list(String folder) {
    Set<String> keys = new HashSet<>();
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(folder, after, PAGE);
      for (Listed listed : page) {
        keys.add(listed.key().text());
        after = Optional.of(listed.key().text());
      }
    } while (page.size() == PAGE);
    return keys;
  }
}
