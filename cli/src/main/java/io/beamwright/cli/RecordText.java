// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.pipelines.record.DatumRecord;
import io.beamwright.pipelines.record.JobEnd;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.transforms.datum.Datum;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How people are shown what several commands say of jobs and datums. */
final class RecordText {

  private RecordText() {}

  /** The commit that a job made, or why it made none. */
  static String commitOrCause(JobRecord job, JobEnd end) {
    return end.commit().map(commit -> job.plan().repo() + "@" + commit.brief()).orElse(end.cause());
  }

  /** What the attempt that decided a job's state did and cost, in a few lines. */
  static List<String> summary(JobSummary of) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d of %d datums ran, %d reused, %d failed, %s"
            .formatted(
                Times.duration(of.took()),
                of.ran(),
                of.datums(),
                of.reused(),
                of.failed(),
                of.retried() == 1 ? "1 retry" : of.retried() + " retries"));
    lines.add("wrote " + wrote(of));
    of.inDatums()
        .ifPresent(
            time ->
                lines.add(
                    Times.duration(time)
                        + " in datums"
                        + of.longest()
                            .map(
                                l ->
                                    ", the longest "
                                        + Times.duration(l.took())
                                        + " in "
                                        + Console.shortId(l.datum().hex()))
                            .orElse("")));
    return lines;
  }

  /** How much was written. */
  static String wrote(JobSummary of) {
    String rows =
        of.rows().isEmpty()
            ? ""
            : of.rows().getAsLong() == 1 ? ", 1 row" : ", " + of.rows().getAsLong() + " rows";
    return Transfer.size(of.bytes()) + rows;
  }

  /** What a datum's inputs matched. */
  static String inputs(Datum datum) {
    return datum.inputs().stream()
        .map(input -> input.name() + ":" + input.match())
        .collect(Collectors.joining(" × "));
  }

  /** A datum by the first digits of its key, with what its inputs matched. */
  static String name(DatumRecord datum) {
    return Console.shortId(datum.datum().key().hex()) + " (" + inputs(datum.datum()) + ")";
  }
}
