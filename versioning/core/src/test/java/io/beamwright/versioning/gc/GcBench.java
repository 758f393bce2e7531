// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes a store of many objects, half of which nothing needs, and collects it: what {@code
 * benchmarks/gc.py} runs. Arguments: an empty folder, the number of objects, and {@code make} or
 * {@code collect}.
 */
public final class GcBench {

  private GcBench() {}

  /** Runs it; to collect prints a line of JSON. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int objects = Integer.parseInt(arguments[1]);
    try (Store store = Store.openOrCreate(StorageLocation.parse("file:" + folder).open())) {
      if (arguments[2].equals("make")) {
        make(store, folder, objects);
      } else {
        collect(store, folder);
      }
    }
  }

  // Written without a flush: to make the store is not what is measured.
  private static void make(Store store, Path root, int objects) throws IOException {
    for (int i = 0; i < objects; i++) {
      byte[] bytes = content(i);
      Path file = root.resolve(StoreLayout.object(Sha256.of(bytes), 0).text());
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, bytes);
    }
    Repo repo = store.repos().create("r", "", "bench", Instant.EPOCH);
    var unused =
        new Committer(store, "bench", Instant.EPOCH)
            .commit(
                repo,
                "master",
                "",
                Committer.Empty.SKIPPED,
                before ->
                    store
                        .trees()
                        .build(IntStream.range(0, objects / 2).mapToObj(GcBench::file).iterator()));
  }

  private static byte[] content(int i) {
    return ("the content of file number " + i).getBytes(StandardCharsets.UTF_8);
  }

  private static FileEntry file(int i) {
    byte[] bytes = content(i);
    Sha256 sha256 = Sha256.of(bytes);
    List<Extent> whole = List.of(new Extent(ObjectRef.of(sha256), 0, bytes.length));
    return FileEntry.of(
        new FilePath("/%03d/%09d".formatted(i / 10_000, i)),
        false,
        new StoredFile(bytes.length, sha256, whole, Optional.empty()));
  }

  private static void collect(Store store, Path folder) {
    Policy policy = new Policy(Duration.ZERO, Duration.ZERO, Duration.ZERO, 50, "bench");
    Path scratch = folder.resolveSibling("");
    long start = System.nanoTime();
    Collection listed = new Collector(store, policy, scratch).collect();
    long listedAt = System.nanoTime();
    Collection swept = new Collector(store, policy, scratch).collect();
    long sweptAt = System.nanoTime();
    System.out.printf(
        "{\"list_s\": %.1f, \"sweep_s\": %.1f, \"listed\": %d, \"deleted\": %d, \"heap_mb\": %d}%n",
        (listedAt - start) / 1e9,
        (sweptAt - listedAt) / 1e9,
        objects(listed.listed().orElseThrow().totals()),
        objects(swept.swept().orElseThrow().deleted()),
        heapPeak() >> 20);
  }

  private static long objects(Map<String, Amount> amounts) {
    return Optional.ofNullable(amounts.get("objects")).map(Amount::things).orElse(0L);
  }

  private static long heapPeak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
