// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The jobs and runs of other stores that are told of here, because commits that they made were
 * copied. Each is one key, created once and whole, so nobody sees a part of one. Keys are in the
 * order of time, so that the last come first when they are listed.
 */
public final class Copies {

  private static final int PAGE = 100;
  private static final int MOST_BYTES = NumberedLog.MOST_BYTES;

  private final Storage storage;

  /** The copies in the store at {@code storage}. */
  public Copies(Storage storage) {
    this.storage = storage;
  }

  /** When a job was planned, by its first plan; empty if that does not tell. */
  public static Optional<Instant> planned(JsonNode plan) {
    try {
      return Optional.of(
          CanonicalJson.read(plan, json -> Instant.parse(json.required("time").textValue())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the job that was planned at {@code planned}, as its first plan says, is told of. */
  public boolean has(Sha256 job, Instant planned) {
    return isThere(StoreLayout.jobCopy(job, planned));
  }

  /** What is told of the job that was planned at {@code planned}, as its first plan says. */
  public Optional<JobCopy> find(Sha256 job, Instant planned) {
    return read(StoreLayout.jobCopy(job, planned), "a copied job", json -> JobCopy.of(job, json));
  }

  /** Tells of a job, unless something is told of it already. */
  public void write(Sha256 job, Instant planned, JobCopy copy) {
    byte[] all = SummedJson.bytes(copy.toJson());
    // What is left out of a log that is too long says nothing of how the job succeeded.
    byte[] bytes =
        all.length <= MOST_BYTES ? all : SummedJson.bytes(copy.withoutFailures().toJson());
    create(StoreLayout.jobCopy(job, planned), bytes);
  }

  /** Whether any job is told of. */
  public boolean isAny() {
    return !storage.list(StoreLayout.JOB_COPIES, Optional.empty(), 1).isEmpty();
  }

  /** The jobs that are told of, the last planned first. Lazy, need not be closed. */
  public Stream<Sha256> jobs() {
    return keys(StoreLayout.JOB_COPIES).map(StoreLayout::digestOf);
  }

  /** Tells of a run, unless something is told of it already. */
  public void write(RunCopy copy) {
    create(StoreLayout.runCopy(copy.run(), copy.submitted()), SummedJson.bytes(copy.toJson()));
  }

  /** The runs that are told of, the last submitted first. Lazy, need not be closed. */
  public Stream<RunCopy> runs() {
    return keys(StoreLayout.RUN_COPIES)
        .flatMap(key -> read(key, "a copied run", RunCopy::of).stream());
  }

  private boolean isThere(StorageKey key) {
    return storage.list(key.text(), Optional.empty(), 1).stream()
        .anyMatch(listed -> listed.key().equals(key));
  }

  private void create(StorageKey key, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new EnvironmentFault(
          "What "
              + key
              + " is to tell has "
              + bytes.length
              + " bytes, more than "
              + MOST_BYTES
              + ": a job or run of very many attempts or stages cannot be copied.",
          "Copy commits of other jobs, or make the commit anew there.");
    }
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  private Stream<StorageKey> keys(String prefix) {
    return Stream.iterate(
            storage.list(prefix, Optional.empty(), PAGE),
            page -> !page.isEmpty(),
            page -> storage.list(prefix, Optional.of(page.get(page.size() - 1).key().text()), PAGE))
        .flatMap(List::stream)
        .map(Listed::key);
  }

  private <T> Optional<T> read(StorageKey key, String what, Function<JsonNode, T> reader) {
    try {
      byte[] bytes = storage.read(key, 0, MOST_BYTES);
      return Optional.of(CanonicalJson.read(SummedJson.parse(bytes), reader));
    } catch (ObjectAbsent e) {
      return Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw DamagedObject.at(storage, key, what, "is not what was written");
    }
  }
}
