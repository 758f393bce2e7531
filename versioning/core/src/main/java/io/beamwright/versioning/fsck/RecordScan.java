// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.ListCheck;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.job.RunCopy;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.result.Journals;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads everything that is not named by its digest, in the order of the keys, and checks each by
 * itself and logs for gaps. What has to agree with something else goes into {@link Records}.
 */
final class RecordScan {

  private static final String COMMITTED = "committed";
  private static final String ABORTED = "aborted";

  // An entry without a checksum was written before there were any, with these members alone: so a
  // bit that flips in a member's name, that of the checksum too, is seen.
  private static final Map<String, Set<String>> MEMBERS_BEFORE_SUMS =
      Map.of(
          "repos", Set.of("entry", "description", "by", "at", "token"),
          "refs",
              Set.of(
                  "kind",
                  "from",
                  "to",
                  "deleted",
                  "by",
                  "at",
                  "why",
                  "job",
                  "transaction",
                  "token"),
          "attempts", Set.of("job", "run", "stage", "at", "datums", "to_run", "token"),
          "results", Set.of("tree", "through", "open", "at", "token"),
          "runs",
              Set.of(
                  "run",
                  "author",
                  "time",
                  "engine",
                  "runner",
                  "runner_options",
                  "puts",
                  "inputs",
                  "specs",
                  "token"),
          "run-states", Set.of("state", "at", "stages", "reason", "remedy", "token"),
          "log",
              Set.of(
                  "at",
                  "token",
                  "attempt",
                  "added",
                  "contradicted",
                  "contradictions",
                  "state",
                  "commit",
                  "head",
                  "failed",
                  "examples",
                  "reason",
                  "remedy"),
          "plan",
              Set.of(
                  "repo",
                  "repo_id",
                  "branch",
                  "head",
                  "author",
                  "time",
                  "message",
                  "provenance",
                  "segments",
                  "datums",
                  "to_run",
                  "token"),
          "slot", Set.of("commit", "token"),
          "leases", Set.of());

  private final Storage storage;
  private final Findings findings;
  private final Records records;

  private String log = "";
  private long previous;
  // What the entry after this one, the last that was read, says that it came from.
  private Optional<Optional<String>> laterFrom = Optional.empty();
  private boolean headIsKnown;

  RecordScan(Storage storage, Findings findings, Records records) {
    this.storage = storage;
    this.findings = findings;
    this.records = records;
  }

  /** Checks the thing at {@code key}; says whether it is of the format. */
  boolean check(StorageKey key) {
    Optional<Keys.Entry> entry = Keys.entry(key.text());
    if (entry.isPresent() && isLog(entry.get().log())) {
      checkEntry(key, entry.get());
      return true;
    }
    String[] parts = key.text().split("/", -1);
    return switch (parts[0]) {
      case "jobs" -> parts.length == 4 && checkJob(key, parts);
      case "journals" -> checkJournal(key);
      case "transactions" -> parts.length == 2 && checkTransaction(key);
      case "dropped" -> checkDropped(key);
      case "features" -> parts.length == 2 && checkFeature(key, parts[1]);
      case "copies" -> parts.length == 7 && checkCopy(key, parts);
      case "condemned" -> checkCondemned(key);
      case "repairs" -> parts.length == 2 && isId(parts[1]) && checkRepair(key);
      default -> false;
    };
  }

  private static boolean isLog(String prefix) {
    String[] parts = prefix.split("/", -1);
    return switch (parts[0]) {
      case "attempts", "results", "runs", "gc" -> parts.length == 1;
      case "repos", "run-states", "leases", "remotes" -> parts.length == 2;
      case "retention" -> parts.length == 2 && isId(parts[1]);
      case "refs" -> parts.length == 3 && isId(parts[1]);
      case "jobs" -> parts.length == 4 && isId(parts[2]) && parts[3].equals("log");
      case "live-logs" -> Keys.liveLogAttempt(prefix).isPresent();
      default -> false;
    };
  }

