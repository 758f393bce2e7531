// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads files through their extents, as readers do, and finds those whose bytes are not what their
 * SHA-256 says, though every object is sound. What is the same file in the same extents is read
 * once. Small files that lie near each other in a pack are read together, several packs at once.
 */
final class FileScan {

  private static final long LONGEST_RUN = 8L << 20;
  private static final long WIDEST_GAP = 64L << 10;
  private static final int MOST_WAITING = 16_384;

  private static final Comparator<Work> IN_ORDER_OF_PACKS =
      Comparator.comparing((Work work) -> work.first().object().id())
          .thenComparing(work -> work.first().object().generation())
          .thenComparing(work -> work.first().offset());

  private final Storage storage;
  private final StoredFiles files;
  private final DigestSet seen = new DigestSet();
  private final DigestSet wrong = new DigestSet();
  private final List<Work> waiting = new ArrayList<>();

  /** A file to read, by the digest of what is known of it, and what to do if it is wrong. */
  private record Work(Sha256 id, StoredFile file, Runnable whenWrong) {
    Extent first() {
      return file.extents().get(0);
    }

    long end() {
      return first().offset() + first().length();
    }
  }

  FileScan(Storage storage) {
    this.storage = storage;
    this.files = new StoredFiles(storage);
  }

  /**
   * Takes a file of one extent or more, of which every object is sound. {@code whenWrong} is run,
   * by this or by {@link #check}, if the bytes are another file's.
   */
  void add(StoredFile file, Runnable whenWrong) {
    Sha256 id = CanonicalJson.digest(file.toJson());
    if (seen.add(id)) {
      waiting.add(new Work(id, file, whenWrong));
    } else if (wrong.contains(id)) {
      whenWrong.run();
    }
    if (waiting.size() >= MOST_WAITING) {
      check();
    }
  }

  /** Reads what was added since the last time; runs what was given for each that is wrong. */
  void check() {
    waiting.sort(IN_ORDER_OF_PACKS);
    List<Work> found = runs().parallelStream().flatMap(run -> wrongIn(run).stream()).toList();
    waiting.clear();
    for (Work work : found) {
      wrong.add(work.id());
      work.whenWrong().run();
    }
  }

  /** How many files were read. */
  long count() {
    return seen.size();
  }

  /** What waits, in runs that are each read at once: alone, or near each other in one object. */
  private List<List<Work>> runs() {
    List<List<Work>> runs = new ArrayList<>();
    List<Work> run = new ArrayList<>();
    long end = 0;
    for (Work work : waiting) {
      if (!run.isEmpty() && !continues(run.get(0), end, work)) {
        runs.add(run);
        run = new ArrayList<>();
      }
      end = run.isEmpty() ? work.end() : Math.max(end, work.end());
      run.add(work);
    }
    if (!run.isEmpty()) {
      runs.add(run);
    }
    return runs;
  }

  private static boolean continues(Work first, long end, Work next) {
    return first.file().extents().size() == 1
        && next.file().extents().size() == 1
        && next.first().object().equals(first.first().object())
        && next.first().offset() - end <= WIDEST_GAP
        && Math.max(end, next.end()) - first.first().offset() <= LONGEST_RUN;
  }

  private List<Work> wrongIn(List<Work> run) {
    if (run.size() > 1) {
      try {
        return wrongIn(run, read(run));
      } catch (ObjectAbsent e) {
        // It was moved, and readers find where to.
      }
    }
    return run.stream().filter(work -> isWrong(work.file())).toList();
  }

  private byte[] read(List<Work> run) {
    ObjectRef object = run.get(0).first().object();
    long from = run.get(0).first().offset();
    long to = run.stream().mapToLong(Work::end).max().orElseThrow();
    return storage.read(Extents.key(object), from, (int) (to - from));
  }

  private static List<Work> wrongIn(List<Work> run, byte[] bytes) {
    long from = run.get(0).first().offset();
    List<Work> found = new ArrayList<>();
    for (Work work : run) {
      int begin = (int) (work.first().offset() - from);
      var digest = Sha256.messageDigest();
      boolean whole = work.end() - from <= bytes.length;
      if (whole) {
        digest.update(bytes, begin, (int) work.first().length());
      }
      if (!whole || !Sha256.ofDigest(digest.digest()).equals(work.file().sha256())) {
        found.add(work);
      }
    }
    return found;
  }

  private boolean isWrong(StoredFile file) {
    try (InputStream in = files.open(file)) {
      in.transferTo(OutputStream.nullOutputStream());
      return false;
    } catch (DamagedObject e) {
      return true;
    } catch (IOException e) {
      throw new IllegalStateException("reading a store throws faults alone", e);
    }
  }
}
