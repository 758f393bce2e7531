// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.storage.Storage;
import java.util.ArrayList;
import java.util.List;

/** What the log of garbage collection and its newest list say, a line each. */
public final class CollectionLines {

  private CollectionLines() {}

  /** The log of {@code storage}, newest first, and whether its list names {@code content}. */
  public static List<String> of(Storage storage, String content) {
    List<String> lines = new ArrayList<>();
    CollectionLog log = new CollectionLog(storage);
    for (CollectionLog.Entry entry : log.newestFirst(1_000)) {
      lines.add(
          String.join(
              "\t",
              "collection",
              Long.toString(entry.number()),
              entry.kind().toString(),
              Long.toString(entry.list()),
              Boolean.toString(entry.isActive())));
    }
    log.newest()
        .filter(CollectionLog.Entry::isActive)
        .ifPresent(newest -> add(storage, log.list(newest.list()), content, lines));
    return lines;
  }

  private static void add(Storage storage, ListEntry list, String content, List<String> lines) {
    Sha256 id = Sha256.of(content.getBytes(UTF_8));
    CondemnedList condemned = new CondemnedList(storage, list);
    lines.add("condemned\t" + id + "\t" + condemned.isCondemned(Space.OBJECTS, id, 0));
    for (ListEntry.Part part : list.parts()) {
      lines.add("part\t" + part.space() + "\t" + part.first() + "\t" + part.count());
    }
  }
}