  private static boolean isId(String text) {
    return text.length() == 2 * Sha256.BYTES && Sha256.isHex(text);
  }

  /** No more keys come. */
  void finish() {
    endLog();
  }

  private void endLog() {
    if (!log.isEmpty() && hasNoGaps(log)) {
      absent(log, 0, previous);
    }
    log = "";
  }

  // Leases are renewed for as long as a run lives, and live logs are written for as long as an
  // attempt does; then nobody needs them.
  private static boolean hasNoGaps(String log) {
    return !log.startsWith(StoreLayout.LEASES) && !log.startsWith(StoreLayout.LIVE_LOGS);
  }

  private void absent(String prefix, long from, long to) {
    NumberedLog numbered = new NumberedLog(storage, prefix);
    for (long number = from; number < Math.min(to, from + FsckReport.MOST_DAMAGES); number++) {
      findings
          .damaged(Damage.Kind.ENTRY, numbered.key(number), "is absent")
          .neededBy("entry " + number + " of the log " + prefix);
    }
  }

  private void checkEntry(StorageKey key, Keys.Entry entry) {
    if (!entry.log().equals(log)) {
      endLog();
      log = entry.log();
      records.newest.put(log, entry.number());
      laterFrom = Optional.empty();
      headIsKnown = false;
    } else if (previous != entry.number() + 1 && hasNoGaps(log)) {
      absent(log, entry.number() + 1, previous);
      laterFrom = Optional.empty();
    }
    previous = entry.number();
    boolean isNewest = records.newest.getOrDefault(log, -1L) == entry.number();
    String[] parts = log.split("/", -1);
    String kind = parts[0].equals("jobs") ? "log" : parts[0];
    boolean sound =
        read(
            Damage.Kind.ENTRY,
            key,
            kind,
            (json, bytes) -> {
              switch (kind) {
                case "repos" -> repo(parts[1], json, bytes, isNewest);
                case "refs" -> ref(key, parts, json, entry.number());
                case "attempts" -> attempt(json, entry.number());
                case "results" -> results(json, isNewest);
                case "runs" -> run(json);
                case "run-states" -> records.runStates.add(decode(parts[1]));
                case "log" -> state(json, records.job(Sha256.parse(parts[2])));
                case "live-logs" -> segment(json);
                case "gc" -> collection(json, entry.number(), isNewest);
                default -> {}
              }
            });
    if (!sound) {
      laterFrom = Optional.empty();
      // The branch cannot be read; what it names is told by the entry that is restored.
      headIsKnown = headIsKnown || kind.equals("refs");
    }
  }

  private interface BytesReader {
    void read(JsonNode json, byte[] bytes);
  }

