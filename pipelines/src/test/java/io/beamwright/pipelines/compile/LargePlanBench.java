// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.util.construction.PipelineTranslation;

/**
 * Makes a store of many files, and does the driver's part of a stage that has each for a datum: the
 * plan, written into the store, and the graph. Benchmarks start it.
 */
final class LargePlanBench {

  private static final String COPY =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "many", "glob": "/*"}},
       "transform": {"cmd": ["cp", "-r", "/pfs/many/.", "/pfs/out"]}}
      """;

  private LargePlanBench() {}

  /** {@code put URI FOLDER COUNT} or {@code plan URI FOLDER}. */
  public static void main(String[] words) throws IOException {
    try (Workshop workshop = new Workshop(words[1], Path.of(words[2]))) {
      if (words[0].equals("put")) {
        put(workshop.store(), Integer.parseInt(words[3]));
      } else {
        plan(workshop);
      }
    }
  }

  private static void put(Store store, int files) throws IOException {
    Repo repo = store.repos().create("many", "", "tester", Instant.now());
    List<PendingFile> contents = new ArrayList<>();
    try (Packer packer = store.packer()) {
      for (int i = 0; i < files; i++) {
        contents.add(packer.add(Content.of(Integer.toString(i).getBytes(UTF_8))));
      }
      packer.flush();
    }
    List<FileEntry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      FilePath path = new FilePath("/file-%07d".formatted(i));
      entries.add(FileEntry.of(path, false, contents.get(i).stored()));
    }
    var unused =
        new Committer(store, "tester", Instant.now())
            .commit(
                repo,
                Revision.DEFAULT_BRANCH,
                "put",
                Committer.Empty.ALLOWED,
                before -> store.trees().build(entries.iterator()));
  }

  private static void plan(Workshop workshop) {
    RunContext context = workshop.newRun();
    long start = System.nanoTime();
    Plan.Run plan =
        (Plan.Run) new Planner(context).pin(workshop.pipeline(COPY).stages().get(0), Map.of());
    double planned = (System.nanoTime() - start) / 1e9;
    Pipeline graph = Pipeline.create();
    GraphSite site = new GraphSite(context.location(), plan.job().job().hex(), 0);
    new StageGraph(workshop.store(), plan, site, 1024).addTo(graph);
    System.out.printf(
        "{\"datums\": %d, \"plan_s\": %.1f, \"graph_bytes\": %d, \"peak_heap_mb\": %d,"
            + " \"live_heap_mb\": %d}%n",
        plan.toRun(),
        planned,
        PipelineTranslation.toProto(graph).getSerializedSize(),
        peakHeap() >> 20,
        liveHeap() >> 20);
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /** What the last collection left, the most that there was of each pool. */
  private static long liveHeap() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getCollectionUsage)
        .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
        .sum();
  }
}
