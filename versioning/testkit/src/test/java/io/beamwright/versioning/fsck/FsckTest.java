// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Things.Injection;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.ClusterJob;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.job.LiveLog;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FsckTest {

  private static final int INJECTIONS = 1_000;
  private static final long SEED = 20_261_124;

  // Moved to what another branch names, created empty, deleted, a tag, and a repo's deletion.
  private static final Set<String> NEWEST_ALONE =
      Set.of(
          "refs both/999/999/999/998",
          "refs master/999/999/999/997",
          "refs empty/999/999/999/999",
          "refs gone/999/999/999/998",
          "refs v1/999/999/999/999",
          "repos old/999/999/999/998");

  private final MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void fill() {
    WholeStore.fill(storage);
  }

  @Test
  void aStoreWithOneOfEverythingIsSound() {
    FsckReport report = Fsck.check(storage);

    assertThat(report.damages()).isEmpty();
    assertThat(report.notices()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.checked().unverified()).isZero();
    assertThat(report.checked().commits()).isGreaterThan(5);
    assertThat(quick().isSound()).isTrue();
    assertThat(Fsck.check(storage, Fsck.Depth.OBJECTS, Optional.of("model")).isSound()).isTrue();
  }

  @Test
  void ofAThousandInjectionsAllAreFound() {
    Random random = new Random(SEED);
    List<StorageKey> keys = Things.keys(storage);
    SortedSet<String> everything = Everything.in(storage);
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < INJECTIONS; i++) {
      StorageKey key = keys.get(random.nextInt(keys.size()));
      byte[] before = Things.bytes(storage, key);
      Injection injection = Injection.any(random);
      injection.into(storage, key, random);
      FsckReport report = Fsck.check(storage);
      boolean told = !report.isSound() || !report.notices().isEmpty();
      boolean mayBeUntold = injection == Injection.DELETE;
      if (!told && !(mayBeUntold && (NEWEST_ALONE.contains(name(key)) || reads(everything)))) {
        missed.add(injection + " " + key);
      }
      Things.put(storage, key, before);
    }
    assertThat(missed).isEmpty();
  }

  /**
   * The newest entry of a log that nothing else speaks of is as if it had never been written. These
   * are all, and docs/format.md lists them: the deletion of a ref or a repo, a tag, a branch
   * without a commit, and a move to a commit that other entries name.
   */
  @Test
  void whatCannotBeToldFromNeverWrittenIsListed() {
    SortedSet<String> everything = Everything.in(storage);
    Set<String> untold = new TreeSet<>();
    for (StorageKey key : Things.keys(storage)) {
      if (Keys.entry(key.text()).isEmpty() && !key.text().startsWith("jobs/")) {
        continue;
      }
      byte[] before = Things.bytes(storage, key);
      storage.delete(key);
      FsckReport report = Fsck.check(storage);
      if (report.isSound() && report.notices().isEmpty() && !reads(everything)) {
        untold.add(name(key));
      }
      Things.put(storage, key, before);
    }

    assertThat(untold).isEqualTo(NEWEST_ALONE);
  }

  @Test
  void aLiveLogThatIsGoneInPartIsSoundAndADamagedSegmentIsTold() {
    List<StorageKey> segments =
        Things.keys(storage).stream()
            .filter(key -> key.text().startsWith(StoreLayout.LIVE_LOGS))
            .toList();
    assertThat(segments).hasSize(2);
    byte[] newest = Things.bytes(storage, segments.get(0));
    storage.delete(segments.get(1));
    assertThat(Fsck.check(storage).isSound()).isTrue();
    assertThat(Fsck.check(storage).notices()).isEmpty();

    byte[] changed = newest.clone();
    changed[20] ^= 1;
    Things.put(storage, segments.get(0), changed);

    FsckReport report = Fsck.check(storage);
    assertThat(report.damages()).extracting(Damage::key).containsExactly(segments.get(0));
    assertThat(report.damages().get(0).neededBy())
        .containsExactly("nobody but who follows the logs of a job");
  }

  @Test
  void aLiveLogTellsOfAnAttemptWhoseEntryIsLost() {
    LogSegment.Stream stream = new LogSegment.Stream(Sha256.of(new byte[0]), "a copy", 1);
    assertThat(new LiveLog(storage, 9).append(new LogSegment(stream, 0, new byte[1]))).isTrue();

    assertThat(Fsck.check(storage).damages())
        .extracting(Damage::neededBy)
        .containsExactly(List.of("the live log of attempt 9"));
  }

  @Test
  void anAttemptThatAClusterRunsIsNotOneThatEnded() {
    Store store = Store.open(storage);
    Attempt before = store.attempts().at(0).orElseThrow();
    Attempt attempt =
        store.attempts().begin(before.job(), before.run(), "model", Instant.EPOCH, 1, 1);
    ObjectNode plan = (ObjectNode) store.jobs().plan(before.job(), 0).orElseThrow();
    store.jobs().writePlan(before.job(), attempt.number(), plan);
    JobStates states = new JobStates(store.jobs(), before.job());
    states.submitted(attempt.number(), new ClusterJob("flink", "host:8081", "7"), Instant.EPOCH);
    states.askToStop(attempt.number(), "ann", Instant.EPOCH);

    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  private static String name(StorageKey key) {
    String[] parts = key.text().split("/", 3);
    return parts[0].equals("refs") ? "refs " + parts[2] : key.text().replaceFirst("/", " ");
  }

  /** Whether everything reads as before: what is gone was needed by nothing. */
  private boolean reads(SortedSet<String> everything) {
    try {
      return Everything.in(storage).equals(everything);
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Test
  void aDamagedPackIsNamedWithWhoNeedsItAndWhereCopiesAre() {
    Store store = Store.open(storage);
    Repo repo = store.repos().require("data");
    var head = store.repos().refs(repo).head("master").commit().orElseThrow();
    var file =
        store.trees().open(store.commits().read(head).tree()).files().findFirst().orElseThrow();
    StorageKey pack = StoreLayout.object(file.file().extents().get(0).object().id(), 0);
    byte[] bytes = Things.bytes(storage, pack).clone();
    bytes[3] ^= 1;
    Things.put(storage, pack, bytes);

    FsckReport report = Fsck.check(storage);

    assertThat(report.damages()).hasSize(1);
    Damage damage = report.damages().get(0);
    assertThat(damage.key()).isEqualTo(pack);
    assertThat(damage.how()).startsWith("has the SHA-256 ");
    assertThat(damage.neededBy()).contains("data@both:/f/00000");
    assertThat(damage.commits()).isEqualTo(4);
    assertThat(report.affectedCount()).isEqualTo(4);
    assertThat(quick().isSound()).isTrue();
  }

  @Test
  void aFileWhoseEntryNamesTheObjectOfAnotherIsFoundWithoutReadingItAgain() throws IOException {
    StoredFile other = stored("other bytes".getBytes(UTF_8)).get(0);
    commit("/a", named("these bytes", other.extents()));

    for (FsckReport report : List.of(Fsck.check(storage), quick())) {
      Damage damage = report.damages().get(0);
      assertThat(report.damages()).hasSize(1);
      assertThat(damage.kind()).isEqualTo(Damage.Kind.NODE);
      assertThat(damage.how()).isEqualTo("names the object of another file for /a");
      assertThat(damage.neededBy()).singleElement().asString().startsWith("data@");
    }
  }

  @Test
  void aFileWhoseEntryNamesTheBytesOfAnotherInAPackIsFoundByReadingItThroughIt()
      throws IOException {
    List<StoredFile> packed = stored("some bytes".getBytes(UTF_8), "more bytes".getBytes(UTF_8));
    // Beside one that is right, with which it is read at once.
    commit(
        Map.of(
            "/a",
            named("evil bytes", packed.get(1).extents()),
            "/right",
            named("some bytes", packed.get(0).extents())));
    // In two extents, which readers put together.
    List<Extent> both = new ArrayList<>(packed.get(0).extents());
    both.addAll(packed.get(1).extents());
    commit("/b", named("some bytes, more bytes", both.subList(0, 1)));
    commit("/c", new StoredFile(20, Sha256.of("x".getBytes(UTF_8)), both, Optional.empty()));

    assertThat(Fsck.check(storage).isSound()).isTrue();
    FsckReport report = Fsck.check(storage, Fsck.Depth.FILES, Optional.empty());

    assertThat(report.damages())
        .extracting(Damage::kind, Damage::how)
        .contains(
            tuple(Damage.Kind.NODE, "names the bytes of another file for /a"),
            tuple(Damage.Kind.NODE, "names the bytes of another file for /b"),
            tuple(Damage.Kind.NODE, "names the bytes of another file for /c"))
        .hasSize(3);
    assertThat(report.damages())
        .allSatisfy(damage -> assertThat(damage.neededBy()).isNotEmpty())
        .allSatisfy(damage -> assertThat(damage.commits()).isPositive());
    assertThat(report.affectedCount()).isEqualTo(3);
  }

  @Test
  void anEntryThatHoldsNothingAndSaysMoreIsFoundWithoutReading() {
    commit("/a", named("these bytes", List.of()));

    assertThat(quick().damages())
        .extracting(Damage::kind, Damage::how)
        .containsExactly(tuple(Damage.Kind.NODE, "names the bytes of another file for /a"));
  }

  @Test
  void aResultThatHoldsNothingIsADamagedNode() {
    commitDatum(named("", List.of()));

    assertThat(quick().damages())
        .extracting(Damage::kind, Damage::how)
        .containsExactly(tuple(Damage.Kind.NODE, "names nothing as the result /datums/one"));
  }

  @Test
  void whatADatumWroteIsReadToo() throws IOException {
    List<StoredFile> packed = stored("some bytes".getBytes(UTF_8), "more bytes".getBytes(UTF_8));
    StoredFile wrong = named("evil bytes", packed.get(1).extents());
    DatumResult result =
        new DatumResult(
            Sha256.of("one".getBytes(UTF_8)),
            DatumResult.State.SUCCESS,
            List.of(FileEntry.of(new FilePath("/a"), false, wrong)),
            Optional.empty(),
            CanonicalJson.object());
    ObjectNode json = CanonicalJson.object();
    json.set("result", result.toJson());
    commitDatum(stored(CanonicalJson.bytes(json)).get(0));

    assertThat(Fsck.check(storage).isSound()).isTrue();
    assertThat(Fsck.check(storage, Fsck.Depth.FILES, Optional.empty()).damages())
        .extracting(Damage::kind, Damage::how)
        .containsExactly(
            tuple(Damage.Kind.OBJECT, "has a datum that names the bytes of another file"));
  }

  /** A commit without files, and with one datum that {@code result} is the file of. */
  private void commitDatum(StoredFile result) {
    Store store = Store.open(storage);
    Repo repo = store.repos().require("data");
    FileEntry datum = FileEntry.of(new FilePath("/datums/one"), false, result);
    Tree none = store.trees().build(List.<FileEntry>of().iterator());
    Tree datums = store.trees().build(List.of(datum).iterator());
    Commit commit =
        new Commit(
            "data",
            repo.id(),
            List.of(),
            0,
            none.id(),
            Optional.of(datums.id()),
            "ann",
            Instant.EPOCH,
            "",
            Optional.empty());
    Refs refs = store.repos().refs(repo);
    var unused =
        refs.move(
            refs.head("datums"),
            RefKind.BRANCH,
            new RefMove(
                Optional.of(store.commits().write(commit)),
                "ann",
                Instant.EPOCH,
                "",
                Optional.empty()));
  }

  @Test
  void everyFileOfASoundStoreIsReadOnceThroughItsExtents() {
    FsckReport report = Fsck.check(storage, Fsck.Depth.FILES, Optional.empty());

    assertThat(report.damages()).isEmpty();
    assertThat(report.checked().filesRead()).isGreaterThan(1_000);
    assertThat(quick().checked().filesRead()).isZero();
  }

  private FsckReport quick() {
    return Fsck.check(storage, Fsck.Depth.QUICK, Optional.empty());
  }

  /** Files in one pack of their own. */
  private List<StoredFile> stored(byte[]... contents) throws IOException {
    List<PendingFile> pending = new ArrayList<>();
    try (Packer packer = Store.open(storage).packer()) {
      for (byte[] content : contents) {
        pending.add(
            contents.length == 1
                ? packer.addWhole(Content.of(content))
                : packer.add(Content.of(content)));
      }
      packer.flush();
    }
    return pending.stream().map(PendingFile::stored).toList();
  }

  private static StoredFile named(String meant, List<Extent> extents) {
    long size = extents.stream().mapToLong(Extent::length).sum();
    return new StoredFile(size, Sha256.of(meant.getBytes(UTF_8)), extents, Optional.empty());
  }

  private void commit(String path, StoredFile file) {
    commit(Map.of(path, file));
  }

  private void commit(Map<String, StoredFile> files) {
    Store store = Store.open(storage);
    List<TreeEdit> puts = new ArrayList<>();
    files.forEach(
        (path, file) -> puts.add(new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file))));
    var made =
        new Committer(store, "ann", Instant.EPOCH)
            .commit(
                store.repos().require("data"),
                "wrong-" + new TreeMap<>(files).firstKey().substring(1),
                "",
                Committer.Empty.SKIPPED,
                tree -> store.trees().edit(tree, puts));
    assertThat(made.head()).isPresent();
  }

  @Test
  void foreignThingsAreNoticedAndNoDamage() {
    var unused =
        storage.createIfAbsent(
            new StorageKey("objects/notes.txt"), Content.of("mine".getBytes(UTF_8)));

    FsckReport report = Fsck.check(storage);

    assertThat(report.isSound()).isTrue();
    assertThat(report.notices())
        .containsExactly("memory:/objects/notes.txt is nothing that a store holds.");
  }

  @Test
  void withoutAStoreThereIsNothingToCheck() {
    assertThatThrownBy(() -> Fsck.check(new MemoryStorage()))
        .isInstanceOf(UserFault.class)
        .hasMessage("There is no store at memory:.");
  }
}
