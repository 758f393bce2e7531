// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static io.beamwright.versioning.testkit.StorageProcess.raceKey;
import static io.beamwright.versioning.testkit.StorageProcess.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Storage} promises, sentence by sentence. A storage's test extends this, supplies an
 * empty instance, and has nothing else to say.
 */
public abstract class StorageContract {

  private static final int RACERS = 8;
  // A race that is not over by then hangs; a busy machine needs a tenth of it.
  private static final int MOST_SECONDS = 120;
  private static final int LONGEST_KEY = 900;
  private static final long BIG_BYTES = 64L << 20;

  private Storage storage = new MemoryStorage();

  /** For subclasses. */
  protected StorageContract() {}

  /** A new, empty storage; it is closed after each test. */
  protected abstract Storage openEmpty();

  /**
   * Where other processes find the storage that {@link #openEmpty} gave last; nothing, and then the
   * tests with processes are skipped, if none can.
   */
  protected Optional<StorageLocation> fromOtherProcesses() {
    return Optional.empty();
  }

  /** The most bytes of a segment that the server of the test can hold, if fewer than keys have. */
  protected int longestSegment() {
    return 255;
  }

  /** More keys than the storage itself lists, or deletes, by one request. */
  protected int keysOfSeveralPages() {
    return 1_100;
  }

  @BeforeEach
  final void open() {
    storage = openEmpty();
  }

  @AfterEach
  final void close() {
    storage.close();
  }