  private boolean read(Damage.Kind kind, StorageKey key, String members, BytesReader reader) {
    try {
      // One more than there may be: more can only be damage, and is not canonical.
      byte[] bytes = storage.read(key, 0, NumberedLog.MOST_BYTES + 1);
      records.entries++;
      SummedJson.Read read = SummedJson.read(bytes);
      requireCanonical(read, bytes);
      if (!read.summed()) {
        records.unverified++;
        requireMembers(read.json(), MEMBERS_BEFORE_SUMS.getOrDefault(members, Set.of()));
      }
      reader.read(read.json(), bytes);
      return true;
    } catch (JsonProcessingException e) {
      damaged(kind, key, members, "is not JSON");
    } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
      damaged(kind, key, members, String.valueOf(e.getMessage()));
    } catch (ObjectAbsent e) {
      if (hasNoGaps(key.text())) {
        damaged(kind, key, members, "is absent");
      } else {
        findings.notice(storage.location() + "/" + key + " went away during the check.");
      }
    }
    return false;
  }

  private void damaged(Damage.Kind kind, StorageKey key, String members, String how) {
    findings.damaged(kind, key, how).neededBy(whose(key, members));
  }

  private static String whose(StorageKey key, String members) {
    String[] parts = key.text().split("/", -1);
    return switch (members) {
      case "repos" -> "the repo " + decode(parts[1]);
      case "refs" -> "the ref " + decode(parts[2]) + " of the repo with the id " + parts[1];
      case "log", "plan", "slot" -> "the job " + parts[2];
      case "run-states" -> "the run " + decode(parts[1]);
      case "features" -> "versions that do not know the feature, to be told so";
      case "copies" -> "who asks for what made commits in another store";
      case "live-logs" -> "nobody but who follows the logs of a job";
      default -> "the log of " + members;
    };
  }

  private static void requireCanonical(SummedJson.Read read, byte[] bytes) {
    if (!(read.json() instanceof ObjectNode json)) {
      throw new IllegalArgumentException("is not an object of JSON");
    }
    byte[] again = read.summed() ? SummedJson.bytes(json) : CanonicalJson.bytes(json);
    if (!Arrays.equals(again, bytes)) {
      throw new IllegalArgumentException("is not in the canonical form");
    }
  }

  private static void requireMembers(JsonNode json, Set<String> known) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new IllegalArgumentException("has no checksum, and the unknown member " + name);
      }
    }
  }

  private void repo(String segment, JsonNode json, byte[] bytes, boolean isNewest) {
    var unused = Instant.parse(json.required("at").asText());
    String what = json.required("entry").asText();
    if (what.equals("created")) {
      Sha256 id = Sha256.of(bytes);
      records.repoNames.put(id, decode(segment));
      if (isNewest) {
        records.liveRepos.add(id);
      }
    } else if (!what.equals("deleted")) {
      throw new IllegalArgumentException("is neither a creation nor a deletion");
    }
  }

  private void ref(StorageKey key, String[] parts, JsonNode json, long number) {
    Optional<String> from = text(json, "from");
    Optional<String> to = text(json, "to");
    boolean deleted = json.required("deleted").booleanValue();
    RefKind kind = RefKind.ofWord(json.required("kind").asText());
    var unused = Instant.parse(json.required("at").asText());
    to.map(Sha256::parse).ifPresent(records.named::add);
    if (counts(key, json)) {
      requireLaterFrom(key, to, number);
      if (!headIsKnown) {
        headIsKnown = true;
        Optional<CommitId> commit = deleted ? Optional.empty() : to.map(CommitId::parse);
        long newest = records.newest.getOrDefault(log, number);
        Sha256 repo = Sha256.parse(parts[1]);
        records.refs.add(new Records.Ref(repo, decode(parts[2]), log, newest, kind, commit));
      }
    }
    if (number == 0 && from.isPresent()) {
      throw new IllegalArgumentException("is the first entry, and says that it came from a commit");
    }
    laterFrom = Optional.of(from);
  }

  private void requireLaterFrom(StorageKey key, Optional<String> to, long number) {
    if (laterFrom.isPresent() && !laterFrom.get().equals(to)) {
      String says = laterFrom.get().map(id -> "came from " + id).orElse("came from no commit");
      findings
          .damaged(
              Damage.Kind.ENTRY,
              key,
              "is not what came before entry " + (number + 1) + ", which says that it " + says)
          .neededBy("the log " + log);
    }
  }

  /** Whether the entry stands: it has no transaction, or one that was committed. */
  private boolean counts(StorageKey key, JsonNode json) {
    Optional<String> transaction = text(json, "transaction");
    if (transaction.isEmpty()) {
      return true;
    }
    StorageKey settled = StoreLayout.transaction(transaction.get());
    try {
      String outcome = new String(storage.read(settled, 0, 64), StandardCharsets.UTF_8);
      return outcome.equals(COMMITTED);
    } catch (ObjectAbsent e) {
      boolean isNewest = key.equals(new NumberedLog(storage, log).key(newestOfLog()));
      if (!isNewest) {
        // Whoever writes a later entry settles the transaction first.
        findings
            .damaged(Damage.Kind.RECORD, settled, "is absent, though a later entry was written")
            .neededBy("the log " + log);
      } else {
        findings.notice(
            storage.location() + "/" + key + " waits for the transaction " + transaction.get());
      }
      return false;
    }
  }

  private long newestOfLog() {
    return records.newest.getOrDefault(log, -1L);
  }

  private void attempt(JsonNode json, long number) {
    records.attempts.put(
        number,
        new Records.Attempt(
            Sha256.parse(json.required("job").asText()),
            json.required("run").asText(),
            json.required("to_run").longValue()));
  }

  private void results(JsonNode json, boolean isNewest) {
    var unused = Sha256.parse(json.required("tree").asText());
    if (isNewest) {
      records.results = Optional.of(json);
    }
  }

  private void run(JsonNode json) {
    String run = json.required("run").asText();
    records.runs.add(run);
    for (JsonNode spec : json.path("specs")) {
      need(spec.required("text"), "the run " + run);
    }
  }

  private void state(JsonNode json, Records.Job job) {
    if (!JobStates.isEnd(json)) {
      return;
    }
    boolean superseded = json.has("head");
    job.ends.add(
        new Records.End(
            json.required("attempt").longValue(),
            json.required("state").asText(),
            text(json, "commit").map(CommitId::parse),
            superseded));
  }

  private void collection(JsonNode json, long number, boolean isNewest) {
    ListCheck.requireEntry(json, number);
    if (isNewest) {
      json.path("features").forEach(feature -> records.featuresNamed.add(feature.asText()));
    }
    records.collected |= !json.required("kind").asText().equals("mark");
  }

  private void segment(JsonNode json) {
    var unused = LogSegment.of(json);
    Keys.liveLogAttempt(log).ifPresent(records.liveLogs::add);
  }

  private void need(JsonNode file, String by) {
    records.needed.add(new Records.Needed(StoredFile.fromJson(file), by));
  }

  private boolean checkJob(StorageKey key, String[] parts) {
    if (!isId(parts[2]) || !parts[2].startsWith(parts[1])) {
      return false;
    }
    Records.Job job = records.job(Sha256.parse(parts[2]));
    String name = parts[3];
    if (name.equals("slot")) {
      job.hasSlot = true;
      read(Damage.Kind.RECORD, key, "slot", (json, bytes) -> slot(json, job));
    } else if (name.equals("plan")) {
      job.hasPlan = true;
      read(Damage.Kind.RECORD, key, "plan", (json, bytes) -> plan(json, job));
    } else if (name.matches("plan-(0|[1-9]\\d{0,11})")) {
      job.plans.add(Long.parseLong(name.substring("plan-".length())));
      read(Damage.Kind.RECORD, key, "plan", (json, bytes) -> plan(json, job));
    } else {
      return false;
    }
    return true;
  }

  private static void slot(JsonNode json, Records.Job job) {
    job.slot = Optional.of(CommitId.parse(json.required("commit").asText()));
  }

  private void plan(JsonNode json, Records.Job job) {
    job.repo = Optional.of(Sha256.parse(json.required("repo_id").asText()));
    job.branch = Optional.of(json.required("branch").asText());
    var unused = Instant.parse(json.required("time").asText());
    String said = json.required("provenance").required("job").asText();
    if (!said.equals(job.id.hex())) {
      throw new IllegalArgumentException("is the plan of the job " + said);
    }
    for (JsonNode segment : json.required("segments")) {
      need(segment, "the job " + job.id);
    }
  }

  private boolean checkJournal(StorageKey key) {
    Optional<Long> attempt = Keys.journalAttempt(key.text());
    if (attempt.isEmpty()) {
      return false;
    }
    records.entries++;
    records.journals.merge(attempt.get(), 1L, Long::sum);
    if (!Journals.isNamedByDigest(key)) {
      records.unverified++;
    }
    String by = "the results of attempt " + attempt.get();
    try (InputStream in = storage.open(key)) {
      List<DatumResult> results = Journals.parse(key, in.readAllBytes());
      if (results.isEmpty()) {
        findings.damaged(Damage.Kind.JOURNAL, key, "is empty").neededBy(by);
      }
    } catch (JsonProcessingException e) {
      findings.damaged(Damage.Kind.JOURNAL, key, "is not JSON").neededBy(by);
    } catch (IllegalArgumentException e) {
      findings.damaged(Damage.Kind.JOURNAL, key, String.valueOf(e.getMessage())).neededBy(by);
    } catch (ObjectAbsent e) {
      findings.notice(storage.location() + "/" + key + " went away during the check.");
    } catch (IOException e) {
      findings.damaged(Damage.Kind.JOURNAL, key, "cannot be read: " + e).neededBy(by);
    }
    return true;
  }

  private boolean checkTransaction(StorageKey key) {
    records.entries++;
    String outcome = new String(storage.read(key, 0, 64), StandardCharsets.UTF_8);
    if (!outcome.equals(COMMITTED) && !outcome.equals(ABORTED)) {
      findings.damaged(Damage.Kind.RECORD, key, "says neither \"committed\" nor \"aborted\"");
    }
    return true;
  }

  private boolean checkDropped(StorageKey key) {
    Optional<Keys.Named> named = Keys.named(key.text());
    if (named.isPresent()) {
      CommitId commit = new CommitId(named.get().id());
      // One that cannot be read lets nothing go: what is absent of its commit is damage then.
      var unused =
          read(
              Damage.Kind.RECORD,
              key,
              "dropped",
              (json, bytes) -> {
                if (!json.required("commit").asText().equals(commit.hex())) {
                  throw new IllegalArgumentException("names another commit");
                }
                records.dropped.put(commit, json.required("what").asText().equals("data"));
              });
    }
    return named.isPresent();
  }

  // What is not known was refused before anything was checked.
  private boolean checkFeature(StorageKey key, String name) {
    records.features.add(name);
    Optional<byte[]> known = StoreFeatures.content(name);
    if (known.isPresent()) {
      records.entries++;
      byte[] there = storage.read(key, 0, NumberedLog.MOST_BYTES + 1);
      if (!Arrays.equals(there, known.get())) {
        damaged(Damage.Kind.RECORD, key, "features", "is not what says that the store has it");
      }
    }
    return known.isPresent();
  }

  /** What another store told of a job or a run. */
  private boolean checkCopy(StorageKey key, String[] parts) {
    boolean isJob = parts[1].equals("jobs") && isId(parts[6]);
    if (!isJob && !parts[1].equals("runs")) {
      return false;
    }
    var unused =
        read(
            Damage.Kind.RECORD,
            key,
            "copies",
            (json, bytes) -> {
              if (isJob) {
                Sha256 job = Sha256.parse(parts[6]);
                for (StoredFile results : JobCopy.of(job, json).results()) {
                  records.needed.add(new Records.Needed(results, "the job " + job));
                }
              } else if (!RunCopy.of(json).run().equals(decode(parts[6]))) {
                throw new IllegalArgumentException("tells of another run");
              }
            });
    return true;
  }

  private boolean checkCondemned(StorageKey key) {
    records.entries++;
    try (InputStream in = storage.open(key)) {
      ListCheck.malformed(in.readAllBytes())
          .ifPresent(
              how ->
                  findings
                      .damaged(Damage.Kind.RECORD, key, how)
                      .neededBy("garbage collection, which deletes nothing without it"));
    } catch (ObjectAbsent e) {
      findings.notice(storage.location() + "/" + key + " went away during the check.");
    } catch (IOException e) {
      findings.damaged(Damage.Kind.RECORD, key, "cannot be read: " + e);
    }
    return true;
  }

  // A repair deletes what it wrote down when it has come to its end.
  private boolean checkRepair(StorageKey key) {
    findings.damaged(Damage.Kind.RECORD, key, "is a repair that did not come to its end");
    return true;
  }

  private static Optional<String> text(JsonNode json, String member) {
    return Optional.ofNullable(json.path(member).textValue());
  }

  private static String decode(String segment) {
    return URLDecoder.decode(segment, StandardCharsets.UTF_8);
  }
}
