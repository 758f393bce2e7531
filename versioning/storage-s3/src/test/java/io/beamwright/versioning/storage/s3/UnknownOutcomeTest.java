// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.server.FaultyNetwork;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose answers are lost, late or wrong, by a network that does that to real ones. */
@Timeout(120)
class UnknownOutcomeTest {

  private static final StorageKey KEY = new StorageKey("log/entry");

  private static final Patience SHORT =
      new Patience(
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(1));

  private S3Proxy server;
  private FaultyNetwork network;
  private S3Location location;
  private S3Storage storage;

  @BeforeEach
  void connect() throws Exception {
    server = S3Proxy.shared();
    network = new FaultyNetwork(server.endpoint());
    location = new S3Location(server.newBucket(), "store");
    storage = storage(network.endpoint(), SHORT);
    // The probe has been, and is in nobody's way.
    storage.createIfAbsent(new StorageKey("first"), text("first"));
  }

  @AfterEach
  void close() throws IOException {
    storage.close();
    network.close();
  }

  private S3Storage storage(URI endpoint, Patience patience) {
    return new S3Storage(
        location,
        S3Options.of(location, Map.of("s3.endpoint", endpoint.toString(), "s3.region", "any-1")),
        patience);
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private String stored() {
    return new String(storage.read(KEY, 0, 100), StandardCharsets.UTF_8);
  }

  @Test
  void anAnswerThatIsLostDoesNotMakeOurSuccessSomebodyElses() {
    network.next("PUT", FaultyNetwork.ANSWER_LOST);

    assertThat(storage.createIfAbsent(KEY, text("ours"))).isEqualTo(Creation.CREATED);
    assertThat(stored()).isEqualTo("ours");
  }

  @Test
  void aRequestThatIsLostIsSentAgain() {
    network.next("PUT", FaultyNetwork.LOST);

    assertThat(storage.createIfAbsent(KEY, text("ours"))).isEqualTo(Creation.CREATED);
    assertThat(stored()).isEqualTo("ours");
  }

  @Test
  void aLostAnswerAboutSomebodyElsesIsStillTheirs() {
    storage.createIfAbsent(KEY, text("theirs"));
    network.next("PUT", FaultyNetwork.ANSWER_LOST);

    assertThat(storage.createIfAbsent(KEY, text("ours"))).isEqualTo(Creation.EXISTS);
    assertThat(stored()).isEqualTo("theirs");
  }

  @Test
  void whateverTheServerSaysAfterItHasDoneItItIsOurs() {
    int number = 0;
    for (int status : List.of(409, 500, 502, 503, 504)) {
      StorageKey key = new StorageKey("status/" + number++);
      network.next("PUT", FaultyNetwork.answeredAs(status, "Whatever"));

      assertThat(storage.createIfAbsent(key, text("ours " + key)))
          .as("status %d", status)
          .isEqualTo(Creation.CREATED);
    }
  }

  @Test
  void whateverTheServerSaysAndHasNotDoneIsDoneAgain() {
    int number = 0;
    for (int status : List.of(409, 500, 502, 503, 504)) {
      StorageKey key = new StorageKey("status/" + number++);
      network.next("PUT", FaultyNetwork.refusedAs(status, "SlowDown"));

      assertThat(storage.createIfAbsent(key, text("ours " + key)))
          .as("status %d", status)
          .isEqualTo(Creation.CREATED);
      assertThat(storage.read(key, 0, 100)).asString().isEqualTo("ours " + key);
    }
  }

  @Test
  void aRequestThatComesLateFindsOursAndChangesNothing() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    network.next("PUT", FaultyNetwork.delayed(late, done));

    assertThat(storage.createIfAbsent(KEY, text("ours"))).isEqualTo(Creation.CREATED);
    late.countDown();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(stored()).isEqualTo("ours");
    assertThat(storage.createIfAbsent(KEY, text("later"))).isEqualTo(Creation.EXISTS);
  }

