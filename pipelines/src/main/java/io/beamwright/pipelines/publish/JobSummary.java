// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.Copies;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.result.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * What an attempt at a job did and what that cost, by the results in its journals, on whatever
 * runner. It is kept with the attempt's end.
 *
 * @param took from the attempt's beginning to its end, by the clocks of who began and who ended it
 * @param datums how many the job has
 * @param ran how many ran in this attempt, well or not
 * @param reused how many had a result before it began
 * @param failed how many of those that ran have none
 * @param retried tries of programs beyond the first of each datum
 * @param bytes of the files that were written
 * @param rows of the tables that were written, if any was
 * @param inDatums time in all datums that ran, together, if any tells: chains of steps do not
 * @param longest the datum that took longest, likewise
 */
public record JobSummary(
    Duration took,
    long datums,
    long ran,
    long reused,
    long failed,
    long retried,
    long bytes,
    OptionalLong rows,
    Optional<Duration> inDatums,
    Optional<Longest> longest) {

  /**
   * A datum and how long it took.
   *
   * @param datum its key
   */
  public record Longest(Sha256 datum, Duration took) {}

  /** Of {@code attempt}, which made the results of {@code tally} and ends at {@code end}. */
  static JobSummary of(Attempt attempt, Tally tally, Instant end) {
    Duration took = Duration.between(attempt.at(), end);
    OptionalLong millis = tally.milliseconds();
    return new JobSummary(
        took.isNegative() ? Duration.ZERO : took,
        attempt.datums(),
        tally.ran(),
        attempt.datums() - attempt.toRun(),
        tally.failed(),
        tally.retried(),
        tally.bytes(),
        tally.rows(),
        millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty(),
        tally.longest().map(l -> new Longest(l.datum(), Duration.ofMillis(l.milliseconds()))));
  }

  /** Everything, as JSON; times in milliseconds. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("milliseconds", took.toMillis()).put("datums", datums).put("ran", ran);
    json.put("reused", reused).put("failed", failed).put("retried", retried).put("bytes", bytes);
    rows.ifPresent(count -> json.put("rows", count));
    inDatums.ifPresent(time -> json.put("datum_milliseconds", time.toMillis()));
    longest.ifPresent(
        l ->
            json.putObject("longest")
                .put("datum", l.datum().hex())
                .put("milliseconds", l.took().toMillis()));
    return json;
  }

  /**
   * The summary in an end of a job, if it has one: those that were written before there were any
   * have none.
   *
   * @throws IllegalArgumentException if it is not what {@link #toJson} gives
   */
  public static Optional<JobSummary> in(JsonNode end) {
    return Optional.ofNullable(end.get("summary")).map(JobSummary::of);
  }

  /** The summary of the attempt at {@code job} that {@code run} ended last, if it has one. */
  public static Optional<JobSummary> of(Store store, Sha256 job, String run) {
    List<JsonNode> states = store.jobs().states(job);
    return states.isEmpty()
        ? copy(store, job).flatMap(copy -> in(copy.states(), copy::attempt, run))
        : in(states, store.attempts()::at, run);
  }

  private static Optional<JobCopy> copy(Store store, Sha256 job) {
    return store
        .jobs()
        .plan(job)
        .flatMap(Copies::planned)
        .flatMap(planned -> store.copies().find(job, planned));
  }

  private static Optional<JobSummary> in(
      List<JsonNode> states, LongFunction<Optional<Attempt>> attempts, String run) {
    return JobStates.ends(states).stream()
        .filter(end -> isOf(end, attempts, run))
        .findFirst()
        .flatMap(JobSummary::in);
  }

  private static boolean isOf(JsonNode end, LongFunction<Optional<Attempt>> attempts, String run) {
    long attempt = end.path("attempt").asLong(-1);
    return attempt >= 0
        && attempts.apply(attempt).filter(began -> began.run().equals(run)).isPresent();
  }

  private static JobSummary of(JsonNode json) {
    JsonNode longest = json.path("longest");
    return new JobSummary(
        Duration.ofMillis(json.required("milliseconds").longValue()),
        json.required("datums").longValue(),
        json.required("ran").longValue(),
        json.required("reused").longValue(),
        json.required("failed").longValue(),
        json.required("retried").longValue(),
        json.required("bytes").longValue(),
        json.has("rows") ? OptionalLong.of(json.get("rows").longValue()) : OptionalLong.empty(),
        Optional.ofNullable(json.get("datum_milliseconds"))
            .map(millis -> Duration.ofMillis(millis.longValue())),
        longest.isMissingNode()
            ? Optional.empty()
            : Optional.of(
                new Longest(
                    Sha256.parse(longest.required("datum").textValue()),
                    Duration.ofMillis(longest.required("milliseconds").longValue()))));
  }
}
