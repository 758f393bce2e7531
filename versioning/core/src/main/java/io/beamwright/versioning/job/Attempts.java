// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The log of all attempts at jobs: what ran when, and whose journals may hold results. */
public final class Attempts {

  private final Storage storage;
  private final NumberedLog log;

  /** The attempts of the store at {@code storage}. */
  public Attempts(Storage storage) {
    this.storage = storage;
    this.log = new NumberedLog(storage, StoreLayout.ATTEMPTS);
  }

  /** Writes down that {@code job} starts. */
  public Attempt begin(Sha256 job, String run, String stage, Instant at, long datums, long toRun) {
    ObjectNode json = CanonicalJson.object();
    json.put("job", job.hex()).put("run", run).put("stage", stage).put("at", at.toString());
    json.put("datums", datums).put("to_run", toRun).put("token", UUID.randomUUID().toString());
    long number = log.append(SummedJson.bytes(json));
    return new Attempt(number, job, run, stage, at, datums, toRun);
  }

  /** Number of the newest attempt, or -1 if there is none. */
  public long newestNumber() {
    return log.newestNumber();
  }

  /** The attempt of this number, if there is one. */
  public Optional<Attempt> at(long number) {
    return log.at(number).map(this::parse);
  }

  /** Up to {@code limit} attempts whose number is below {@code before}, newest first. */
  public List<Attempt> newestFirst(long before, int limit) {
    return log.newestFirst(before, limit).stream().map(this::parse).toList();
  }

  private Attempt parse(NumberedLog.Entry entry) {
    return entry.read(
        storage,
        "the log of attempts",
        json ->
            new Attempt(
                entry.number(),
                Sha256.parse(json.required("job").textValue()),
                json.required("run").textValue(),
                json.required("stage").textValue(),
                Instant.parse(json.required("at").textValue()),
                json.required("datums").longValue(),
                json.required("to_run").longValue()));
  }
}
