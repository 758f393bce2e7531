// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One process that puts, or collects, until it is told to end: {@link LocalCollectorTest}.
 * Arguments: the store's folder, and {@code collect} or the number of one that puts.
 */
final class CollectorProcess {

  static final Duration GRACE = Duration.ofMinutes(20);

  private static final int CONTENTS = 12;

  private CollectorProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[2])).toNanos();
    int done = 0;
    Random random = new Random(arguments[1].hashCode());
    while (System.nanoTime() < end) {
      Duration off = Duration.ofMinutes(random.nextInt(120) - 60);
      WriteSession session =
          new WriteSession(new QuickTime(new LocalStorage(folder)), QuickTime.clock(off));
      try (Store store = Store.open(session)) {
        done +=
            arguments[1].equals("collect")
                ? collect(store, folder, off)
                : put(store, arguments[1], random);
      }
    }
    System.out.println("done " + done);
  }

  private static int collect(Store store, Path folder, Duration off) {
    Policy policy = new Policy(GRACE, GRACE, GRACE, Policy.REWRITE_BELOW, "test");
    Path scratch = folder.resolveSibling("");
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
        String content = "content " + random.nextInt(CONTENTS);
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