  @Test
  void whileNothingCanBeReadBackItIsUnknownAndNotFailed() {
    Patience none =
        new Patience(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(200),
            Duration.ofMillis(1));
    S3Storage hasty = storage(network.endpoint(), none);
    hasty.createIfAbsent(new StorageKey("second"), text(""));
    network.next("PUT", FaultyNetwork.ANSWER_LOST);
    for (int i = 0; i < 1000; i++) {
      network.next("GET", FaultyNetwork.LOST);
      network.next("PUT", FaultyNetwork.LOST);
    }

    assertThatThrownBy(() -> hasty.createIfAbsent(KEY, text("ours")))
        .isInstanceOfSatisfying(
            EnvironmentFault.class,
            fault -> assertThat(fault.remedy()).endsWith("Repeating the command is safe."))
        .hasMessageContaining("It is not known whether " + location + "/" + KEY + " was created");
    hasty.close();
  }

  @Test
  void aLargeObjectWhoseCompletionIsLostIsOursToo() throws IOException {
    byte[] bytes = new byte[34 << 20];
    new Random(1).nextBytes(bytes);
    network.next("POST", "uploadId", FaultyNetwork.ANSWER_LOST);

    assertThat(storage.createIfAbsent(KEY, Content.of(bytes))).isEqualTo(Creation.CREATED);
    try (InputStream in = storage.open(KEY)) {
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
    }
  }

  @Test
  void aPartThatIsLostIsSentAgainAndAnUploadThatFailsIsAborted() throws IOException {
    byte[] bytes = new byte[34 << 20];
    network.next("PUT", "partNumber=2", FaultyNetwork.LOST);
    assertThat(storage.createIfAbsent(KEY, Content.of(bytes))).isEqualTo(Creation.CREATED);

    network.next("PUT", "partNumber=2", FaultyNetwork.refusedAs(403, "AccessDenied"));
    StorageKey denied = new StorageKey("denied");
    assertThatThrownBy(() -> storage.createIfAbsent(denied, Content.of(bytes)))
        .hasMessageContaining(location + "/denied")
        .hasMessageContaining("denies it");
    assertThat(network.requests())
        .anyMatch(line -> line.startsWith("DELETE") && line.contains("uploadId"));
    assertThat(storage.list("denied", Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aReadThatBreaksInTheMiddleGoesOnWhereItStood() throws IOException {
    byte[] bytes = new byte[3 << 20];
    new Random(2).nextBytes(bytes);
    storage.createIfAbsent(KEY, Content.of(bytes));
    network.next("GET", FaultyNetwork.cutAfter(1 << 20));
    network.next("GET", FaultyNetwork.cutAfter(1 << 20));

    try (InputStream in = storage.open(KEY)) {
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
    }
    network.next("GET", FaultyNetwork.cutAfter(1000));
    assertThat(storage.read(KEY, 100, 2000)).isEqualTo(Arrays.copyOfRange(bytes, 100, 2100));
  }

  /** As a server does that is started again while a large object is read slowly. */
  @Test
  void eachBreakOfALongReadIsGivenItsOwnTime() throws IOException {
    byte[] bytes = new byte[3 << 20];
    new Random(3).nextBytes(bytes);
    storage.createIfAbsent(KEY, Content.of(bytes));
    Duration trying = Duration.ofMillis(500);
    Patience hasty = new Patience(trying, trying, trying, trying, Duration.ofMillis(1));
    network.next("GET", FaultyNetwork.cutAfter(2 << 20));

    try (S3Storage other = storage(network.endpoint(), hasty);
        InputStream in = other.open(KEY)) {
      assertThat(in.readNBytes(1 << 20)).isEqualTo(Arrays.copyOf(bytes, 1 << 20));
      long since = System.nanoTime();
      while (System.nanoTime() - since < trying.toNanos()) {
        LockSupport.parkNanos(trying.toNanos());
      }

      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1 << 20, bytes.length));
    }
  }

  @Test
  void aServerThatIgnoresTheConditionIsFoundOutAndRefused() throws IOException {
    location = new S3Location(server.newBucket(), "other");
    S3Storage other = storage(network.endpoint(), SHORT);
    network.next("PUT", FaultyNetwork.refusedAs(200, ""));
    network.next("PUT", FaultyNetwork.refusedAs(200, ""));

    assertThatThrownBy(() -> other.createIfAbsent(KEY, text("ours")))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(location.toString())
        .hasMessageContaining(network.endpoint().toString())
        .hasMessageContaining("ignores If-None-Match: *");
    assertThat(objects()).isEmpty();
    other.close();
  }

  @Test
  void theProbeIsRememberedForTheServerAndThePlaceAndNoOther() throws IOException {
    List<String> objects = objects();
    assertThat(objects).filteredOn(name -> name.startsWith("store/.server/")).hasSize(1);
    assertThat(storage.list("", Optional.empty(), 10))
        .extracting(listed -> listed.key().text())
        .containsExactly("first");

    assertThat(probesOfTheFirstCreate(network.endpoint())).isEqualTo(1);
    // The same bucket, by another address: who knows whether that is the same server.
    assertThat(probesOfTheFirstCreate(server.endpoint())).isGreaterThan(3);
  }

  @Test
  void aStoreThatWasCopiedIsProbedAgain() throws IOException {
    Path memory;
    try (Stream<Path> files =
        Files.list(server.bucket(location.bucket()).resolve("store/.server"))) {
      memory = files.findFirst().orElseThrow();
    }
    Files.setLastModifiedTime(
        memory, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 600_000));

    assertThat(probesOfTheFirstCreate(network.endpoint())).isGreaterThan(3);
  }

