// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.record.DatumRecord;
import io.beamwright.pipelines.record.DatumState;
import io.beamwright.pipelines.record.JobDatums;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.LogFollower;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.result.DatumResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs}: what the datums of a job printed. */
@Command(name = "logs", description = "Print what the datums of a job printed.")
final class LogsCommand implements Subcommand {

  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 10;
  private static final long PAUSE_MILLIS = 500;
  // With a pause that doubles after each, a storage may be away for a minute.
  private static final int MOST_FAILURES = 8;
  private static final int MOST_DOUBLINGS = 5;

  @Parameters(
      paramLabel = "JOB",
      description =
          "A job's id or 4 or more of its first digits; a stage, for its newest job; or REPO@REF,"
              + " for the job that made that commit.")
  private String typed = "";

  @Option(
      names = "--datum",
      paramLabel = "KEY",
      description = "Of this datum only: its key, or 4 or more of its first digits.")
  private @Nullable String key;

  @Option(names = "--failed", description = "Of the datums that failed only.")
  private boolean failedOnly;

  @Option(
      names = {"-f", "--follow"},
      description =
          "Go on with what is printed until the job has ended; the exit code is that of its end.")
  private boolean follow;

  @Override
  public Exit run(Session session) throws InterruptedException {
    try (Store store = session.openStore()) {
      JobRecord job = new JobRecords(store).require(typed);
      JobDatums datums = JobDatums.of(store, job);
      requireDatum(job, datums);
      if (follow) {
        return follow(session, store, job, datums);
      }
      if (session.json()) {
        session.console().document(json -> write(json, store, job, datums));
      } else {
        print(session.console(), store, job, datums);
      }
      return Exit.FINE;
    }
  }

  private boolean isWanted(Sha256 datum) {
    return key == null || datum.hex().startsWith(key);
  }

  private boolean isWanted(DatumRecord datum) {
    return isWanted(datum.datum().key()) && (!failedOnly || datum.state() == DatumState.FAILED);
  }

  private void requireDatum(JobRecord job, JobDatums datums) {
    if (key == null) {
      return;
    }
    String inspect = "Try: beamwright inspect job " + Console.shortId(job.id().hex());
    if (key.length() < SHORTEST_PREFIX) {
      throw new UserFault(
          "\"" + key + "\" is too short for the key of a datum.",
          "Give 4 or more of its first digits. " + inspect);
    }
    List<String> matching = new ArrayList<>();
    datums.forEach(
        datum -> {
          if (datum.datum().key().hex().startsWith(key)) {
            matching.add(datum.datum().key().hex());
          }
        });
    List<String> keys = matching.stream().distinct().limit(MOST_CANDIDATES).toList();
    if (keys.isEmpty()) {
      throw new UserFault(
          "The job " + Console.shortId(job.id().hex()) + " has no datum \"" + key + "\".", inspect);
    }
    if (keys.size() > 1) {
      throw new UserFault(
          "\"" + key + "\" may be any of the datums " + String.join(", ", keys) + ".",
          "Give more digits.");
    }
  }

  // --- for people ---

  /** The log is printed alone where the job has one datum or one is named; headed otherwise. */
  private boolean isHeaded(JobRecord job) {
    return key == null && job.plan().datums() > 1;
  }

  private void print(Console console, Store store, JobRecord job, JobDatums datums) {
    boolean headed = isHeaded(job);
    long[] printed = {0};
    datums.forEach(
        datum -> {
          if (isWanted(datum)
              && print(console, store, datum, datums.resultOf(datum), headed, printed[0] > 0)) {
            printed[0]++;
          }
        });
    if (printed[0] == 0) {
      console.note(nothing(job));
    }
  }

  private String nothing(JobRecord job) {
    String of = " of the job " + Console.shortId(job.id().hex()) + " (" + job.stage() + ")";
    if (key != null) {
      return "The datum " + Console.shortId(key) + of + " printed nothing.";
    }
    return failedOnly ? "No datum" + of + " failed." : "No datum" + of + " printed anything.";
  }

  /** Whether there was something to print: a log, or for a failure without one its reason. */
  private static boolean print(
      Console console,
      Store store,
      DatumRecord datum,
      Optional<DatumResult> result,
      boolean headed,
      boolean isNext) {
    Optional<StoredFile> log = result.flatMap(DatumResult::log);
    if (log.isEmpty() && datum.state() != DatumState.FAILED) {
      return false;
    }
    if (headed) {
      console.line(
          (isNext ? "\n" : "")
              + "==> datum "
              + RecordText.name(datum)
              + " "
              + datum.state()
              + " <==");
    }
    if (log.isPresent()) {
      copy(store, log.get(), console, headed);
    } else {
      console.line(datum.reason());
    }
    return true;
  }

  /** Copies a log as it is; {@code closed} adds the line end that its last line may lack. */
  private static void copy(Store store, StoredFile log, Console console, boolean closed) {
    byte[] buffer = new byte[1 << 16];
    byte last = '\n';
    OutputStream out = console.output();
    try (InputStream in = store.files().open(log)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        last = read > 0 ? buffer[read - 1] : last;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (closed && last != '\n') {
      console.line("");
    }
  }

  // --- while the job runs ---

  private Exit follow(Session session, Store store, JobRecord job, JobDatums datums)
      throws InterruptedException {
    Map<Sha256, String> names = new HashMap<>();
    datums.forEach(
        datum -> {
          if (isWanted(datum.datum().key())) {
            names.put(datum.datum().key(), RecordText.name(datum));
          }
        });
    FollowedLogs printed = new FollowedLogs(session.console(), isHeaded(job), names);
    // A document has all logs at its end, in the order of the plan.
    Predicate<Sha256> wanted = session.json() ? datum -> false : this::isWanted;
    JobRecord ended =
        untilItsEnd(session, new LogFollower(store, job, wanted, failedOnly, printed));
    printed.close();
    EndOutput.requireDriven(ended);
    if (session.json()) {
      JobDatums all = JobDatums.of(store, ended);
      session.console().document(json -> write(json, store, ended, all));
    } else if (!printed.hasPrinted()) {
      session.console().note(nothing(ended));
    }
    return EndOutput.exit(ended);
  }

  private static JobRecord untilItsEnd(Session session, LogFollower follower)
      throws InterruptedException {
    int failures = 0;
    while (true) {
      try {
        if (follower.look()) {
          return follower.job();
        }
        failures = 0;
      } catch (EnvironmentFault fault) {
        failures++;
        if (failures == MOST_FAILURES) {
          throw fault;
        }
      }
      session.console().flush();
      Thread.sleep(PAUSE_MILLIS << Math.min(failures, MOST_DOUBLINGS));
    }
  }

  // --- in JSON ---

  private void write(JsonGenerator json, Store store, JobRecord job, JobDatums datums)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("job", job.id().hex());
    json.writeStringField("stage", job.stage());
    json.writeArrayFieldStart("datums");
    datums.forEach(
        datum -> {
          if (isWanted(datum)) {
            write(json, store, datum, datums.resultOf(datum).flatMap(DatumResult::log));
          }
        });
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, Store store, DatumRecord datum, Optional<StoredFile> log) {
    try {
      json.writeStartObject();
      RecordJson.datum(json, datum);
      if (log.isPresent()) {
        json.writeFieldName("log");
        // In portions: a log may be long.
        try (InputStream in = store.files().open(log.get())) {
          json.writeString(new InputStreamReader(in, StandardCharsets.UTF_8), -1);
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
