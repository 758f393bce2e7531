// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.ref.NumberedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attempt at a job did is kept with its end. */
class JobSummaryTest {

  private static final String SPEC =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["sh"], "stdin": [
         "if grep -q bad /pfs/in/*; then exit 3; fi", "sleep 0.05", "cp /pfs/in/* /pfs/out/"]},
       "datum_tries": 3}
      """;

  private static final String TABLE =
      """
      {"pipeline": {"name": "table"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"sql": "SELECT * FROM \\"in\\" ORDER BY 1"}}
      """;

  @TempDir Path temp;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = Workshop.in(temp);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private JobRecord job(RunReport report) {
    Sha256 id = report.stages().get(0).job().orElseThrow();
    return new JobRecords(workshop.store()).require(id.hex());
  }

  private DatumTotals totals(JobRecord job) {
    DatumTotals totals = new DatumTotals();
    JobDatums.of(workshop.store(), job).forEach(totals::add);
    return totals;
  }

  @Test
  void aJobThatFailedTellsWhatItDid() {
    workshop.put("in", Map.of("/a", "12345", "/b", "bad", "/c", "1"));

    JobRecord job = job(workshop.run(SPEC, new PlainEngine(2)));

    JobSummary summary = job.summary().orElseThrow();
    assertThat(summary.datums()).isEqualTo(3);
    assertThat(summary.ran()).isEqualTo(3);
    assertThat(summary.reused()).isZero();
    assertThat(summary.failed()).isOne();
    assertThat(summary.retried()).as("the two tries more of the one that failed").isEqualTo(2);
    assertThat(summary.bytes()).isEqualTo(6);
    assertThat(summary.rows()).isEmpty();
    assertThat(summary.took()).isEqualTo(job.took().orElseThrow().truncatedTo(MILLIS));
    DatumTotals totals = totals(job);
    assertThat(summary.inDatums().orElseThrow().toMillis())
        .isEqualTo(totals.materialise() + totals.run() + totals.store())
        .isGreaterThanOrEqualTo(100);
    assertThat(summary.longest().orElseThrow().took())
        .isBetween(Duration.ofMillis(50), summary.inDatums().get());
  }

  @Test
  void whatIsReusedIsCountedAndCostsNothing() {
    workshop.put("in", Map.of("/a", "12345", "/b", "bad", "/c", "1"));
    RunReport unused = workshop.run(SPEC, new PlainEngine(2));
    workshop.put("in", Map.of("/a", "12345", "/b", "good", "/c", "1"));

    JobSummary summary = job(workshop.run(SPEC, new PlainEngine(2))).summary().orElseThrow();

    assertThat(summary.datums()).isEqualTo(3);
    assertThat(summary.ran()).isOne();
    assertThat(summary.reused()).isEqualTo(2);
    assertThat(summary.failed()).isZero();
    assertThat(summary.retried()).isZero();
    assertThat(summary.bytes()).isEqualTo("good".length());
  }

  @Test
  void rowsOfTablesAreCounted() {
    workshop.put("in", Map.of("/a.csv", "x\n1\n2\n", "/b.csv", "x\n3\n"));

    JobSummary summary = job(workshop.run(TABLE, new PlainEngine(1))).summary().orElseThrow();

    assertThat(summary.rows()).hasValue(3);
    assertThat(summary.bytes()).isPositive();
    assertThat(summary.inDatums()).isPresent();
  }

  @Test
  void aStageWithoutADatumHasOneToo() {
    workshop.put("in", Map.of());

    JobSummary summary = job(workshop.runWithoutEngine(SPEC)).summary().orElseThrow();

    assertThat(summary.datums()).isZero();
    assertThat(summary.ran()).isZero();
    assertThat(summary.inDatums()).isEmpty();
    assertThat(summary.longest()).isEmpty();
  }

  @Test
  void itIsReadAsItWasWritten() {
    JobSummary full =
        new JobSummary(
            Duration.ofMillis(1),
            2,
            3,
            4,
            5,
            6,
            7,
            OptionalLong.of(8),
            Optional.of(Duration.ofMillis(9)),
            Optional.of(new JobSummary.Longest(Sha256.of(new byte[0]), Duration.ofMillis(10))));
    JobSummary least =
        new JobSummary(
            Duration.ZERO,
            0,
            0,
            0,
            0,
            0,
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    for (JobSummary summary : new JobSummary[] {full, least}) {
      ObjectNode end = CanonicalJson.object();
      end.set("summary", summary.toJson());
      assertThat(JobSummary.in(end)).contains(summary);
    }
  }

  @Test
  void anEndThatWasWrittenBeforeThereWereSummariesIsReadWithoutOne() {
    workshop.put("in", Map.of("/a", "1"));
    JobRecord job = job(workshop.run(SPEC, new PlainEngine(1)));
    ObjectNode before = (ObjectNode) workshop.store().jobs().states(job.id()).get(0).deepCopy();
    before.remove("summary");
    // As it was: the oldest success is the one that counts.
    workshop.store().storage().delete(ends(job).key(0));
    workshop.store().jobs().record(job.id(), before);

    JobRecord old = new JobRecords(workshop.store()).require(job.id().hex());

    assertThat(old.state()).isEqualTo(JobState.SUCCESS);
    assertThat(old.summary()).isEmpty();
    assertThat(old.end().orElseThrow().commit()).isEqualTo(job.end().orElseThrow().commit());
  }

  private NumberedLog ends(JobRecord job) {
    return new NumberedLog(workshop.store().storage(), StoreLayout.jobLog(job.id()));
  }
}