  @Test
  final void whatWasCreatedIsReadBack() throws IOException {
    StorageKey key = key("objects/ab/cd");

    assertThat(create("objects/ab/cd", "content")).isEqualTo(Creation.CREATED);

    assertThat(textOf("objects/ab/cd")).isEqualTo("content");
    try (InputStream in = storage.open(key)) {
      assertThat(in.readAllBytes()).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  final void emptyContentIsThereAndEmpty() throws IOException {
    assertThat(create("empty", "")).isEqualTo(Creation.CREATED);
    assertThat(create("empty", "late")).isEqualTo(Creation.EXISTS);

    assertThat(storage.read(key("empty"), 0, 10)).isEmpty();
    assertThat(all()).containsExactly("empty");
    assertThat(storage.list("", Optional.empty(), 1).get(0).size()).isZero();
    try (InputStream in = storage.open(key("empty"))) {
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  final void aSecondCreateLearnsThatItLostAndChangesNothing() {
    create("key", "first");

    assertThat(create("key", "second, and longer")).isEqualTo(Creation.EXISTS);

    assertThat(textOf("key")).isEqualTo("first");
    assertThat(all()).containsExactly("key");
  }

  @Test
  final void aRepeatedCreateIsHarmless() {
    create("key", "same");

    assertThat(create("key", "same")).isEqualTo(Creation.EXISTS);

    assertThat(textOf("key")).isEqualTo("same");
  }

  @Test
  final void everyCharacterAndLengthOfAKeyIsStored() {
    String longSegment = "x".repeat(longestSegment());
    List<String> keys =
        List.of(
            "%20/a.b-c_d%2f",
            "0123456789abcdefghijklmnopqrstuvwxyz._-%",
            "a..b/c.",
            longSegment,
            longestKey(longestSegment()));

    keys.forEach(key -> create(key, key));

    assertThat(all()).containsExactlyElementsOf(keys.stream().sorted().toList());
    assertThat(keys).allSatisfy(key -> assertThat(textOf(key)).isEqualTo(key));
  }

  private static String longestKey(int segment) {
    StringBuilder key = new StringBuilder();
    while (LONGEST_KEY - key.length() > segment) {
      key.append("z".repeat(segment)).append('/');
    }
    return key.append("y".repeat(LONGEST_KEY - key.length())).toString();
  }

  @Test
  final void whatIsAbsentIsAnErrorThatNamesTheFullLocation() {
    create("there", "");
    create("folder/key", "");

    for (String absent : List.of("absent", "folder", "folder/absent", "there/below", "no/such")) {
      assertThatThrownBy(() -> storage.open(key(absent)).close())
          .isInstanceOfSatisfying(
              ObjectAbsent.class, fault -> assertThat(fault.key()).isEqualTo(key(absent)))
          .hasMessageContaining(storage.location() + "/" + absent);
      assertThatThrownBy(() -> storage.read(key(absent), 0, 1))
          .isInstanceOf(ObjectAbsent.class)
          .hasMessageContaining(storage.location() + "/" + absent);
    }
  }

  @Test
  final void anEmptyStorageListsNothing() {
    assertThat(storage.list("", Optional.empty(), 10)).isEmpty();
    assertThat(storage.list("some/prefix", Optional.of("some/prefix0"), 10)).isEmpty();
  }

  @Test
  final void readGivesTheRangeAndFewerBytesOnlyAtTheEnd() {
    int size = 300_000;
    storage.createIfAbsent(key("range"), new PatternContent(size, 7));

    for (long offset : List.of(0L, 1L, 131_071L, 131_072L, 299_999L, 300_000L, 1L << 40)) {
      for (int length : List.of(0, 1, 2, 131_072, 131_073, 300_000, 400_000)) {
        int given = (int) Math.max(0, Math.min(length, size - offset));
        assertThat(storage.read(key("range"), offset, length))
            .as("%d bytes from %d", length, offset)
            .isEqualTo(PatternContent.bytes(offset, given, 7));
      }
    }
  }

  @Test
  final void aRangeThatBeginsOrEndsBeforeTheBeginningIsOurBug() {
    create("key", "content");

    assertThatThrownBy(() -> storage.read(key("key"), -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> storage.read(key("key"), 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> storage.list("", Optional.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  final void aKeyThatDecidesMayHaveAMebibyte() {
    byte[] content = PatternContent.bytes(0, 1 << 20, 3);

    assertThat(storage.createIfAbsent(key("slot"), Content.of(content)))
        .isEqualTo(Creation.CREATED);

    assertThat(storage.read(key("slot"), 0, 1 << 20)).isEqualTo(content);
  }

  @Test
  final void manyAreDeletedAtOnceAndTheAbsentAmongThemDoNotMatter() {
    create("folder/one", "x");
    create("folder/two", "x");
    create("folder/kept", "x");
    create("other/three", "x");

    storage.deleteAll(
        List.of(key("folder/two"), key("absent"), key("other/three"), key("folder/one")));
    storage.deleteAll(List.of());

    assertThat(all()).containsExactly("folder/kept");
    assertThat(create("folder/one", "again")).isEqualTo(Creation.CREATED);
  }

  @Test
  final void deletedIsAbsentAndCanBeCreatedAgain() {
    create("folder/key", "first");
    create("folder/other", "other");

    storage.delete(key("folder/key"));

    assertThat(all()).containsExactly("folder/other");
    assertThatThrownBy(() -> textOf("folder/key")).isInstanceOf(ObjectAbsent.class);
    assertThat(create("folder/key", "second")).isEqualTo(Creation.CREATED);
    assertThat(textOf("folder/key")).isEqualTo("second");
  }

  @Test
  final void deletingWhatIsAbsentDoesNothing() {
    create("folder/key", "content");

    storage.delete(key("absent"));
    storage.delete(key("folder"));
    storage.delete(key("folder/key/below"));

    assertThat(all()).containsExactly("folder/key");
    assertThat(textOf("folder/key")).isEqualTo("content");
  }

  @Test
  final void contentThatIsNotAsLongAsItSaysCreatesNothing() {
    for (long promised : List.of(6L, 8L)) {
      Content content = content(promised, new ByteArrayInputStream(new byte[7]));

      assertThatThrownBy(() -> storage.createIfAbsent(key("folder/key"), content))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(storage.location() + "/folder/key");
    }
    assertThat(all()).isEmpty();
    assertThat(create("folder/key", "right")).isEqualTo(Creation.CREATED);
  }

  @Test
  final void contentThatCannotBeReadToItsEndCreatesNothing() {
    Content content =
        content(
            1_000_000,
            new FilterInputStream(new PatternContent(500_000, 1).open()) {
              @Override
              public int read(byte[] into, int begin, int length) throws IOException {
                int n = super.read(into, begin, length);
                if (n < 0) {
                  throw new IOException("the cable was pulled");
                }
                return n;
              }
            });

    assertThatThrownBy(() -> storage.createIfAbsent(key("key"), content))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(storage.location() + "/key")
        .hasMessageContaining("the cable was pulled");
    assertThat(all()).isEmpty();
    assertThat(create("key", "right")).isEqualTo(Creation.CREATED);
  }

  @Test
  final void bigContentIsStreamed() throws IOException {
    storage.createIfAbsent(key("big"), new PatternContent(BIG_BYTES, 1));

    assertIsBig("big");
    assertThat(storage.list("big", Optional.empty(), 1).get(0).size()).isEqualTo(BIG_BYTES);
    assertThat(storage.read(key("big"), BIG_BYTES - 10, 100))
        .isEqualTo(PatternContent.bytes(BIG_BYTES - 10, 10, 1));
  }

  @Test
  final void contentLargerThanTheHeapIsStreamed() throws IOException, InterruptedException {
    List<String> command =
        ChildJvm.command(
            StorageProcess.class,
            List.of("-Xmx24m"),
            List.of("big", uriForProcesses(), "big", Long.toString(BIG_BYTES)));
    try (ChildJvm child = ChildJvm.start(command)) {
      child.tell("go");
      ChildJvm.Ended ended = child.end();
      assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    }
    assertIsBig("big");
  }

  private void assertIsBig(String key) throws IOException {
    byte[] buffer = new byte[1 << 20];
    long offset = 0;
    try (InputStream in = storage.open(key(key))) {
      for (int n = in.readNBytes(buffer, 0, buffer.length);
          n > 0;
          n = in.readNBytes(buffer, 0, buffer.length)) {
        byte[] expected = PatternContent.bytes(offset, n, 1);
        assertThat(Arrays.equals(buffer, 0, n, expected, 0, n)).as("from %d", offset).isTrue();
        offset += n;
      }
    }
    assertThat(offset).isEqualTo(BIG_BYTES);
  }

  @Test
  final void ofRacingThreadsExactlyOneWinsAndTheOthersLearnSo() throws Exception {
    int keys = 20;
    CyclicBarrier start = new CyclicBarrier(RACERS);
    List<List<Integer>> wins =
        inThreads(
            RACERS,
            racer -> {
              List<Integer> won = new ArrayList<>();
              for (int i = 0; i < keys; i++) {
                start.await(MOST_SECONDS, TimeUnit.SECONDS);
                if (storage.createIfAbsent(raceKey(i), text("racer " + racer))
                    == Creation.CREATED) {
                  won.add(i);
                }
              }
              return won;
            });

    assertEachKeyWasWonOnce(keys, wins);
  }

  @Test
  final void ofRacingProcessesExactlyOneWinsAndTheOthersLearnSo() throws Exception {
    int keys = 100;
    List<List<Integer>> wins = inProcesses(4, "race", Integer.toString(keys));

    assertEachKeyWasWonOnce(keys, wins);
  }

  private void assertEachKeyWasWonOnce(int keys, List<List<Integer>> wins) {
    assertThat(wins.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, keys).boxed().toList());
    for (int racer = 0; racer < wins.size(); racer++) {
      for (int key : wins.get(racer)) {
        assertThat(textOf(raceKey(key).text())).isEqualTo("racer " + racer);
      }
    }
  }

  /** Four processes race for each next number of one log, as writers of a branch do. */
  @Test
  final void ofProcessesThatAppendToOneLogNoEntryIsLost() throws Exception {
    int processes = 4;
    int each = 50;
    List<List<Integer>> numbers = inProcesses(processes, "append", Integer.toString(each));

    int entries = processes * each;
    assertThat(numbers.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, entries).boxed().toList());
    assertThat(storage.list("log/", Optional.empty(), entries + 1)).hasSize(entries);
    for (int process = 0; process < processes; process++) {
      List<Integer> created = numbers.get(process);
      assertThat(created).isSorted();
      for (int i = 0; i < each; i++) {
        assertThat(textOf(StorageProcess.entryKey(created.get(i)).text()))
            .isEqualTo("racer " + process + "-" + i);
      }
    }
  }

  @Test
  final void everyKeyIsWholeTheMomentItIsListed() throws Exception {
    int keys = 30;
    int size = 200_000;
    AtomicBoolean isDone = new AtomicBoolean();
    List<Integer> seen =
        inThreads(
            2,
            thread -> {
              if (thread == 0) {
                return createWhole(keys, size, isDone);
              }
              return readWhatIsListed(size, isDone);
            });

    assertThat(seen).containsOnly(keys);
  }

  private int createWhole(int keys, int size, AtomicBoolean isDone) {
    try {
      for (int i = 0; i < keys; i++) {
        storage.createIfAbsent(key("whole/" + i), new PatternContent(size, i));
      }
      return keys;
    } finally {
      isDone.set(true);
    }
  }

  // How many keys were there at last; each was read whole whenever it was listed.
  private int readWhatIsListed(int size, AtomicBoolean isDone) {
    while (true) {
      boolean isLast = isDone.get();
      List<Listed> listed = storage.list("whole/", Optional.empty(), 1000);
      for (Listed one : listed) {
        int seed = Integer.parseInt(one.key().text().substring("whole/".length()));
        assertThat(one.size()).isEqualTo(size);
        assertThat(storage.read(one.key(), 0, size + 1))
            .isEqualTo(PatternContent.bytes(0, size, seed));
      }
      if (isLast) {
        return listed.size();
      }
    }
  }

  @Test
  final void aListSeesEveryCreateThatReturnedBefore() throws Exception {
    List<Boolean> sawAll =
        inThreads(
            4,
            thread -> {
              NavigableSet<String> ours = new TreeSet<>();
              for (int i = 0; i < 25; i++) {
                String key = "seen/" + i % 3 + "/" + thread + "-" + i;
                create(key, "");
                ours.add(key);
                List<String> listed = keys(storage.list("seen/", Optional.empty(), 1000));
                assertThat(listed).containsAll(ours).isSorted();
              }
              return true;
            });

    assertThat(sawAll).containsOnly(true);
  }

  @Test
  final void aSlashSortsBetweenADotAndADigit() {
    List<String> inOrder = List.of("a%20", "a-b", "a.b", "a/b-", "a/b/c", "a0", "a_", "aa");
    inOrder.forEach(key -> create(key, ""));

    assertThat(all()).containsExactlyElementsOf(inOrder);
  }

  @Test
  final void listGivesSizeAndTimeOfCreation() {
    create("timed", "12345");

    Listed listed = storage.list("timed", Optional.empty(), 1).get(0);

    assertThat(listed.key()).isEqualTo(key("timed"));
    assertThat(listed.size()).isEqualTo(5);
    // The storage's clock need not be ours.
    assertThat(Duration.between(listed.created(), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(15));
  }

  @Test
  final void aPrefixThatCannotBeginAKeyListsNothing() {
    create("a/b", "");

    for (String prefix :
        List.of("/", "//", "..", "../", "a//", "a/..", ".", "A", "a/B", "ä", " ")) {
      assertThat(storage.list(prefix, Optional.empty(), 10)).as(prefix).isEmpty();
    }
    assertThat(storage.list("a/b/", Optional.empty(), 10)).isEmpty();
  }

  /** An independent oracle: a sorted set. */
  @Test
  final void everyListIsAsASortedSetSays() throws Exception {
    Random random = new Random(20_240_229);
    NavigableSet<String> model = new TreeSet<>();
    while (model.size() < 150) {
      String key = randomPath(random);
      if (fits(key, model) && create(key, key) == Creation.CREATED) {
        model.add(key);
      }
    }
    List<Runnable> questions = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String prefix = random.nextInt(5) == 0 ? "" : cut(random, randomText(random, model));
      Optional<String> after =
          random.nextBoolean() ? Optional.empty() : Optional.of(randomText(random, model));
      int limit = random.nextInt(4) == 0 ? 1000 : 1 + random.nextInt(6);
      questions.add(
          () ->
              assertThat(keys(storage.list(prefix, after, limit)))
                  .as("the first %d keys that begin with \"%s\" after %s", limit, prefix, after)
                  .containsExactlyElementsOf(expected(model, prefix, after, limit)));
    }
    inThreads(questions);
  }

  // A storage in a network answers several in the time of one.
  private static void inThreads(List<Runnable> tasks) throws Exception {
    int threads = 4;
    List<Integer> unused =
        inThreads(
            threads,
            thread -> {
              for (int i = thread; i < tasks.size(); i += threads) {
                tasks.get(i).run();
              }
              return thread;
            });
  }

  private static List<String> expected(
      NavigableSet<String> model, String prefix, Optional<String> after, int limit) {
    return model.tailSet(after.orElse(""), false).stream()
        .filter(key -> key.startsWith(prefix))
        .limit(limit)
        .toList();
  }

  // A file system cannot hold a key beside keys below it, and no store needs that.
  private static boolean fits(String key, NavigableSet<String> others) {
    return others.stream()
        .noneMatch(other -> other.startsWith(key + "/") || key.startsWith(other + "/"));
  }

  private static String randomText(Random random, NavigableSet<String> keys) {
    if (random.nextInt(3) == 0) {
      return randomPath(random);
    }
    String key = new ArrayList<>(keys).get(random.nextInt(keys.size()));
    return random.nextBoolean() ? key : cut(random, key);
  }

  private static String cut(Random random, String text) {
    return text.substring(0, random.nextInt(text.length() + 1));
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int segments = 1 + random.nextInt(4); segments > 0; segments--) {
      path.append("ab0z".charAt(random.nextInt(4)));
      for (int more = random.nextInt(3); more > 0; more--) {
        path.append("ab0-._%".charAt(random.nextInt(7)));
      }
      path.append(segments > 1 ? "/" : "");
    }
    return path.toString();
  }

  @Test
  final void pagesTogetherAreTheWholeList() {
    int keys = 300;
    for (int i = 0; i < keys; i++) {
      create(String.format("many/%02d/%d", i % 7, i), "");
    }
    List<String> whole = keys(storage.list("many/", Optional.empty(), keys + 1));
    List<String> pages = new ArrayList<>();
    Optional<String> after = Optional.empty();
    for (boolean isMore = true; isMore; ) {
      List<String> page = keys(storage.list("many/", after, 29));
      pages.addAll(page);
      isMore = page.size() == 29;
      after = Optional.of(page.get(page.size() - 1));
    }

    assertThat(whole).hasSize(keys).isSorted();
    assertThat(pages).containsExactlyElementsOf(whole);
  }

  @Test
  final void moreThanAnyPageHoldsIsListedAndDeletedAtOnce() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < keysOfSeveralPages(); i++) {
      names.add(String.format("pages/%05d", i));
    }
    inThreads(names.stream().<Runnable>map(name -> () -> create(name, "x")).toList());
    create("pages-kept", "x");

    assertThat(keys(storage.list("pages/", Optional.empty(), Integer.MAX_VALUE)))
        .containsExactlyElementsOf(names);
    storage.deleteAll(names.stream().map(StorageContract::key).toList());

    assertThat(all()).containsExactly("pages-kept");
  }

  @Test
  final void anotherInstanceSeesWhatThisOneCreated() {
    uriForProcesses();
    create("shared/key", "content");
    try (Storage other = fromOtherProcesses().orElseThrow().open()) {
      assertThat(other.read(key("shared/key"), 0, 100)).asString().isEqualTo("content");
      assertThat(other.createIfAbsent(key("shared/key"), text("late"))).isEqualTo(Creation.EXISTS);
      assertThat(other.createIfAbsent(key("shared/new"), text("new"))).isEqualTo(Creation.CREATED);
      assertThat(other.location()).isEqualTo(storage.location());
    }
    assertThat(all()).containsExactly("shared/key", "shared/new");
  }

  private Creation create(String key, String content) {
    return storage.createIfAbsent(key(key), text(content));
  }

  private String textOf(String key) {
    return new String(storage.read(key(key), 0, 1 << 20), StandardCharsets.UTF_8);
  }

  private List<String> all() {
    return keys(storage.list("", Optional.empty(), Integer.MAX_VALUE));
  }

  private static List<String> keys(List<Listed> listed) {
    return listed.stream().map(one -> one.key().text()).toList();
  }

  private static StorageKey key(String text) {
    return new StorageKey(text);
  }

  // For one try, or for several where the stream can be reset.
  private static Content content(long size, InputStream in) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        if (in.markSupported()) {
          in.reset();
        }
        return in;
      }
    };
  }

  private String uriForProcesses() {
    Optional<StorageLocation> location = fromOtherProcesses();
    assumeTrue(location.isPresent(), "no other process can open this storage");
    return StorageProcess.word(location.orElseThrow());
  }

  @FunctionalInterface
  private interface InThread<T> {
    T run(int thread) throws Exception;
  }

  private static <T> List<T> inThreads(int threads, InThread<T> doing) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        tasks.add(() -> doing.run(number));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks, MOST_SECONDS, TimeUnit.SECONDS)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  // All begin together; the result is the numbers that each printed.
  private List<List<Integer>> inProcesses(int processes, String what, String howMany)
      throws IOException, InterruptedException {
    String uri = uriForProcesses();
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        children.add(ChildJvm.start(StorageProcess.class, what, uri, howMany, "racer " + i));
      }
      for (ChildJvm child : children) {
        assertThat(child.nextLine()).isEqualTo("ready");
      }
      for (ChildJvm child : children) {
        child.tell("go");
      }
      List<List<Integer>> numbers = new ArrayList<>();
      for (ChildJvm child : children) {
        ChildJvm.Ended ended = child.end();
        assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
        numbers.add(ended.lines().stream().map(Integer::valueOf).toList());
      }
      return numbers;
    } finally {
      children.forEach(ChildJvm::close);
    }
  }
}
