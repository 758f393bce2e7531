// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.FaultyStorage.Call;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveLogTest {

  private static final LogSegment.Stream STREAM =
      new LogSegment.Stream(Sha256.of("a datum".getBytes(UTF_8)), "a copy", 1);

  private final MemoryStorage storage = new MemoryStorage();

  private static LogSegment segment(long offset, String text) {
    return new LogSegment(STREAM, offset, text.getBytes(UTF_8));
  }

  private List<String> readAfter(long last) {
    List<String> read = new ArrayList<>();
    new LiveLog(storage, 7)
        .readAfter(
            last, (number, segment) -> read.add(number + " " + new String(segment.bytes(), UTF_8)));
    return read;
  }

  @Test
  void aSegmentIsReadAsItWasWritten() {
    byte[] bytes = new byte[256];
    IntStream.range(0, 256).forEach(i -> bytes[i] = (byte) i);
    assertThat(new LiveLog(storage, 7).append(new LogSegment(STREAM, 99, bytes))).isTrue();

    List<LogSegment> read = new ArrayList<>();
    new LiveLog(storage, 7).readAfter(-1, (number, segment) -> read.add(segment));

    assertThat(read).hasSize(1);
    assertThat(read.get(0).stream()).isEqualTo(STREAM);
    assertThat(read.get(0).offset()).isEqualTo(99);
    assertThat(read.get(0).bytes()).isEqualTo(bytes);
  }

  @Test
  void aReaderFindsWhatIsNewByOneListAndAReadOfEach() {
    LiveLog log = new LiveLog(storage, 7);
    IntStream.range(0, 30).forEach(i -> assertThat(log.append(segment(i, "x"))).isTrue());
    assertThat(readAfter(-1)).hasSize(30);
    FaultyStorage counted = new FaultyStorage(storage);

    new LiveLog(counted, 7).readAfter(27, (number, segment) -> {});

    assertThat(counted.count(Call.LIST)).isOne();
    assertThat(counted.count(Call.READ)).isEqualTo(2);
    assertThat(readAfter(27)).containsExactly("28 x", "29 x");
    assertThat(readAfter(29)).isEmpty();
  }

  @Test
  void manyPagesAreReadInOrder() {
    LiveLog log = new LiveLog(storage, 7);
    IntStream.range(0, 250).forEach(i -> assertThat(log.append(segment(i, "x"))).isTrue());

    assertThat(readAfter(3))
        .containsExactlyElementsOf(IntStream.range(4, 250).mapToObj(i -> i + " x").toList());
  }

  @Test
  void anotherAttemptHasALogOfItsOwn() {
    assertThat(new LiveLog(storage, 8).append(segment(0, "other"))).isTrue();

    assertThat(readAfter(-1)).isEmpty();
  }

  @Test
  void ofWritersAtOnceNoSegmentIsLostAndAReaderMissesNone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      int writer = w;
      writers.add(
          () -> {
            int written = 0;
            for (int i = 0; i < 50; i++) {
              LogSegment.Stream stream = new LogSegment.Stream(STREAM.datum(), "w" + writer, 1);
              // Who loses twenty numbers in turn comes back.
              while (!new LiveLog(storage, 7).append(new LogSegment(stream, i, new byte[] {1}))) {}
              written++;
            }
            return written;
          });
    }
    List<String> seen = new ArrayList<>();
    long[] last = {-1};
    try {
      var results = writers.stream().map(threads::submit).toList();
      boolean done;
      do {
        done = results.stream().allMatch(result -> result.isDone());
        new LiveLog(storage, 7)
            .readAfter(
                last[0],
                (number, segment) -> {
                  assertThat(number).isEqualTo(last[0] + 1);
                  last[0] = number;
                  seen.add(segment.stream().copy() + " " + segment.offset());
                });
      } while (!done);
    } finally {
      threads.shutdown();
    }
    assertThat(seen).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void whatIsDamagedOrGoneIsLeftOut() {
    LiveLog log = new LiveLog(storage, 7);
    IntStream.range(0, 4).forEach(i -> assertThat(log.append(segment(i, "x"))).isTrue());
    NumberedLog numbered = new NumberedLog(storage, StoreLayout.liveLog(7));
    replace(numbered.key(1), "no JSON");
    replace(numbered.key(2), "{\"offset\":1}");
    storage.delete(numbered.key(0));

    assertThat(readAfter(-1)).containsExactly("3 x");
  }

  private void replace(StorageKey key, String text) {
    storage.delete(key);
    var unused = storage.createIfAbsent(key, Content.of(text.getBytes(UTF_8)));
  }

  @Test
  void aStorageThatFailsIsAFault() {
    FaultyStorage failing = new FaultyStorage(storage).failBefore(Call.CREATE, 1);

    assertThatThrownBy(() -> new LiveLog(failing, 7).append(segment(0, "x")))
        .isInstanceOf(EnvironmentFault.class);
    assertThat(readAfter(-1)).isEmpty();
  }

  @Test
  void anEntryFitsWhateverItsSegmentHolds() {
    byte[] most = new byte[LogSegment.MOST_BYTES];
    assertThat(new LiveLog(storage, 7).append(new LogSegment(STREAM, 0, most))).isTrue();
    assertThatThrownBy(() -> new LogSegment(STREAM, 0, new byte[LogSegment.MOST_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
