// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.gc.Amount;
import io.beamwright.versioning.gc.Collection;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One process that puts, or collects, for a while, on a storage on which time passes quickly:
 * {@link CollectorContract}.
 */
final class CollectorProcess {

  /** The name of the one that collects; others are those who put. */
  static final String COLLECTS = "collect";

  private static final Duration GRACE = Duration.ofMinutes(20);
  private static final int CONTENTS = 12;

  private CollectorProcess() {}

  /** What is put, and again and again. */
  static List<String> contents() {
    return IntStream.range(0, CONTENTS).mapToObj(number -> "content " + number).toList();
  }

  /**
   * {@code STORAGE NAME SECONDS PROCESSES FOLDER}: the folder is for temporary files, and the same
   * for all of so many processes.
   */
  public static void main(String[] words) throws IOException {
    StorageLocation location = StorageProcess.location(words[0]);
    Duration time = Duration.ofSeconds(Long.parseLong(words[2]));
    Path scratch = Path.of(words[4]);
    Path effective = Files.createDirectories(scratch.resolve("effective"));
    long end = System.nanoTime() + time.toNanos();
    int done = 0;
    Random random = new Random(words[1].hashCode());
    try (Storage storage = location.open()) {
      // On a slow machine the first deletion may come late: none ends before all did something.
      while (System.nanoTime() < end || names(effective) < Integer.parseInt(words[3])) {
        done += work(storage, words[1], random, scratch);
        if (done > 0) {
          Files.write(effective.resolve(words[1]), new byte[0]);
        }
      }
    }
    System.out.println("done " + done);
  }

  private static long names(Path folder) throws IOException {
    try (Stream<Path> names = Files.list(folder)) {
      return names.count();
    }
  }

  private static int work(Storage storage, String name, Random random, Path scratch)
      throws IOException {
    Duration off = Duration.ofMinutes(random.nextInt(120) - 60);
    Store store = Store.open(new WriteSession(new QuickTime(storage), QuickTime.clock(off)));
    return name.equals(COLLECTS) ? collect(store, scratch, off) : put(store, name, random);
  }

  private static int collect(Store store, Path scratch, Duration off) {
    Policy policy = new Policy(GRACE, GRACE, GRACE, Policy.REWRITE_BELOW, "test");
    Collection done = new Collector(store, policy, scratch, QuickTime.clock(off)).collect();
    return done.swept()
        .map(swept -> (int) swept.deleted().values().stream().mapToLong(Amount::things).sum())
        .orElse(0);
  }

  private static int put(Store store, String name, Random random) throws IOException {
    Repo repo = store.repos().require("r");
    String branch = "b" + name;
    Refs refs = store.repos().refs(repo);
    try (Packer packer = store.packer()) {
      if (random.nextInt(6) == 0) {
        RefHead head = refs.head(branch);
        RefMove none = new RefMove(Optional.empty(), name, Instant.now(), "", Optional.empty());
        if (head.exists()) {
          var unused = refs.delete(head, none);
        }
        return 0;
      }
      Map<String, PendingFile> files = new LinkedHashMap<>();
      for (int i = 0; i < 3; i++) {
        String content = contents().get(random.nextInt(CONTENTS));
        Content bytes = Content.of(content.getBytes(UTF_8));
        // The path tells the content, so that who reads can tell what is right.
        String path = "/" + content.replace(' ', '-') + "-" + random.nextInt(3);
        files.put(path, random.nextBoolean() ? packer.addWhole(bytes) : packer.add(bytes));
      }
      packer.flush();
      List<TreeEdit> edits = new ArrayList<>();
      files.forEach(
          (path, file) ->
              edits.add(new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()))));
      var unused =
          new Committer(store, name, Instant.EPOCH)
              .commit(
                  repo,
                  branch,
                  "",
                  Committer.Empty.SKIPPED,
                  before -> store.trees().edit(before, edits));
      return 1;
    } catch (ConflictFault e) {
      return 0;
    }
  }
}
