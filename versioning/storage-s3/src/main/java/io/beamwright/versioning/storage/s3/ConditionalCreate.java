// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.s3.ContentPart.ContentFailure;
import io.beamwright.versioning.storage.s3.S3Requests.RequestFailed;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * One create if absent: by {@code PUT} with {@code If-None-Match: *}, or for large contents by an
 * upload in parts whose completion has that condition.
 *
 * <p>A request without an answer, or with one that leaves it open (5xx, 409), may have created the
 * object, or may still do so. Then the object is read: if it is there, its content says whose it
 * is, and if it is absent, it is created again, with the same content, so that whichever of the
 * requests comes first wins for us. That is only given up after minutes, and then said to be
 * unknown, never to have failed.
 */
final class ConditionalCreate {

  /** By whom an object was created, if it is there. */
  private enum Found {
    OURS,
    THEIRS,
    ABSENT,
    UNREADABLE
  }

  // In the metadata of what is too large to be compared.
  private static final String TOKEN = "beamwright-token";

  private final S3Location location;
  private final S3Requests requests;
  private final S3Faults faults;
  private final Multipart multipart;
  private final StorageKey key;
  private final String name;
  private final ContentPart content;
  private final String token = UUID.randomUUID().toString();

  // Of a small content its bytes, read once; they are compared with what is found.
  private Optional<byte[]> bytes = Optional.empty();

  ConditionalCreate(
      S3Location location,
      S3Requests requests,
      S3Faults faults,
      Multipart multipart,
      StorageKey key,
      Content content) {
    this.location = location;
    this.requests = requests;
    this.faults = faults;
    this.multipart = multipart;
    this.key = key;
    this.name = location.objectName(key.text());
    this.content = ContentPart.all(content);
  }

  /** Does it. */
  Creation run() {
    try {
      if (content.length() <= S3Storage.SMALL_BYTES) {
        bytes = Optional.of(content.bytes());
      } else if (isLarge() && find() == Found.THEIRS) {
        return Creation.EXISTS; // Before the whole of it is uploaded for nothing.
      }
      return create();
    } catch (ContentFailure e) {
      throw faults.content(key, e);
    }
  }

  private boolean isLarge() {
    return content.length() > S3Storage.MOST_BYTES_A_REQUEST;
  }

  private Creation create() throws ContentFailure {
    Patience.Tries tries = requests.tries();
    boolean mayCome = false;
    while (true) {
      Failure failure;
      try {
        send();
        return Creation.CREATED;
      } catch (RequestFailed e) {
        failure = e.failure();
      }
      if (failure.isPreconditionFailed() && !mayCome) {
        return Creation.EXISTS;
      }
      requireReadable(failure);
      Found found = mayCome || failure.mayHaveHappened() ? find() : Found.ABSENT;
      if (found == Found.OURS) {
        return Creation.CREATED;
      }
      if (found == Found.THEIRS) {
        return Creation.EXISTS;
      }
      // What the server has answered, and what is absent then, does not come any more.
      boolean isSettled = failure.isOver() && found == Found.ABSENT;
      mayCome |= failure.mayHaveHappened() && !isSettled;
      requirePatience(tries, failure, mayCome);
    }
  }

  private static void requireReadable(Failure failure) throws ContentFailure {
    Optional<ContentFailure> ofContent = Failure.find(failure.cause(), ContentFailure.class);
    if (ofContent.isPresent()) {
      throw ofContent.get();
    }
  }

  private void requirePatience(Patience.Tries tries, Failure failure, boolean mayCome) {
    try {
      if (mayCome ? tries.againToSettle(failure) : failure.isPassing() && tries.again(failure)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw mayCome
        ? faults.unknownOutcome(key, failure)
        : faults.notDone("create", key.text(), failure);
  }

  private void send() throws RequestFailed {
    if (isLarge()) {
      multipart.upload(name, content, Map.of(TOKEN, token));
      return;
    }
    RequestBody body = bytes.map(RequestBody::fromBytes).orElseGet(content::body);
    Map<String, String> metadata = bytes.isPresent() ? Map.of() : Map.of(TOKEN, token);
    var unused =
        requests.once(
            client ->
                client.putObject(
                    put ->
                        put.bucket(location.bucket()).key(name).ifNoneMatch("*").metadata(metadata),
                    body));
  }

  private Found find() {
    try {
      return isOurs() ? Found.OURS : Found.THEIRS;
    } catch (RequestFailed e) {
      return e.failure().isAbsent() ? Found.ABSENT : Found.UNREADABLE;
    }
  }

  private boolean isOurs() throws RequestFailed {
    return bytes.isPresent() ? holdsOurBytes(bytes.get()) : holdsOurToken();
  }

  private boolean holdsOurBytes(byte[] ours) throws RequestFailed {
    byte[] there =
        requests.once(
            client ->
                client
                    .getObject(
                        get -> get.bucket(location.bucket()).key(name),
                        ResponseTransformer.toBytes())
                    .asByteArrayUnsafe());
    return Arrays.equals(ours, there);
  }

  // With its first byte, which comes after all headers: an answer that breaks off within them would
  // be one without a token.
  private boolean holdsOurToken() throws RequestFailed {
    GetObjectResponse there =
        requests.once(
            client ->
                client
                    .getObject(
                        get -> get.bucket(location.bucket()).key(name).range("bytes=0-0"),
                        ResponseTransformer.toBytes())
                    .response());
    return token.equals(there.metadata().get(TOKEN));
  }
}
