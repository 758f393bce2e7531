// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The jobs of a store. A job has a first plan and a slot, each created once by whoever comes first,
 * a plan of each attempt, and a log of its states. Its id is a pure function of what it does and of
 * where the output branch stood, so that two submitters of the same job meet here.
 */
public final class Jobs {

  private static final int LONGEST = NumberedLog.MOST_BYTES;

  private final WriteSession session;
  private final Storage storage;

  /** The jobs of the store that {@code session} writes to. */
  public Jobs(WriteSession session) {
    this.session = session;
    this.storage = session.storage();
  }

  /** The first plan of {@code job}, if it was planned: what records tell of the job. */
  public Optional<JsonNode> plan(Sha256 job) {
    return read(StoreLayout.jobPlan(job)).map(bytes -> parse(StoreLayout.jobPlan(job), bytes));
  }

  /** The plan of one attempt at {@code job}, if it was written. */
  public Optional<JsonNode> plan(Sha256 job, long attempt) {
    StorageKey key = StoreLayout.attemptPlan(job, attempt);
    return read(key).map(bytes -> parse(key, bytes));
  }

  /**
   * Writes the plan of one attempt at {@code job}: what the commit says if this attempt is the one
   * that publishes.
   */
  public void writePlan(Sha256 job, long attempt, ObjectNode plan) {
    var unused =
        storage.createIfAbsent(
            StoreLayout.attemptPlan(job, attempt), Content.of(requireSmall(plan)));
  }

  private static byte[] requireSmall(ObjectNode plan) {
    byte[] bytes = SummedJson.bytes(plan);
    if (bytes.length > LONGEST) {
      throw new UserFault(
          "The plan of a job has " + bytes.length + " bytes, more than " + LONGEST + ".",
          "Let the commands of transform.environment print less, such as a digest.");
    }
    return bytes;
  }

  /**
   * Keeps the first plan of {@code job}; returns the one that came first, ours or another's. What
   * an attempt publishes is its own plan: see {@link #writePlan}.
   */
  public JsonNode fixPlan(Sha256 job, ObjectNode plan) {
    StorageKey key = StoreLayout.jobPlan(job);
    ObjectNode ours = plan.deepCopy().put("token", UUID.randomUUID().toString());
    if (storage.createIfAbsent(key, Content.of(requireSmall(ours))) == Creation.CREATED) {
      return ours;
    }
    return plan(job).orElseThrow(() -> new ObjectAbsent(storage.location(), key));
  }

  /** The commit that {@code job} published, if it did. */
  public Optional<CommitId> published(Sha256 job) {
    return read(StoreLayout.jobSlot(job))
        .map(bytes -> parse(StoreLayout.jobSlot(job), bytes))
        .map(json -> CommitId.parse(json.required("commit").textValue()));
  }

  /**
   * The commit that {@code job} ended with: where another commit came between on the branch, a copy
   * of the one in its slot with another parent.
   */
  public Optional<CommitId> commit(Sha256 job) {
    return states(job).stream()
        .flatMap(state -> Optional.ofNullable(state.path("commit").textValue()).stream())
        .findFirst()
        .map(CommitId::parse)
        .or(() -> published(job));
  }

  /** Puts a commit into the job's slot; returns the commit that came first, ours or another's. */
  public CommitId publish(Sha256 job, CommitId commit) {
    ObjectNode slot = CanonicalJson.object();
    slot.put("commit", commit.hex()).put("token", UUID.randomUUID().toString());
    StorageKey key = StoreLayout.jobSlot(job);
    session.beforePublishing(commit);
    if (storage.createIfAbsent(key, Content.of(SummedJson.bytes(slot))) == Creation.CREATED) {
      return commit;
    }
    return published(job).orElseThrow(() -> new ObjectAbsent(storage.location(), key));
  }

  /** Adds a state to the log of {@code job}; {@code state} has what is to be remembered of it. */
  public void record(Sha256 job, ObjectNode state) {
    ObjectNode entry = state.deepCopy().put("token", UUID.randomUUID().toString());
    long unused = log(job).append(SummedJson.bytes(entry));
  }

  /** The states of {@code job}, newest first. */
  public List<JsonNode> states(Sha256 job) {
    return log(job).newestFirst().stream()
        .map(entry -> parse(StoreLayout.jobPlan(job), entry.content()))
        .toList();
  }

  /** Up to {@code limit} jobs whose ids begin with {@code hex}, which has at least 4 digits. */
  public List<Sha256> withPrefix(String hex, int limit) {
    List<Sha256> jobs = new ArrayList<>();
    String prefix = StoreLayout.jobsWithPrefix(hex);
    Optional<String> after = Optional.empty();
    while (jobs.size() < limit) {
      List<Listed> first = storage.list(prefix, after, 1);
      if (first.isEmpty()) {
        break;
      }
      String key = first.get(0).key().text();
      int end = prefix.length() - hex.length() + 2 * Sha256.BYTES;
      if (key.length() < end || !Sha256.isHex(key.substring(prefix.length(), end))) {
        throw DamagedObject.at(
            storage, first.get(0).key(), "something of a job", "has no id in its name");
      }
      String folder = key.substring(0, end);
      jobs.add(Sha256.parse(folder.substring(folder.lastIndexOf('/') + 1)));
      // '0' follows '/': goes on after everything of this job.
      after = Optional.of(folder + "0");
    }
    return jobs;
  }

  private Optional<byte[]> read(StorageKey key) {
    try {
      return Optional.of(storage.read(key, 0, LONGEST));
    } catch (ObjectAbsent e) {
      return Optional.empty();
    }
  }

  private JsonNode parse(StorageKey key, byte[] bytes) {
    try {
      return SummedJson.parse(bytes);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " is damaged: it is not what was written.",
          DamagedObject.REMEDY,
          e);
    }
  }

  private NumberedLog log(Sha256 job) {
    return new NumberedLog(storage, StoreLayout.jobLog(job));
  }
}
