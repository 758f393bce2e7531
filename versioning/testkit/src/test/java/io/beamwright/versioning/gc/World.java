// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.Killed;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.testkit.Trouble;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.TreeShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writers and collectors beside each other over one storage, by a seed; and a model of what must be
 * readable, kept beside them and not read from the store.
 */
final class World {

  static final Duration GRACE = Duration.ofMinutes(30);
  static final Duration WINDOW = Duration.ofMinutes(45);

  private static final TreeShape SMALL = new TreeShape(3, 2, 6, 1 << 20);
  private static final String REPO = "r";
  private static final int WRITERS = 3;
  private static final int CONTENTS = 10;
  private static final int PATHS = 14;

  private final Random random;
  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);
  private final Path scratch;
  private final int rewriteBelow;
  private final List<Writer> writers = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final Map<CommitId, Made> made = new LinkedHashMap<>();
  private final Map<String, Deque<Named>> refs = new TreeMap<>();
  private int nested;
  int sweeps;
  int refusals;
  int published;

  /** What a commit holds. */
  private record Made(SortedMap<String, String> files, List<CommitId> parents) {}

  /** What a ref named from a moment on. */
  private record Named(Optional<CommitId> commit, Instant since) {}

  World(long seed, Path scratch) {
    this.random = new Random(seed);
    this.scratch = scratch;
    this.rewriteBelow = random.nextBoolean() ? 100 : Policy.REWRITE_BELOW;
    try (Store store = Store.openOrCreate(storage)) {
      var unused = store.repos().create(REPO, "", "test", time.instant());
    }
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(i));
    }
  }

  /** Does one thing. */
  void step() {
    int choice = random.nextInt(20);
    if (choice < 2) {
      time.pass(Duration.ofMinutes(random.nextInt(40)));
      say("time passes");
    } else if (choice < 4) {
      time.pass(Duration.ofSeconds(random.nextInt(400)));
    } else if (choice < 6) {
      collect();
      check();
    } else {
      writers.get(random.nextInt(WRITERS)).step();
    }
  }

  private void say(String what) {
    story.add(time.instant() + " " + what);
  }

  /** Collects once, perhaps killed at any call, with others at work at any call. */
  private void collect() {
    FaultyStorage seen = new FaultyStorage(storage);
    int call = 1 + random.nextInt(120);
    boolean isKilled = random.nextInt(3) == 0;
    say("collects" + (isKilled ? ", killed at call " + call : ""));
    if (isKilled) {
      seen.trouble(call, random.nextBoolean() ? Trouble.DIE_BEFORE : Trouble.DIE_AFTER);
    }
    for (int i = 0; i < 3 && nested == 0; i++) {
      seen.meanwhile(
          1 + random.nextInt(80),
          random.nextBoolean()
              ? FaultyStorage.When.BEFORE_IT_HAPPENS
              : FaultyStorage.When.BEFORE_IT_IS_ANSWERED,
          this::others);
    }
    try {
      Collection done = collector(seen).collect();
      sweeps += done.swept().isPresent() ? 1 : 0;
      say("  " + done);
    } catch (Killed e) {
      say("  died");
    } catch (ConflictFault e) {
      say("  refused: " + e.getMessage());
    }
  }

  private Collector collector(Storage seen) {
    SessionClock clock = time.process(Duration.ofMinutes(random.nextInt(120) - 60));
    Store store = Store.open(new WriteSession(seen, clock), SMALL);
    Policy policy = new Policy(GRACE, WINDOW, WINDOW, rewriteBelow, "test");
    return new Collector(store, policy, scratch, clock, AtOnce.ONE);
  }

  private void others() {
    nested++;
    try {
      for (int i = random.nextInt(6); i > 0; i--) {
        if (random.nextInt(8) == 0) {
          time.pass(Duration.ofMinutes(random.nextInt(4)));
        }
        writers.get(random.nextInt(WRITERS)).step();
      }
    } finally {
      nested--;
    }
  }

  /** One process that writes, in steps between which anything may happen. */
  private final class Writer {

    private final int number;
    private Optional<Store> store = Optional.empty();
    private boolean busy;
    private final Map<String, PendingFile> put = new TreeMap<>();
    private final SortedMap<String, String> content = new TreeMap<>();
    private final Map<String, FileEntry> copied = new TreeMap<>();
    private Optional<RefHead> head = Optional.empty();
    private Optional<CommitId> written = Optional.empty();

    Writer(int number) {
      this.number = number;
    }

    void step() {
      if (busy) {
        return;
      }
      busy = true;
      try {
        act();
      } catch (ConflictFault e) {
        refusals++;
        say(number + " refused: " + e.getMessage());
        forget();
      } finally {
        busy = false;
      }
    }

    private void act() {
      Store open = store.orElseGet(this::open);
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> put(open);
        case 3, 4 -> commit(open);
        case 5 -> publish(open);
        case 6 -> copy(open);
        case 7 -> point(open);
        default -> {
          if (random.nextInt(3) == 0) {
            forget();
          }
        }
      }
    }

    private Store open() {
      FaultyStorage seen = new FaultyStorage(storage);
      if (nested == 0 && random.nextInt(4) == 0) {
        seen.meanwhile(
            1 + random.nextInt(40),
            FaultyStorage.When.BEFORE_IT_HAPPENS,
            () -> {
              nested++;
              try {
                collect();
              } finally {
                nested--;
              }
            });
      }
      SessionClock clock = time.process(Duration.ofMinutes(random.nextInt(120) - 60));
      Store opened = Store.open(new WriteSession(seen, clock), SMALL);
      store = Optional.of(opened);
      return opened;
    }

    private void forget() {
      store = Optional.empty();
      put.clear();
      content.clear();
      copied.clear();
      head = Optional.empty();
      written = Optional.empty();
    }

    private void put(Store open) {
      try (Packer packer = open.packer()) {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          String text = "content " + random.nextInt(CONTENTS);
          String path = path();
          Content bytes = Content.of(text.getBytes(UTF_8));
          put.put(path, random.nextBoolean() ? packer.add(bytes) : packer.addWhole(bytes));
          copied.remove(path);
          content.put(path, text);
        }
        packer.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      say(number + " stores " + content);
    }

    private String path() {
      return "/" + (char) ('a' + random.nextInt(PATHS));
    }

    private void copy(Store open) {
      Optional<CommitId> from = anyCommit();
      if (from.isEmpty()) {
        return;
      }
      try {
        List<FileEntry> files =
            open.trees().open(open.commits().read(from.get()).tree()).files().toList();
        if (!files.isEmpty()) {
          FileEntry file = files.get(random.nextInt(files.size()));
          String path = path();
          put.remove(path);
          copied.put(path, file.at(new FilePath(path)));
          content.put(path, made(from.get()).files().get(file.path().text()));
          say(number + " copies " + file.path() + " of " + from.get().brief() + " to " + path);
        }
      } catch (EnvironmentFault e) {
        requireUnprotected(from.get(), e);
      }
    }

    private void commit(Store open) {
      if (content.isEmpty()) {
        return;
      }
      Refs refs = open.repos().refs(open.repos().require(REPO));
      String branch = branch();
      RefHead at = refs.head(branch);
      // On the branch's head, or on any commit that somebody knows by its id.
      Optional<CommitId> parent = random.nextInt(4) == 0 ? anyCommit() : at.commit();
      SortedMap<String, String> files = new TreeMap<>();
      try {
        Optional<Commit> before = parent.map(open.commits()::read);
        parent.ifPresent(id -> files.putAll(made(id).files()));
        Tree base = before.map(b -> open.trees().open(b.tree())).orElse(open.trees().empty());
        List<TreeEdit> edits = new ArrayList<>();
        put.forEach(
            (path, file) ->
                edits.add(
                    new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()))));
        copied.values().forEach(file -> edits.add(new TreeEdit.Put(file)));
        if (random.nextInt(3) == 0) {
          String gone = path();
          edits.add(new TreeEdit.Delete(new FilePath(gone)));
          files.putAll(content);
          files.remove(gone);
        } else {
          files.putAll(content);
        }
        Tree tree = open.trees().edit(base, edits);
        Commit commit =
            new Commit(
                REPO,
                Sha256.of(new byte[1]),
                parent.stream().toList(),
                before.map(b -> b.depth() + 1).orElse(0L),
                tree.id(),
                Optional.empty(),
                "test",
                Instant.EPOCH,
                "",
                Optional.empty());
        CommitId id = open.commits().write(commit);
        made.put(id, new Made(files, parent.stream().toList()));
        head = Optional.of(at);
        written = Optional.of(id);
        put.clear();
        copied.clear();
        content.clear();
        say(
            number
                + " commits "
                + id.brief()
                + " for "
                + branch
                + " on "
                + parent.map(CommitId::brief)
                + ": "
                + files);
      } catch (EnvironmentFault e) {
        parent.ifPresentOrElse(
            id -> requireUnprotected(id, e),
            () -> {
              throw e;
            });
        forget();
      }
    }

    private void publish(Store open) {
      if (written.isPresent()) {
        move(open, head.orElseThrow(), written.get());
        head = Optional.empty();
        written = Optional.empty();
      }
    }

    /** Makes a branch or tag name any commit that is known, or deletes it. */
    private void point(Store open) {
      Refs refs = open.repos().refs(open.repos().require(REPO));
      RefHead at = refs.head(random.nextInt(4) == 0 ? "tag" : branch());
      if (random.nextInt(2) == 0) {
        if (at.exists()) {
          RefMove none =
              new RefMove(Optional.empty(), "test", time.instant(), "", Optional.empty());
          if (refs.delete(at, none) instanceof BranchMove.Moved) {
            moved(at.name(), Optional.empty());
          }
        }
        return;
      }
      Optional<CommitId> to = anyCommit();
      try {
        to.ifPresent(id -> move(open, at, id));
      } catch (EnvironmentFault e) {
        requireUnprotected(to.orElseThrow(), e);
      }
    }

    private void move(Store open, RefHead at, CommitId to) {
      Refs refs = open.repos().refs(open.repos().require(REPO));
      RefMove move = new RefMove(Optional.of(to), "test", time.instant(), "", Optional.empty());
      if (refs.move(at, RefKind.BRANCH, move) instanceof BranchMove.Moved) {
        published++;
        moved(at.name(), Optional.of(to));
      }
    }

    private void moved(String ref, Optional<CommitId> to) {
      say(number + " moves " + ref + " to " + to.map(CommitId::brief));
      refs.computeIfAbsent(ref, name -> new ArrayDeque<>()).addFirst(new Named(to, time.instant()));
    }

    private String branch() {
      return "b" + random.nextInt(3);
    }
  }

  private Optional<CommitId> anyCommit() {
    List<CommitId> known = new ArrayList<>(made.keySet());
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(known.get(known.size() - 1 - random.nextInt(Math.min(known.size(), 12))));
  }

  private Made made(CommitId id) {
    return java.util.Objects.requireNonNull(made.get(id));
  }

  // --- the oracle ---

  /** The commits that refs name, or named within the window, and all before them. */
  private Set<CommitId> protectedCommits(Duration window) {
    Deque<CommitId> ahead = new ArrayDeque<>();
    Instant since = time.instant().minus(window);
    for (Deque<Named> values : refs.values()) {
      Instant until = Instant.MAX;
      for (Named value : values) {
        if (until.isAfter(since)) {
          value.commit().ifPresent(ahead::add);
        }
        until = value.since();
      }
    }
    Set<CommitId> all = new HashSet<>();
    while (!ahead.isEmpty()) {
      CommitId next = ahead.remove();
      if (all.add(next)) {
        ahead.addAll(made(next).parents());
      }
    }
    return all;
  }

  private void requireUnprotected(CommitId id, EnvironmentFault fault) {
    if (protectedCommits(WINDOW).contains(id)) {
      throw new AssertionError(tell("commit " + id.brief() + " cannot be read"), fault);
    }
  }

  /** Reads every byte of every commit that has to be there. */
  void check() {
    try (Store store = Store.open(new WriteSession(storage), SMALL)) {
      for (CommitId id : protectedCommits(WINDOW)) {
        SortedMap<String, String> files = new TreeMap<>();
        try {
          store
              .trees()
              .open(store.commits().read(id).tree())
              .files()
              .forEach(
                  file ->
                      files.put(
                          file.path().text(),
                          new String(store.files().readAll(file.file()), UTF_8)));
        } catch (EnvironmentFault | UserFault e) {
          throw new AssertionError(
              tell("commit " + id.brief() + " is broken: " + e.getMessage()), e);
        }
        assertThat(files).as(() -> tell("commit " + id.brief())).isEqualTo(made(id).files());
      }
    }
  }

  /**
   * After some quiet collections there is nothing left that is not needed. The first may find a
   * list of which half is deleted.
   */
  void checkGarbageGoes() {
    writers.forEach(Writer::forget);
    time.pass(WINDOW.plus(GRACE).plusMinutes(1));
    for (int i = 0; i < 5; i++) {
      var unused = collector(storage).collect();
      time.pass(GRACE.plusMinutes(11));
    }
    check();
    Set<CommitId> needed = protectedCommits(Duration.ZERO);
    Set<String> contents = new TreeSet<>();
    needed.forEach(id -> made(id).files().values().forEach(contents::add));
    assertThat(digests("commits/"))
        .as(() -> tell("commits"))
        .isEqualTo(new TreeSet<>(needed.stream().map(CommitId::hex).toList()));
    long bytes =
        storage.list("objects/", Optional.empty(), 10_000).stream().mapToLong(Listed::size).sum();
    if (contents.isEmpty()) {
      assertThat(digests("objects/")).as(() -> tell("objects")).isEmpty();
      assertThat(digests("trees/")).as(() -> tell("nodes")).isEmpty();
    }
    // Each needed content once whole and once in packs of up to four, and no more in all.
    assertThat(bytes).as(() -> tell("bytes")).isLessThan(9L * 5 * CONTENTS * CONTENTS + 1);
  }

  private Set<String> digests(String prefix) {
    Set<String> digests = new TreeSet<>();
    storage
        .list(prefix, Optional.empty(), 10_000)
        .forEach(listed -> digests.add(StoreLayout.digestOf(listed.key()).hex()));
    return digests;
  }

  private String tell(String what) {
    return what
        + " after\n"
        + String.join("\n", story.subList(Math.max(0, story.size() - 400), story.size()))
        + "\n";
  }
}
