// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.FileInspector;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {

  private static final long MOST_NANOS_TO_SETTLE = 30_000_000_000L;

  @TempDir private Path temporary;

  private final RecordingStorage storage = new RecordingStorage();
  private final Store store = Store.openOrCreate(storage);
  private Path folder;
  private Optional<LocalCache> cache;
  private final List<String> read = new ArrayList<>();

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("folder"));
    cache = Optional.of(new LocalCache(temporary.resolve("cache"), 1 << 20));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path write(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, content);
  }

  /** Long enough ago that nobody doubts what is remembered of it; ctime cannot be set, so waits. */
  private void settle() throws IOException {
    Path probe = temporary.resolve("probe");
    Files.writeString(probe, "");
    Instant began = LocalStat.of(probe).changed();
    long start = System.nanoTime();
    while (Duration.between(began, touched(probe)).toMillis() < 2_100) {
      assertThat(System.nanoTime() - start)
          .as("nanoseconds in which the ctime of %s stood still at %s", probe, began)
          .isLessThan(MOST_NANOS_TO_SETTLE);
      Thread.onSpinWait();
    }
  }

  private static Instant touched(Path probe) throws IOException {
    Files.writeString(probe, "");
    return LocalStat.of(probe).changed();
  }

  private Tree put(Tree before, LocalFiles.Others others) {
    read.clear();
    try (Packer packer = store.packer();
        LocalPut put =
            new LocalFiles(folder, Set.of(".beamwright"))
                .put(
                    new Intake(
                        packer, new Inspection(List.of(new Reader()), Inspection.Rows.UNREAD)),
                    before,
                    "/",
                    others,
                    cache,
                    "memory:test",
                    TransferProgress.SILENT)) {
      packer.flush();
      Tree after = put.applyTo(store.trees(), before);
      put.remember(after);
      return after;
    }
  }

  private Tree put(Tree before) {
    return put(before, LocalFiles.Others.STAY);
  }

  private static List<String> paths(Tree tree) {
    return tree.files().map(file -> file.path().text()).toList();
  }

  private String content(Tree tree, String path) {
    FileEntry file = tree.find(new FilePath(path)).orElseThrow();
    return new String(store.files().readAll(file.file()), UTF_8);
  }

  @Test
  void filesComeInTheOrderOfTheTreeWhateverTheirNames() throws Exception {
    Set<String> expected = new TreeSet<>();
    Random random = new Random(1);
    String[] names = {"a", "a-", "a.txt", "a0", "b", "ä", "Z", "\uE000", "\uD83D\uDE00", "~"};
    for (int i = 0; i < 300; i++) {
      StringBuilder path = new StringBuilder();
      for (int depth = random.nextInt(4); depth >= 0; depth--) {
        path.append('/').append(names[random.nextInt(names.length)]);
      }
      if (clashes(path.toString(), expected)) {
        continue;
      }
      expected.add(path.toString());
      write(path.substring(1), path.toString());
    }

    // A tree is built of paths that ascend, or it says so.
    Tree tree = put(store.trees().empty());

    assertThat(paths(tree)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(content(tree, expected.iterator().next())).isEqualTo(expected.iterator().next());
  }

  private static boolean clashes(String path, Set<String> others) {
    return others.stream().anyMatch(o -> o.startsWith(path + "/") || path.startsWith(o + "/"));
  }

  @Test
  void ofAnUnchangedFolderNoFileIsReadAgain() throws Exception {
    write("a/one", "1");
    write("a/two", "2");
    write("three", "3");
    settle();
    Tree first = put(store.trees().empty());
    assertThat(read).containsExactly("1", "2", "3");

    assertThat(put(first)).isEqualTo(first);
    assertThat(read).isEmpty();

    write("a/two", "4");
    Tree second = put(first);
    assertThat(read).containsExactly("4");
    assertThat(content(second, "/a/two")).isEqualTo("4");
    // A head that others moved is compared by what is remembered of the contents.
    assertThat(put(store.trees().edit(second, List.of(theirs("/b"))), LocalFiles.Others.GO))
        .isEqualTo(second);
  }

  @Test
  void aFileThatIsTooYoungToBeSureOfIsReadAgain() throws Exception {
    write("a", "1");
    Tree first = put(store.trees().empty());

    assertThat(put(first)).isEqualTo(first);
    assertThat(read).containsExactly("1");
  }

  /** Sees the beginning of every file that is read. */
  private final class Reader implements FileInspector {
    @Override
    public String format() {
      return "none";
    }

    @Override
    public boolean claims(byte[] beginning) {
      read.add(new String(beginning, UTF_8));
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public TableFacts inspect(String name, RandomAccessSource file) {
      throw new AssertionError(name);
    }

    @Override
    public TableFacts inspectRows(String name, RandomAccessSource file) {
      throw new AssertionError(name);
    }
  }

  @Test
  void aChangeOfTheSameSizeIsFoundThoughItsTimeIsPutBack() throws Exception {
    Path file = write("a", "before");
    settle();
    Tree first = put(store.trees().empty());
    FileTime time = Files.getLastModifiedTime(file);

    Files.writeString(file, "after!");
    Files.setLastModifiedTime(file, time);

    assertThat(content(put(first), "/a")).isEqualTo("after!");
  }

  @Test
  void aChangeOfTheSameSizeInTheSameSecondAsThePutIsFound() throws Exception {
    Path file = write("a", "before");
    FileTime time = Files.getLastModifiedTime(file);
    Tree first = put(store.trees().empty());

    Files.writeString(file, "after!");
    Files.setLastModifiedTime(file, time);

    assertThat(content(put(first), "/a")).isEqualTo("after!");
  }

  @Test
  void aFileThatAnotherTookThePlaceOfIsReadThoughAllElseIsTheSame() throws Exception {
    Path file = write("a", "before");
    Path other = Files.writeString(temporary.resolve("other"), "after!");
    FileTime time = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, time);
    Files.setLastModifiedTime(other, time);
    settle();
    Tree first = put(store.trees().empty());

    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);

    assertThat(content(put(first), "/a")).isEqualTo("after!");
  }

  @Test
  void timesAtTheEdgesAreNeverTrustedOverAChange() throws Exception {
    List<String> times =
        List.of(
            "1677-09-21T00:12:43.145224192Z", // The first that 64 bits of nanoseconds can say.
            "1901-12-13T20:45:51.999999999Z", // One nanosecond before 32 bits of seconds.
            "1901-12-13T20:45:52Z",
            "1969-12-31T23:59:59.999999999Z",
            "2038-01-19T03:14:08Z",
            "2262-04-11T23:47:16.854775807Z", // The last such moment,
            "2262-04-11T23:47:16.854775808Z", // the first one after it,
            "2300-01-01T00:00:00Z");
    for (String time : times) {
      Files.setLastModifiedTime(write(time, "before"), FileTime.from(Instant.parse(time)));
    }
    settle();
    Tree first = put(store.trees().empty());
    assertThat(put(first)).isEqualTo(first);

    for (String time : times) {
      Files.setLastModifiedTime(write(time, "after!"), FileTime.from(Instant.parse(time)));
    }

    Tree second = put(first);
    assertThat(times).allSatisfy(at -> assertThat(content(second, "/" + at)).isEqualTo("after!"));
  }

  @Test
  void whatIsSaidOfAFileIsWhatStatSays() throws Exception {
    Path file = write("a", "content");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1901-12-13T20:45:51.999999999Z")));

    Process stat;
    try {
      stat = new ProcessBuilder("stat", "-c", "%f %s %d %i %.9Y %.9Z", "" + file).start();
    } catch (IOException e) {
      Assumptions.abort("there is no stat of GNU: " + e.getMessage());
      return;
    }
    String[] said = new String(stat.getInputStream().readAllBytes(), UTF_8).strip().split(" ", -1);

    assertThat(LocalStat.of(file))
        .isEqualTo(
            new LocalStat(
                Integer.parseInt(said[0], 16),
                Long.parseLong(said[1]),
                Long.parseLong(said[2]),
                Long.parseLong(said[3]),
                nanos(said[4]),
                nanos(said[5])));
  }

  private static long nanos(String seconds) {
    return new BigDecimal(seconds).movePointRight(9).longValueExact();
  }

  /**
   * Each thing that the file system says of a file is looked at, as a cache shows that remembers
   * all of it but one: times cannot be set to order, and a change of one brings others along.
   */
  @Test
  void whateverIsSaidOfAFileHasToBeAsItWas() throws Exception {
    Path file = write("a", "before");
    settle();
    Tree first = put(store.trees().empty());
    LocalStat now = LocalStat.of(file);
    Set<String> trusted = new TreeSet<>();
    for (String other : List.of("none", "mode", "size", "device", "inode", "modified", "changed")) {
      LocalStat then =
          new LocalStat(
              now.mode() ^ (other.equals("mode") ? 1 : 0),
              now.size() + (other.equals("size") ? 1 : 0),
              now.device() + (other.equals("device") ? 1 : 0),
              now.inode() + (other.equals("inode") ? 1 : 0),
              now.modifiedNanos() - (other.equals("modified") ? 1 : 0),
              now.changedNanos() - (other.equals("changed") ? 1 : 0));
      remember(Instant.now(), then, first);

      assertThat(put(first)).isEqualTo(first);

      if (read.isEmpty()) {
        trusted.add(other);
      }
    }
    assertThat(trusted).containsExactly("none");
  }

  /** As a walk that began at {@code began} remembers that {@code /a} held "before". */
  private void remember(Instant began, LocalStat stat, Tree tree) {
    StatCache stats =
        new StatCache(cache.orElseThrow(), "memory:test", folder, "/", Set.of(".beamwright"));
    try (StatCache.Remembering records = stats.write(began)) {
      records.add("/a".getBytes(UTF_8), stat, Sha256.of("before".getBytes(UTF_8)));
      records.publish(tree.id());
    }
  }

  @Test
  void aWalkWhoseClockIsADayAheadTrustsNothingThatChangesLater() throws Exception {
    Path file = write("a", "before");
    Tree first = put(store.trees().empty());
    remember(Instant.now().plus(Duration.ofDays(1)), LocalStat.of(file), first);
    Instant remembered = LocalStat.of(file).changed();
    while (!LocalStat.of(file).changed().isAfter(remembered)) {
      Files.writeString(file, "after!");
    }

    assertThat(content(put(first), "/a")).isEqualTo("after!");
  }

  @Test
  void aWalkWhoseClockIsAnHourBehindTrustsNothing() throws Exception {
    Path file = write("a", "before");
    settle();
    Tree first = put(store.trees().empty());
    remember(Instant.now().minus(Duration.ofHours(1)), LocalStat.of(file), first);

    assertThat(put(first)).isEqualTo(first);

    assertThat(read).containsExactly("befo");
  }

  @Test
  void aChangeOfTheExecutableBitIsFound() throws Exception {
    Path file = write("a", "same");
    settle();
    Tree first = put(store.trees().empty());

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    Tree second = put(first);

    assertThat(second.find(new FilePath("/a")).orElseThrow().executable()).isTrue();
    assertThat(put(second)).isEqualTo(second);
  }

  @Test
  void whatIsRememberedOfAnotherTreeIsComparedWithThisOne() throws Exception {
    write("a", "mine");
    write("b", "mine");
    settle();
    Tree first = put(store.trees().empty());
    Tree theirs = store.trees().edit(first, List.of(new TreeEdit.Delete(new FilePath("/a"))));

    assertThat(put(theirs)).isEqualTo(first);
    assertThat(put(store.trees().empty())).isEqualTo(first);
  }

  @Test
  void aPutMakesATreeEqualOrOnlyAdds() throws Exception {
    write("kept", "1");
    Path gone = write("gone", "2");
    settle();
    Tree first = put(store.trees().empty(), LocalFiles.Others.GO);
    Tree second = put(first, LocalFiles.Others.GO);
    Files.delete(gone);

    assertThat(second).isEqualTo(first);
    assertThat(put(first, LocalFiles.Others.STAY)).isEqualTo(first);
    assertThat(paths(put(first, LocalFiles.Others.GO))).containsExactly("/kept");
    // What was never here goes too, though all that is remembered is as it was.
    Tree more = store.trees().edit(put(first, LocalFiles.Others.GO), List.of(theirs("/more")));
    assertThat(paths(put(more, LocalFiles.Others.GO))).containsExactly("/kept");
  }

  private TreeEdit theirs(String path) {
    try (Packer packer = store.packer()) {
      var file = packer.add(Content.of("theirs".getBytes(UTF_8)));
      packer.flush();
      return new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPutHoldsThoughOthersMoveTheBranchMeanwhile() throws Exception {
    write("same", "mine");
    write("changed", "before");
    Tree first = put(store.trees().empty());
    write("changed", "after");
    Tree theirs =
        store.trees().edit(first, List.of(theirs("/same"), theirs("/changed"), theirs("/new")));
    for (LocalFiles.Others others : LocalFiles.Others.values()) {
      try (Packer packer = store.packer();
          LocalPut put =
              new LocalFiles(folder, Set.of())
                  .put(
                      new Intake(packer, Inspection.RAW),
                      first,
                      "/",
                      others,
                      cache,
                      "memory:test",
                      TransferProgress.SILENT)) {
        packer.flush();
        Tree after = put.applyTo(store.trees(), theirs);

        assertThat(content(after, "/same")).isEqualTo("mine");
        assertThat(content(after, "/changed")).isEqualTo("after");
        assertThat(after.find(new FilePath("/new")).isPresent())
            .isEqualTo(others == LocalFiles.Others.STAY);
      }
    }
  }

  @Test
  void aCacheThatIsDamagedOrCutShortIsAsNone() throws Exception {
    write("a/one", "1");
    write("two", "2");
    settle();
    Tree first = put(store.trees().empty());
    Path file = cacheFile();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, i % 2 == 0 ? damaged : java.util.Arrays.copyOf(whole, i % whole.length));
      assertThat(put(first)).isEqualTo(first);
      assertThat(put(store.trees().empty())).isEqualTo(first);
    }
  }

  private Path cacheFile() throws IOException {
    try (var files = Files.list(temporary.resolve("cache/stat"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
    Files.writeString(temporary.resolve("cache"), "a file");
    write("a", "1");

    Tree first = put(store.trees().empty());

    assertThat(put(first)).isEqualTo(first);
  }

  @Test
  void whatTheTreeHasIsNotStoredAgain() throws Exception {
    write("small", "1");
    write("large", "x".repeat(2 << 20));
    Tree first = put(store.trees().empty());
    cache = Optional.empty();
    storage.forget();

    assertThat(put(first)).isEqualTo(first);
    assertThat(storage.created()).isEmpty();

    write("third", "3");
    put(first);
    // A pack of one file, and the node.
    assertThat(storage.created()).hasSize(2);
  }

  @Test
  void whatCannotBePutIsNamed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    assertThatThrownBy(() -> put(store.trees().empty()))
        .isInstanceOf(UserFault.class)
        .hasMessage(link + " is neither a file nor a folder.");

    Files.delete(link);
    Files.createDirectory(folder.resolve("below"));
    Files.createSymbolicLink(folder.resolve("below/loop"), folder);
    assertThatThrownBy(() -> put(store.trees().empty()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("leads to a folder above it")
        .hasMessageContaining("below/loop");
  }

  @Test
  void aLargeFileThatChangesWhileItIsReadIsAnError() throws Exception {
    Path file = write("large", "x".repeat(3 << 20));
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    TransferProgress changing =
        (files, bytes) -> {
          try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(bytes)));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    try (Packer packer = store.packer()) {
      Intake intake = new Intake(packer, Inspection.RAW);
      LocalFiles files = new LocalFiles(folder, Set.of());
      Tree empty = store.trees().empty();
      assertThatThrownBy(
              () ->
                  files.put(
                      intake, empty, "/", LocalFiles.Others.STAY, cache, "memory:test", changing))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessage(folder + " cannot be read: " + file + ": it changed while it was read.");
    }
  }
}
