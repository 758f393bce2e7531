// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.result.DatumResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of datums that a runner begins again. */
class RunDatumsTest {

  private static final String STAGE =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["sh", "-c", "cp /pfs/in/* /pfs/out/"]}}
      """;

  @TempDir private Path folder;
  private Workshop workshop;
  private Plan.Run plan;
  private GraphSite site;
  private DatumSets sets;

  @BeforeEach
  void plan() {
    workshop = new Workshop("file:" + folder.resolve("store"), folder);
    var unused = workshop.put("in", Map.of("/a", "content"));
    RunContext context = workshop.newRun();
    plan = (Plan.Run) new Planner(context).pin(workshop.pipeline(STAGE).stages().get(0), Map.of());
    Sha256 job = plan.job().job();
    Attempt attempt =
        workshop.store().attempts().begin(job, "run", plan.stage(), Instant.EPOCH, 1, 1);
    site = new GraphSite(context.location(), job.hex(), attempt.number());
    sets = new DatumSets(new StageGraph(workshop.store(), plan, site, 1).storeList(), 1, 1);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  /** One try of a bundle that holds the set; its end is where what comes next in it would fail. */
  private List<Long> tryBundle(RunDatums.Durable durable) throws InterruptedException {
    List<Long> counts = new ArrayList<>();
    StageWork.PerDatum work = (StageWork.PerDatum) plan.work();
    RunDatums run =
        new RunDatums(site, "copy", CanonicalJson.text(work.transform().toJson()), sets, durable);
    run.open();
    run.begin();
    run.run(0, into(counts));
    run.close();
    return counts;
  }

  private static OutputReceiver<Long> into(List<Long> counts) {
    return new OutputReceiver<>() {
      @Override
      public OutputBuilder<Long> builder(Long value) {
        return WindowedValues.builder(WindowedValues.valueInGlobalWindow(value))
            .setReceiver(output -> counts.add(output.getValue()));
      }
    };
  }

  private List<DatumResult> results() {
    List<DatumResult> results = new ArrayList<>();
    workshop.store().journals().read(0, results::add);
    return results;
  }

  @Test
  void aSetWhoseResultsAreDurableIsNotRunAgain() throws Exception {
    assertThat(tryBundle(RunDatums.Durable.WITH_EACH_SET)).containsExactly(1L);
    assertThat(results()).as("before the bundle ends").hasSize(1);

    assertThat(tryBundle(RunDatums.Durable.WITH_EACH_SET)).containsExactly(1L);

    assertThat(results()).hasSize(1);
  }
}
