// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.Attempts;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * All results of a store, by datum key: a tree that moves by a log as a branch does, and the
 * journals of the attempts that are not merged into it yet.
 *
 * <p>An entry of the log names the tree, the newest attempt that it knows of, and which attempts up
 * to that one are still open. So whoever needs results reads the tree and the journals of the open
 * and the newer attempts, and no more, however many there ever were.
 */
public final class Results {

  /**
   * An attempt that began so long ago is closed by whoever merges next: its driver is taken for
   * dead. If it is not, it merges its own journals all the same when it ends.
   */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private final WriteSession session;
  private final Storage storage;
  private final Trees trees;
  private final StoredFiles files;
  private final Attempts attempts;
  private final Journals journals;
  private final NumberedLog log;

  /** The results of a store, written by {@code session}. */
  public Results(WriteSession session, Trees trees, StoredFiles files) {
    this.session = session;
    this.storage = session.storage();
    this.trees = trees;
    this.files = files;
    this.attempts = new Attempts(storage);
    this.journals = new Journals(session);
    this.log = new NumberedLog(storage, StoreLayout.RESULTS);
  }

  /**
   * What a merge did.
   *
   * @param added how many results are new
   * @param contradictions those that differ from what was there
   * @param tally all that the attempt made, well or not
   */
  public record Merged(long added, List<Contradiction> contradictions, Tally tally) {
    public Merged {
      contradictions = List.copyOf(contradictions);
    }
  }

  /**
   * A datum that ran twice with different outputs: its program is not deterministic. The first
   * result stays.
   *
   * @param kept the result that counts
   * @param other the one that does not
   */
  public record Contradiction(DatumResult kept, DatumResult other) {}

  /** The results as they are now. */
  public KnownResults known() {
    Head head = head();
    KnownResults known = new KnownResults(session, files, trees.open(head.tree()));
    for (long attempt : head.unmerged(attempts.newestNumber())) {
      journals.read(attempt, known::addUnmerged);
    }
    return known;
  }

  /** The results that are merged: what a job publishes, and every other will find. */
  public KnownResults merged() {
    return new KnownResults(session, files, trees.open(head().tree()));
  }

  /**
   * Merges the journals of {@code attempt} and of every open one, and closes {@code attempt}. The
   * first whole result of a key stays; failures are left in the journals.
   */
  public Merged merge(Attempt attempt, Instant now) {
    return Retry.untilWon("the log of results", () -> tryMerge(attempt, now));
  }

  private Optional<Merged> tryMerge(Attempt attempt, Instant now) {
    Head head = head();
    long newest = attempts.newestNumber();
    SortedSet<Long> open = head.unmerged(newest);
    SortedSet<Long> closing = new TreeSet<>();
    for (long number : open) {
      if (number == attempt.number() || isAbandoned(number, now)) {
        closing.add(number);
      }
    }
    Tree tree = trees.open(head.tree());
    SortedMap<Sha256, DatumResult> fresh = new TreeMap<>();
    List<Contradiction> contradictions = new ArrayList<>();
    KnownResults known = new KnownResults(session, files, tree);
    // The others' too, which stay open: whoever publishes finds in the tree whatever it relied on.
    SortedSet<Long> read = new TreeSet<>(open);
    read.add(attempt.number());
    Tally tally = new Tally();
    for (long number : read) {
      journals.read(
          number,
          result -> {
            if (number == attempt.number()) {
              tally.add(result);
            }
            collect(known, fresh, contradictions, result);
          });
    }
    open.removeAll(closing);
    Tree merged = fresh.isEmpty() ? tree : trees.edit(tree, edits(fresh));
    session.beforePublishing(merged.id());
    boolean won = log.tryAppend(head.number() + 1, entry(merged, newest, open, now));
    return won ? Optional.of(new Merged(fresh.size(), contradictions, tally)) : Optional.empty();
  }

  private boolean isAbandoned(long number, Instant now) {
    return attempts
        .at(number)
        .map(a -> a.toRun() == 0 || a.at().plus(ABANDONED).isBefore(now))
        .orElse(true);
  }

  private void collect(
      KnownResults known,
      SortedMap<Sha256, DatumResult> fresh,
      List<Contradiction> contradictions,
      DatumResult result) {
    if (result.state() != DatumResult.State.SUCCESS || !known.isThere(result)) {
      return;
    }
    Optional<DatumResult> before =
        Optional.ofNullable(fresh.get(result.key())).or(() -> known.find(result.key()));
    if (before.isEmpty()) {
      result.files().forEach(session::useFile);
      fresh.put(result.key(), result);
    } else if (!before.get().hasSameOutputsAs(result)) {
      contradictions.add(new Contradiction(before.get(), result));
    }
  }

  private List<TreeEdit> edits(SortedMap<Sha256, DatumResult> fresh) {
    SortedMap<Sha256, PendingFile> pending = new TreeMap<>();
    try (Packer packer = new Packer(session)) {
      for (DatumResult result : fresh.values()) {
        pending.put(result.key(), packer.add(Content.of(result.bytes())));
      }
      packer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<TreeEdit> edits = new ArrayList<>();
    for (Map.Entry<Sha256, PendingFile> file : pending.entrySet()) {
      FilePath path = KnownResults.path(file.getKey());
      edits.add(new TreeEdit.Put(FileEntry.of(path, false, file.getValue().stored())));
    }
    return edits;
  }

  private static byte[] entry(Tree tree, long through, SortedSet<Long> open, Instant now) {
    ObjectNode json = CanonicalJson.object();
    json.put("tree", tree.id().hex()).put("through", through).put("at", now.toString());
    ArrayNode numbers = json.putArray("open");
    open.forEach(numbers::add);
    json.put("token", UUID.randomUUID().toString());
    return SummedJson.bytes(json);
  }

  private Head head() {
    Optional<NumberedLog.Entry> newest = log.newest();
    if (newest.isEmpty()) {
      return new Head(-1, trees.empty().id(), -1, new TreeSet<>());
    }
    Head head = newest.get().read(storage, "the log of results", json -> head(newest.get(), json));
    session.reachedTree(head.tree());
    return head;
  }

  private static Head head(NumberedLog.Entry entry, JsonNode json) {
    SortedSet<Long> open = new TreeSet<>();
    json.required("open").forEach(number -> open.add(requireAttempt(number.longValue())));
    return new Head(
        entry.number(),
        Sha256.parse(json.required("tree").textValue()),
        requireAttempt(json.required("through").longValue() + 1) - 1,
        open);
  }

  private static long requireAttempt(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("not the number of an attempt: " + number);
    }
    return number;
  }

  private record Head(long number, Sha256 tree, long through, SortedSet<Long> open) {

    /** Numbers of the attempts up to {@code newest} whose journals are not in the tree. */
    SortedSet<Long> unmerged(long newest) {
      SortedSet<Long> unmerged = new TreeSet<>(open);
      for (long number = through + 1; number <= newest; number++) {
        unmerged.add(number);
      }
      return unmerged;
    }
  }
}
