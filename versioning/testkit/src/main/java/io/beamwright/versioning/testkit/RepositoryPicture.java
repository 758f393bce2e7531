// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.result.KnownResults;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.Trees;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a store must hold, as a plain picture in memory, and the comparison with what it holds.
 *
 * <p>Everything that changes in a store is an entry of a numbered log, and every change that is
 * played carries a tag of its own. So the picture is: the entries of each log, in order, each the
 * {@link Claim} of one change. Logs are read here as docs/format.md describes them, not by the
 * classes under test. {@link #settle} takes over the new entries and holds that:
 *
 * <ul>
 *   <li>no entry is gone or changed, and none is without a claim, or in the wrong log;
 *   <li>a change that was acknowledged is there, once; one that was refused is not;
 *   <li>one whose outcome nobody was told is there wholly or not at all, and does not come later
 *       unless a request of it was still under way;
 *   <li>each commit has the files of its parent with its own change applied;
 *   <li>what is told of the job that made a copied commit is there before the commit, and whole.
 * </ul>
 */
final class RepositoryPicture {

  /** Every author and every time: neither may matter. */
  static final Instant TIME = Instant.parse("2026-11-24T12:00:00Z");

  private static final Pattern LOG_ENTRY =
      Pattern.compile("(?<log>.+)/(?<number>\\d{3}/\\d{3}/\\d{3}/\\d{3})");
  private static final long LAST = 999_999_999_999L;
  private static final int PAGE = 1_000;
  private static final int AT_ONCE = 400;

  private final Storage storage;
  private final Store truth;
  private final Map<String, List<byte[]>> logs = new TreeMap<>();
  private final Map<String, Claim> claims = new LinkedHashMap<>();
  private final Map<CommitId, Made> commits = new LinkedHashMap<>();
  private final SortedMap<String, Sha256> repos = new TreeMap<>();
  private final Map<String, RefState> refs = new TreeMap<>();
  private final Map<String, Set<String>> offered = new TreeMap<>();
  private final Map<String, String> fixed = new TreeMap<>();
  private final Map<Sha256, Set<String>> attemptedResults = new TreeMap<>();
  private final Set<Sha256> durableResults = new TreeSet<>();
  private final Set<Sha256> mergedResults = new TreeSet<>();
  private final Map<Sha256, String> firstResults = new HashMap<>();
  private Optional<RepositoryElsewhere> elsewhere = Optional.empty();
  private int tags;

  /** An empty picture of the store at {@code storage}, a client without troubles. */
  RepositoryPicture(Storage storage) {
    this.storage = storage;
    this.truth = Store.openOrCreate(storage);
  }

  /** Another store, of which commits may be copied. */
  RepositoryElsewhere elsewhere() {
    if (elsewhere.isEmpty()) {
      elsewhere = Optional.of(new RepositoryElsewhere(this));
    }
    return elsewhere.get();
  }

  /** A file as it must be read. */
  record Content(String text, boolean executable) {}

  /** A commit that is in the store: its files, and what it follows. */
  record Made(
      String tag, Sha256 repo, Optional<CommitId> parent, SortedMap<String, Content> files) {}

  /** Where a ref stands. */
  record RefState(String kind, Optional<CommitId> commit, boolean deleted) {}

  /** How much of a change its maker was told. */
  enum Told {
    /** It is under way. */
    NOTHING_YET,
    /** It was done. */
    DONE,
    /** It was not done. */
    NOT_DONE,
    /** Its maker failed or died: it was done or not. */
    FAILED
  }

  /** One change: the entry that it adds to a log. */
  static final class Claim {
    private final String tag;
    private final String log;
    private final List<RepositoryAct.Edit> edits;
    private Told told = Told.NOTHING_YET;
    private boolean mayStillArrive;
    private boolean landed;
    private boolean isSettled;

    private Claim(String tag, String log, List<RepositoryAct.Edit> edits) {
      this.tag = tag;
      this.log = log;
      this.edits = edits;
    }

    String tag() {
      return tag;
    }

    void done() {
      told = Told.DONE;
    }

    void notDone() {
      told = Told.NOT_DONE;
    }

    @Override
    public String toString() {
      return tag + " in " + log + ", " + told;
    }
  }

  /** A change is going to be made to {@code log}. */
  Claim claim(String log, List<RepositoryAct.Edit> edits) {
    // A time, because that is all that an entry of the log of results can carry.
    String tag = TIME.plusSeconds(++tags).toString();
    Claim claim = new Claim(tag, log, edits);
    claims.put(tag, claim);
    return claim;
  }

  Claim claim(String log) {
    return claim(log, List.of());
  }

  /** What is under way and has no outcome failed. */
  void failed(Set<Claim> of, boolean mayStillArrive) {
    for (Claim claim : of) {
      if (claim.told == Told.NOTHING_YET) {
        claim.told = Told.FAILED;
        claim.mayStillArrive = mayStillArrive;
      }
    }
  }

  /** What was under way has arrived: nothing comes late any more. */
  void allArrived() {
    claims.values().forEach(claim -> claim.mayStillArrive = false);
  }

  Optional<Sha256> repo(String name) {
    return Optional.ofNullable(repos.get(name));
  }

  Optional<RefState> ref(Sha256 repo, String name) {
    return Optional.ofNullable(refs.get(StoreLayout.refLog(repo, name)))
        .filter(state -> !state.deleted());
  }

  SortedMap<String, Content> files(Optional<CommitId> commit) {
    return commit.map(id -> made(id).files()).orElse(new TreeMap<>());
  }

  /** Ids of all commits that are known to be there. */
  List<CommitId> commits() {
    return List.copyOf(commits.keySet());
  }

  /** One of what {@code key}, created once, may say. */
  void offer(String key, String value) {
    offered.computeIfAbsent(key, absent -> new TreeSet<>()).add(value);
  }

  /** Somebody was told that {@code key} says {@code value}: so it does for ever. */
  void fix(String key, String value) {
    assertThat(offered.get(key)).as("what was offered for " + key).contains(value);
    assertThat(fixed.computeIfAbsent(key, absent -> value)).as(key).isEqualTo(value);
  }

  void attemptResult(Sha256 key, String content) {
    attemptedResults.computeIfAbsent(key, absent -> new TreeSet<>()).add(content);
  }

  void resultIsDurable(Sha256 key) {
    durableResults.add(key);
  }

  void resultIsMerged(Sha256 key) {
    mergedResults.add(key);
  }

  // Repos come before their refs.
  private static int rank(String log) {
    return log.startsWith(StoreLayout.REPOS) ? 0 : 1;
  }

  /** Takes over what is new in the store, and compares. */
  void settle() {
    Map<String, List<StorageKey>> now = logsInTheStore();
    assertThat(now.keySet()).as("logs").containsAll(logs.keySet());
    List<String> order = new ArrayList<>(now.keySet());
    order.sort(Comparator.comparingInt(RepositoryPicture::rank));
    for (String log : order) {
      takeOver(log, Objects.requireNonNull(now.get(log)));
    }
    for (Claim claim : claims.values()) {
      if (claim.told == Told.DONE || claim.told == Told.NOT_DONE) {
        assertThat(claim.landed).as("there is " + claim).isEqualTo(claim.told == Told.DONE);
      }
      claim.isSettled |= claim.told == Told.FAILED && !claim.mayStillArrive;
    }
    compareRefs();
    compareFixed();
    compareResults();
    elsewhere.ifPresent(other -> other.compare(truth));
  }

  private Map<String, List<StorageKey>> logsInTheStore() {
    Map<String, List<StorageKey>> found = new TreeMap<>();
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list("", after, PAGE);
      for (Listed listed : page) {
        Matcher entry = LOG_ENTRY.matcher(listed.key().text());
        if (entry.matches()) {
          found.computeIfAbsent(entry.group("log"), log -> new ArrayList<>()).add(listed.key());
        }
        after = Optional.of(listed.key().text());
      }
    } while (page.size() == PAGE);
    found.values().forEach(Collections::reverse);
    return found;
  }

  private static long number(StorageKey key) {
    String digits = key.text().substring(key.text().length() - 15).replace("/", "");
    return LAST - Long.parseLong(digits);
  }

  private void takeOver(String log, List<StorageKey> keys) {
    List<byte[]> known = logs.computeIfAbsent(log, absent -> new ArrayList<>());
    assertThat(keys).as(log).hasSizeGreaterThanOrEqualTo(known.size());
    for (int i = 0; i < keys.size(); i++) {
      assertThat(number(keys.get(i))).as("a number of " + log + ", without a gap").isEqualTo(i);
      if (i >= known.size()) {
        byte[] entry = storage.read(keys.get(i), 0, Integer.MAX_VALUE);
        known.add(entry);
        land(log, entry);
      }
    }
  }

  private void land(String log, byte[] entry) {
    String text = new String(entry, StandardCharsets.UTF_8);
    List<Claim> of =
        claims.values().stream().filter(c -> text.contains('"' + c.tag + '"')).toList();
    assertThat(of).as("whose is " + text + " in " + log).hasSize(1);
    Claim claim = of.get(0);
    assertThat(claim.landed).as(claim + " is there already, and again as " + text).isFalse();
    assertThat(log).as("where is " + claim).isEqualTo(claim.log);
    assertThat(claim.isSettled).as(claim + " came late").isFalse();
    claim.landed = true;
    JsonNode json = json(entry);
    if (log.startsWith("repos/")) {
      landRepo(log.substring("repos/".length()), entry, json);
    } else if (log.startsWith("refs/")) {
      landRef(log, claim, json);
    }
  }

  private static JsonNode json(byte[] entry) {
    try {
      return CanonicalJson.parse(entry);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + new String(entry, StandardCharsets.UTF_8), e);
    }
  }

  private void landRepo(String escaped, byte[] entry, JsonNode json) {
    String name = URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    boolean created = json.path("entry").asText().equals("created");
    assertThat(repos.containsKey(name))
        .as("the repo " + name + " before " + json)
        .isNotEqualTo(created);
    if (created) {
      repos.put(name, Sha256.of(entry));
    } else {
      repos.remove(name);
    }
  }

  private void landRef(String log, Claim claim, JsonNode json) {
    Optional<CommitId> before = Optional.ofNullable(refs.get(log)).flatMap(RefState::commit);
    Optional<CommitId> to = Optional.ofNullable(json.path("to").textValue()).map(CommitId::parse);
    Optional<CommitId> from =
        Optional.ofNullable(json.path("from").textValue()).map(CommitId::parse);
    boolean deleted = json.path("deleted").asBoolean();
    assertThat(from).as("from where " + claim + " moved").isEqualTo(before);
    to.ifPresent(this::made);
    if (!claim.edits.isEmpty()) {
      Made made = made(to.orElseThrow());
      assertThat(made.tag()).isEqualTo(claim.tag);
      assertThat(made.parent()).as("parent of " + claim).isEqualTo(before);
    }
    refs.put(log, new RefState(json.path("kind").asText(), to, deleted));
  }

  /** The commit {@code id}; when it is first met, all of it is read and compared. */
  Made made(CommitId id) {
    Made known = commits.get(id);
    if (known == null) {
      known = readWhole(truth, id);
      commits.put(id, known);
    }
    return known;
  }

  private Made readWhole(Store store, CommitId id) {
    Commit commit = store.commits().read(id);
    assertThat(claims).as("who made " + commit).containsKey(commit.message());
    Claim claim = Objects.requireNonNull(claims.get(commit.message()));
    Optional<CommitId> parent = commit.parents().stream().findFirst();
    SortedMap<String, Content> expected = new TreeMap<>(files(parent));
    claim.edits.forEach(edit -> edit.draw(expected));
    assertThat(read(store, commit)).as("files of " + claim).isEqualTo(expected);
    assertThat(commit.depth())
        .isEqualTo(parent.map(p -> store.commits().read(p).depth() + 1).orElse(0L));
    return new Made(claim.tag, commit.repoId(), parent, expected);
  }

  /** Every file of {@code commit} as {@code store} reads it. */
  static SortedMap<String, Content> read(Store store, Commit commit) {
    SortedMap<String, Content> files = new TreeMap<>();
    for (FileEntry file : store.history().files(commit).files().toList()) {
      files.put(
          file.path().text(),
          new Content(
              new String(store.files().readAll(file.file()), StandardCharsets.UTF_8),
              file.executable()));
    }
    return files;
  }

  private void compareRefs() {
    List<Repo> listed = truth.repos().list();
    SortedMap<String, Sha256> ids = new TreeMap<>();
    listed.forEach(repo -> ids.put(repo.name(), repo.id()));
    assertThat(ids).as("repos").isEqualTo(repos);
    for (Repo repo : listed) {
      Map<String, Optional<CommitId>> heads = new TreeMap<>();
      for (RefHead head : truth.repos().refs(repo).list()) {
        heads.put(StoreLayout.refLog(repo.id(), head.name()), head.commit());
      }
      Map<String, Optional<CommitId>> expected = new TreeMap<>();
      refs.forEach(
          (log, state) -> {
            if (!state.deleted() && log.startsWith(StoreLayout.refs(repo.id()))) {
              expected.put(log, state.commit());
            }
          });
      assertThat(heads).as("refs of " + repo.name()).isEqualTo(expected);
    }
  }

  private void compareFixed() {
    for (String key : offered.keySet()) {
      Optional<String> now = RepositoryAct.PublishJob.read(truth, key);
      now.ifPresent(value -> fix(key, value));
      assertThat(now).as(key).isEqualTo(Optional.ofNullable(fixed.get(key)));
    }
  }

  private void compareResults() {
    if (attemptedResults.isEmpty()) {
      return;
    }
    KnownResults known = truth.results().known();
    KnownResults merged = truth.results().merged();
    for (Map.Entry<Sha256, Set<String>> attempted : attemptedResults.entrySet()) {
      Sha256 key = attempted.getKey();
      Optional<String> found = known.find(key).map(this::content);
      Optional<String> first = merged.find(key).map(this::content);
      found.ifPresent(content -> assertThat(attempted.getValue()).contains(content));
      if (durableResults.contains(key)) {
        assertThat(found).as("the result of " + key + " whose journal is durable").isPresent();
      }
      if (mergedResults.contains(key)) {
        assertThat(first).as("the result of " + key + " that was merged").isPresent();
      }
      first.ifPresent(
          content -> {
            assertThat(found).contains(content);
            assertThat(firstResults.computeIfAbsent(key, absent -> content)).isEqualTo(content);
          });
    }
  }

  private String content(DatumResult result) {
    StoredFile file = result.outputs().get(0).file();
    return new String(truth.files().readAll(file), StandardCharsets.UTF_8);
  }

  /** Everything again, as a client sees it that was never there before. */
  void compareAll(Storage fresh) {
    Map<String, List<StorageKey>> now = logsInTheStore();
    assertThat(now.keySet()).isEqualTo(logs.keySet());
    now.forEach(
        (log, keys) -> {
          List<byte[]> before = Objects.requireNonNull(logs.get(log));
          for (int i = 0; i < keys.size(); i++) {
            byte[] entry = fresh.read(keys.get(i), 0, Integer.MAX_VALUE);
            assertThat(Arrays.equals(entry, before.get(i))).as(log + " " + i).isTrue();
          }
        });
    Store store = Store.open(fresh);
    commits.forEach(
        (id, made) -> {
          assertThat(readWhole(store, id)).isEqualTo(made);
          compareRoot(store, store.commits().read(id));
        });
  }

  /** The same files, put some by some in another order into another store, have the same root. */
  private static void compareRoot(Store store, Commit commit) {
    List<FileEntry> files = new ArrayList<>(store.history().files(commit).files().toList());
    Collections.shuffle(files, new Random(commit.depth()));
    try (MemoryStorage other = new MemoryStorage()) {
      Trees trees = new Trees(new WriteSession(other));
      Tree tree = trees.empty();
      for (int i = 0; i < files.size(); i += AT_ONCE) {
        List<FileEntry> some = files.subList(i, Math.min(files.size(), i + AT_ONCE));
        tree = trees.edit(tree, some.stream().map(TreeEdit.Put::new).toList());
      }
      assertThat(tree.id()).as("root of " + commit).isEqualTo(commit.tree());
    }
  }
}
