// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeChange;
import io.beamwright.versioning.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds what the results of datums need, merged ones and those in journals, and has it marked. */
final class ResultRoots {

  private final Store store;
  private final Storage storage;
  private final Mark mark;
  private final Instant youngSince;
  private final Instant windowStart;
  private final Set<Long> rootedAttempts = new TreeSet<>();

  /**
   * @param youngSince results that were merged since then keep their outputs
   * @param windowStart journals with anything that was written since then are kept
   */
  ResultRoots(Store store, Mark mark, Instant youngSince, Instant windowStart) {
    this.store = store;
    this.storage = store.storage();
    this.mark = mark;
    this.youngSince = youngSince;
    this.windowStart = windowStart;
  }

  private record ResultsEntry(NumberedLog.Stamp stamp, JsonNode json) {
    Sha256 tree() {
      return Sha256.parse(json.required("tree").textValue());
    }
  }

  /** Marks the trees of results, and the outputs of those that are young. */
  void mark() {
    NumberedLog log = new NumberedLog(storage, StoreLayout.RESULTS);
    List<ResultsEntry> entries = new ArrayList<>();
    for (NumberedLog.Stamp stamp : log.stamps(Long.MAX_VALUE, Integer.MAX_VALUE)) {
      JsonNode json =
          log.at(stamp.number()).orElseThrow().read(storage, "the log of results", e -> e);
      entries.add(new ResultsEntry(stamp, json));
      if (stamp.created().isBefore(youngSince)) {
        break;
      }
    }
    if (entries.isEmpty()) {
      openAttempts(-1, List.of());
      return;
    }
    ResultsEntry newest = entries.get(0);
    mark.tree(newest.tree());
    mark.asFarAsThere(() -> entries.forEach(entry -> mark.tree(entry.tree())));
    ResultsEntry oldest = entries.get(entries.size() - 1);
    boolean reachesBack = oldest.stamp().created().isBefore(youngSince);
    mark.asFarAsThere(() -> young(newest.tree(), reachesBack ? oldest.tree() : Trees.EMPTY));
    List<Long> open = new ArrayList<>();
    newest.json().required("open").forEach(number -> open.add(number.longValue()));
    openAttempts(newest.json().required("through").longValue(), open);
  }

  private void young(Sha256 newest, Sha256 before) {
    Tree tree = store.trees().open(newest);
    try {
      store.trees().open(before).diff(tree).forEach(this::youngResult);
    } catch (DamagedObject e) {
      // The tree of then is gone, for results were kept less long before: all of them are young.
      tree.files().forEach(this::result);
    }
  }

  private void youngResult(TreeChange change) {
    if (change instanceof TreeChange.Added added) {
      result(added.after());
    } else if (change instanceof TreeChange.Changed changed) {
      result(changed.after());
    }
  }

  private void result(FileEntry entry) {
    try {
      mark.result(DatumResult.of(CanonicalJson.parse(store.files().readAll(entry.file()))));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          "Nothing is collected: the result of datum " + entry.path().name() + " is damaged.",
          "Restore it from a copy of the store.",
          e);
    }
  }

  private void openAttempts(long through, List<Long> open) {
    rootedAttempts.addAll(open);
    for (long number = through + 1; number <= store.attempts().newestNumber(); number++) {
      rootedAttempts.add(number);
    }
  }

  /** Keeps the journals of an attempt, however old. */
  void keepJournals(long attempt) {
    rootedAttempts.add(attempt);
  }

  /** Marks what the journals say that are kept, and returns the keys of those that are not. */
  List<StorageKey> journals() {
    List<StorageKey> leftovers = new ArrayList<>();
    Map<Long, List<Listed>> byAttempt = new TreeMap<>();
    Roots.forEach(
        storage,
        StoreLayout.JOURNALS,
        listed ->
            byAttempt
                .computeIfAbsent(attempt(listed.key()), number -> new ArrayList<>())
                .add(listed));
    byAttempt.forEach(
        (attempt, journals) -> {
          boolean isYoung = journals.stream().anyMatch(j -> !j.created().isBefore(windowStart));
          if (isYoung || rootedAttempts.contains(attempt)) {
            store.journals().read(attempt, mark::result);
          } else {
            journals.forEach(journal -> leftovers.add(journal.key()));
          }
        });
    return leftovers;
  }

  private static long attempt(StorageKey journal) {
    String rest = journal.text().substring(StoreLayout.JOURNALS.length());
    return Long.parseLong(rest.substring(0, rest.lastIndexOf('/')).replace("/", ""));
  }
}
