// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.server.FaultyNetwork;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of call with its answer cut at any byte: what comes of it is as without. */
@Timeout(120)
class CutAnswersTest {

  // With 1 each place is tried, which takes minutes.
  private static final int STRIDE = Integer.getInteger("beamwright.test.cutStride", 13);

  private static final StorageKey THERE = new StorageKey("there/one");

  private static final Patience SHORT =
      new Patience(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofMillis(1));

  // Too large to be compared: whose it is tells a token.
  private static final byte[] LARGE = new byte[(int) S3Storage.SMALL_BYTES + 1];

  private static final byte[] IN_PARTS = new byte[(int) S3Storage.MOST_BYTES_A_REQUEST + 1];

  /** The two storages of a test: in a bucket with objects, and in one that is not there. */
  private record Storages(S3Storage full, S3Storage nowhere) implements AutoCloseable {
    @Override
    public void close() {
      full.close();
      nowhere.close();
    }
  }

  /** A call, and what it gives; {@code number} makes keys that nobody had. */
  @FunctionalInterface
  private interface Call {
    Object run(Storages storages, int number) throws IOException;
  }

  /** The kinds of calls; the first word is the method whose answer is cut. */
  @SuppressWarnings("ImmutableEnumChecker") // All are lambdas without a state.
  private enum Kind {
    GET_READ((storages, number) -> text(storages.full.read(THERE, 0, 100))),
    GET_RANGE((storages, number) -> text(storages.full.read(THERE, 2, 3))),
    GET_PAST_THE_END((storages, number) -> text(storages.full.read(THERE, 200, 3))),
    GET_ABSENT((storages, number) -> storages.full.read(new StorageKey("there/none"), 0, 1)),
    GET_OPEN((storages, number) -> opened(storages.full, THERE)),
    GET_OPEN_EMPTY((storages, number) -> opened(storages.full, new StorageKey("there/empty"))),
    GET_LIST((storages, number) -> storages.full.list("there/", Optional.empty(), 10)),
    GET_LIST_NONE((storages, number) -> storages.full.list("none/", Optional.empty(), 10)),
    GET_NO_BUCKET((storages, number) -> storages.nowhere.read(THERE, 0, 1)),
    GET_LIST_NO_BUCKET((storages, number) -> storages.nowhere.list("", Optional.empty(), 5)),
    PUT_NEW((storages, number) -> storages.full.createIfAbsent(key(number), text("ours"))),
    PUT_TAKEN((storages, number) -> storages.full.createIfAbsent(THERE, text("ours"))),
    PUT_NEW_LARGE(
        (storages, number) -> storages.full.createIfAbsent(key(number), Content.of(LARGE))),
    PUT_PART((storages, number) -> storages.full.createIfAbsent(key(number), Content.of(IN_PARTS))),
    DELETE(
        (storages, number) -> {
          storages.full.createIfAbsent(key(number), text("x"));
          storages.full.delete(key(number));
          return storages.full.list("new/", Optional.empty(), 5);
        }),
    POST_DELETE_ALL(
        (storages, number) -> {
          storages.full.createIfAbsent(key(number), text("x"));
          storages.full.deleteAll(List.of(key(number)));
          return storages.full.list("new/", Optional.empty(), 5);
        });

    private final Call call;

    Kind(Call call) {
      this.call = call;
    }

    String method() {
      return name().replaceAll("_.*", "");
    }

    private static StorageKey key(int number) {
      return new StorageKey("new/" + number);
    }

    private static Content text(String text) {
      return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String opened(S3Storage storage, StorageKey key) throws IOException {
      try (InputStream in = storage.open(key)) {
        return text(in.readAllBytes());
      }
    }

    /** What the call gives, or what it says if it fails. */
    String told(Storages storages, int number) throws IOException {
      try {
        return String.valueOf(call.run(storages, number));
      } catch (EnvironmentFault fault) {
        return fault.getClass().getSimpleName() + ": " + fault.getMessage() + fault.remedy();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCutIsAskedForAgain(Kind kind) throws Exception {
    S3Proxy server = S3Proxy.shared();
    try (FaultyNetwork network = new FaultyNetwork(server.endpoint());
        Storages storages =
            new Storages(
                storage(network, server.newBucket()), storage(network, "no-such-bucket"))) {
      storages.full.createIfAbsent(THERE, Kind.text("of one"));
      storages.full.createIfAbsent(new StorageKey("there/empty"), Kind.text(""));
      String right = kind.told(storages, 0);
      int length = lengthOfAnswer(network, kind, storages);

      List<String> wrong = new ArrayList<>();
      for (int cut : kind == Kind.PUT_PART ? headerCuts(length) : cuts(length)) {
        network.next(kind.method(), FaultyNetwork.cutAfter(cut));
        String told = kind.told(storages, cut + 2);
        if (!told.equals(right)) {
          wrong.add("cut at " + cut + " of " + length + ": " + told);
        }
      }

      assertThat(wrong).as("instead of %s", right).isEmpty();
    }
  }

  // The last answer of a call need not be that of its method.
  private static int lengthOfAnswer(FaultyNetwork network, Kind kind, Storages storages)
      throws IOException {
    int[] length = new int[1];
    network.next(kind.method(), FaultyNetwork.measured(bytes -> length[0] = bytes));
    var unused = kind.told(storages, 1);
    return length[0];
  }

  /** In the first line and at the end everywhere, and between at every so many. */
  private static int[] cuts(int length) {
    return IntStream.rangeClosed(0, length)
        .filter(cut -> cut < 14 || cut > length - 4 || cut % STRIDE == 0)
        .toArray();
  }

  /** A few, since each is a large upload. */
  private static int[] headerCuts(int length) {
    return new int[] {0, 15, length / 3, length / 2, 2 * length / 3, length - 3, length - 1};
  }

  private static S3Storage storage(FaultyNetwork network, String bucket) {
    S3Location location = new S3Location(bucket, "store");
    return new S3Storage(
        location,
        S3Options.of(
            location, Map.of("s3.endpoint", network.endpoint().toString(), "s3.region", "any-1")),
        SHORT);
  }
}