  private long probesOfTheFirstCreate(URI endpoint) {
    try (S3Storage other = storage(endpoint, SHORT)) {
      other.createIfAbsent(new StorageKey("first"), text("again"));
      return other.requests().getOrDefault("Probe", 0L);
    }
  }

  private List<String> objects() throws IOException {
    Path bucket = server.bucket(location.bucket());
    try (Stream<Path> files = Files.walk(bucket)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> bucket.relativize(file).toString())
          .toList();
    }
  }

  @Test
  void aListIsOneRequestAndSoIsADeletionOfMany() {
    for (int i = 0; i < 20; i++) {
      storage.createIfAbsent(new StorageKey("many/" + i), text(""));
    }
    Map<String, Long> before = storage.requests();

    List<StorageKey> keys =
        storage.list("many/", Optional.empty(), 1000).stream().map(one -> one.key()).toList();
    storage.deleteAll(keys);

    Map<String, Long> after = storage.requests();
    assertThat(keys).hasSize(20);
    assertThat(sent(after, "ListObjectsV2") - sent(before, "ListObjectsV2")).isEqualTo(1);
    assertThat(sent(after, "DeleteObjects") - sent(before, "DeleteObjects")).isEqualTo(1);
    assertThat(sent(after, "DeleteObject")).isEqualTo(sent(before, "DeleteObject"));
    assertThat(storage.list("many/", Optional.empty(), 10)).isEmpty();
  }

  private static long sent(Map<String, Long> counts, String name) {
    return counts.getOrDefault(name, 0L);
  }

  @Test
  void aServerThatDeletesOneByOneOnlyDeletesAllTheSame() {
    network.next("POST", "delete", FaultyNetwork.refusedAs(501, "NotImplemented"));
    storage.createIfAbsent(KEY, text("x"));

    storage.deleteAll(List.of(KEY, new StorageKey("absent")));

    assertThat(storage.list("", Optional.empty(), 10))
        .extracting(listed -> listed.key().text())
        .containsExactly("first");
  }

  @Test
  void whatTheServerCouldNotDeleteAtOnceIsDeletedAlone() {
    String one =
        "<DeleteResult><Error><Key>%s</Key><Code>InternalError</Code></Error></DeleteResult>";
    for (String key : List.of("store/" + KEY, "", "another/key")) {
      storage.createIfAbsent(KEY, text("x"));
      network.next("POST", "delete", FaultyNetwork.answeredWith(one.formatted(key)));

      storage.deleteAll(List.of(KEY));

      assertThat(storage.list("", Optional.empty(), 10))
          .as("after an error about \"%s\"", key)
          .extracting(listed -> listed.key().text())
          .containsExactly("first");
    }
  }

  @Test
  void whatTheServerWillNotDeleteEitherWayIsAFault() {
    storage.createIfAbsent(KEY, text("x"));
    network.next(
        "POST",
        "delete",
        FaultyNetwork.answeredWith(
            "<DeleteResult><Error><Key>store/log/entry</Key><Code>AccessDenied</Code></Error>"
                + "</DeleteResult>"));
    network.next("DELETE", FaultyNetwork.refusedAs(403, "AccessDenied"));

    assertThatThrownBy(() -> storage.deleteAll(List.of(KEY)))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("log/entry");
    assertThat(stored()).isEqualTo("x");
  }
}
