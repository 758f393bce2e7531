// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.s3.S3Requests.RequestFailed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Finds out, before anything is created, whether the server keeps {@code If-None-Match: *}: one
 * that ignores it would let two writers overwrite each other, and say to both that they had won.
 *
 * <p>An object is created twice under a hidden name, with two contents; the second time must be
 * refused. That it was is remembered in the store, in an object whose name holds the server's
 * address and the bucket, and whose content holds the time of the probe by the server's clock: a
 * copy of it, on another server or in another bucket, has another name to be looked for or was
 * created at another time than it says, and the server is probed again.
 */
final class ServerProbe {

  /** The folder of what this writes: hidden by its dot from every listing. */
  static final String FOLDER = ".server/";

  // Between the answer to the probe and the creation of what remembers it.
  private static final Duration MOST_BETWEEN = Duration.ofMinutes(1);

  private static final int LONGEST_MEMORY = 4096;

  private final S3Location location;
  private final S3Connection connection;
  private final S3Requests requests;
  private final S3Faults faults;
  private volatile boolean isProven;

  ServerProbe(S3Location location, S3Connection connection, S3Requests requests, S3Faults faults) {
    this.location = location;
    this.connection = connection;
    this.requests = requests;
    this.faults = faults;
  }

  /**
   * Returns if the server keeps the condition.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it does not
   */
  void requireConditionalCreate() throws RequestFailed {
    if (!isProven) {
      prove();
    }
  }

  private synchronized void prove() throws RequestFailed {
    if (isProven) {
      return;
    }
    if (!isRemembered()) {
      probe().ifPresent(this::remember);
    }
    isProven = true;
  }

  private String memory() {
    String server = connection.server() + " " + location.bucket() + " " + location.prefix();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(server.getBytes(StandardCharsets.UTF_8));
      return location.objectName(FOLDER + HexFormat.of().formatHex(digest, 0, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private boolean isRemembered() throws RequestFailed {
    try {
      ResponseBytes<GetObjectResponse> found =
          requests.send(
              client ->
                  client.getObject(
                      get -> get.bucket(location.bucket()).key(memory()),
                      ResponseTransformer.toBytes()));
      return found.asByteArrayUnsafe().length <= LONGEST_MEMORY
          && isOfThisPlace(found.asUtf8String(), found.response().lastModified());
    } catch (RequestFailed e) {
      if (e.failure().isAbsent()) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isOfThisPlace(String memory, Instant created) {
    try {
      Instant said = Instant.parse(memory.strip().replaceAll("(?s).* ", ""));
      return Duration.between(said, created).abs().compareTo(MOST_BETWEEN) <= 0;
    } catch (DateTimeParseException e) {
      return false; // Whatever it is, we did not write it.
    }
  }

  /** The time by the server's clock, if it tells. */
  private Optional<Instant> probe() throws RequestFailed {
    String name = location.objectName(FOLDER + UUID.randomUUID());
    try {
      create(name, "first");
      create(name, "second");
      forget(name);
      throw faults.noConditionalCreate("ignores If-None-Match: *");
    } catch (RequestFailed e) {
      if (e.failure().isNotImplemented()) {
        throw faults.noConditionalCreate("does not know If-None-Match: *");
      }
      if (!e.failure().isPreconditionFailed()) {
        throw e;
      }
      forget(name);
      return time(e.failure());
    }
  }

  // A repetition whose first try came through is refused as well, and proves the same.
  private void create(String name, String content) throws RequestFailed {
    var unused =
        requests.send(
            client ->
                client.putObject(
                    put -> put.bucket(location.bucket()).key(name).ifNoneMatch("*"),
                    RequestBody.fromString(content)));
  }

  // Whoever may write need not have the right to delete; a hidden object that stays harms nobody.
  private void forget(String name) {
    try {
      var unused =
          requests.once(
              client -> client.deleteObject(delete -> delete.bucket(location.bucket()).key(name)));
    } catch (RequestFailed e) {
      return;
    }
  }

  private static Optional<Instant> time(Failure answer) {
    try {
      return S3Faults.header(answer, "Date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
          .map(ZonedDateTime::toInstant);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  // Where it cannot be remembered, the next process probes too.
  private void remember(Instant now) {
    String memory = connection.server() + " keeps If-None-Match: * as of " + now + "\n";
    try {
      var unused =
          requests.once(
              client ->
                  client.putObject(
                      put -> put.bucket(location.bucket()).key(memory()),
                      RequestBody.fromString(memory)));
    } catch (RequestFailed e) {
      return;
    }
  }
}
