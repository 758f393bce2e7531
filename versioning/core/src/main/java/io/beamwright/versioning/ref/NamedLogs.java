// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of the logs that lie side by side below one prefix. */
public final class NamedLogs {

  private final Storage storage;
  private final String prefix;
  private final String holds;

  /**
   * Logs below {@code prefix}, which ends with {@code /}.
   *
   * @param holds what each key below it should hold, for messages: {@code an entry of a repo's log}
   */
  public NamedLogs(Storage storage, String prefix, String holds) {
    this.storage = storage;
    this.prefix = prefix;
    this.holds = holds;
  }

  /**
   * Every name, in the order of the keys; costs one list of one key for each.
   *
   * @throws DamagedObject if there is a key that this Beamwright gives to no log
   */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    Optional<String> after = Optional.empty();
    while (true) {
      List<Listed> first = storage.list(prefix, after, 1);
      if (first.isEmpty()) {
        return names;
      }
      StorageKey key = first.get(0).key();
      String rest = key.text().substring(prefix.length());
      String segment = rest.substring(0, Math.max(0, rest.indexOf('/')));
      names.add(StorageKey.unescape(segment).orElseThrow(() -> foreign(key)));
      // '0' follows '/': the next key that is listed belongs to another log.
      after = Optional.of(prefix + segment + "0");
    }
  }

  private DamagedObject foreign(StorageKey key) {
    return DamagedObject.at(storage, key, holds, "has a name that nothing here has");
  }
}
