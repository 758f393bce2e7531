// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.Workshop;
import io.beamwright.versioning.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However an input is split, bundled and spread over threads: one tree. */
class OneTreeTest {

  private static final int FILES = 100;

  private static final String STAGES =
      """
      [{"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
        "transform": {"beam": [{"type": "ReadFromCsv"}]}},
       {"pipeline": {"name": "sums"}, "input": {"pfs": {"repo": "rows", "glob": "/"}},
        "transform": {"beam": [{"type": "Sql", "config": {"query":
          "SELECT k, COUNT(*) AS n, SUM(x) AS total, AVG(x) AS mean FROM `rows` GROUP BY k"}}]}},
       {"pipeline": {"name": "joined"}, "input": {"pfs": {"repo": "rows", "glob": "/"}},
        "transform": {"beam": [{"type": "Sql", "config": {"query":
          "SELECT a.k, a.x, b.n FROM `rows` a LEFT JOIN (SELECT k, COUNT(*) AS n, AVG(x) AS m FROM `rows` WHERE k <> 'key-1' GROUP BY k) b ON a.k = b.k"}}]}},
       {"pipeline": {"name": "filtered"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
        "transform": {"beam": [{"type": "ReadFromCsv"}, {"type": "Sql", "config": {"query":
          "SELECT k, x FROM PCOLLECTION WHERE x > 0"}}]}}]
      """;

  private static final List<String> NAMES = List.of("rows", "sums", "joined", "filtered");

  @TempDir Path temp;

  @Test
  void anyBundlesInAnyOrderAtAnyParallelismGiveOneTree() {
    Map<String, String> files = csvFiles();
    List<Map<String, Sha256>> trees = new ArrayList<>();
    List<String> settings = List.of("1/3", "2/5", "7/11");
    for (String setting : settings) {
      try (Workshop workshop = Workshop.in(temp.resolve("parallelism-" + setting))) {
        workshop.put("in", files);
        var unused = SplittingRunner.bundlesSinceAsked();

        RunReport report = run(workshop, setting.split("/")[0], setting.split("/")[1]);

        assertThat(report.succeeded()).isTrue();
        assertThat(SplittingRunner.bundlesSinceAsked()).isGreaterThan(3 * 64);
        trees.add(treesOf(workshop));
      }
    }

    assertThat(trees.get(0).values()).doesNotHaveDuplicates();
    assertThat(trees).containsOnly(trees.get(0));
  }

  private static Map<String, Sha256> treesOf(Workshop workshop) {
    Map<String, Sha256> trees = new TreeMap<>();
    for (String name : NAMES) {
      trees.put(name, workshop.commit(name).commit().tree());
    }
    Sha256 rows = workshop.commit("rows").commit().tree();
    assertThat(workshop.store().trees().open(rows).fileCount()).isEqualTo(FILES);
    return trees;
  }

  private static RunReport run(Workshop workshop, String parallelism, String seed) {
    RunContext splitting =
        workshop.newRun(
            new RunnerDefaults(
                "splitting", Map.of("parallelism", parallelism, "seed", seed), Map.of()));
    return new Corridor(splitting, runner -> new BeamEngine(), RunEvents.NONE)
        .run(workshop.pipeline(STAGES));
  }

  /** Values of which no order of adding gives the same sum of doubles. */
  private static Map<String, String> csvFiles() {
    Random random = new Random(5);
    Map<String, String> files = new TreeMap<>();
    for (int file = 0; file < FILES; file++) {
      StringBuilder text = new StringBuilder("k,x\n");
      for (int row = 0; row < 20; row++) {
        double x = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(18));
        text.append("key-").append(random.nextInt(7)).append(',').append(x).append('\n');
      }
      files.put("/%03d.csv".formatted(file), text.toString());
    }
    return files;
  }
}
