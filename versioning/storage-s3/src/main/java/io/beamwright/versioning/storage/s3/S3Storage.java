// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.s3.S3Requests.RequestFailed;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A storage in a bucket: a key is the name of an object, after the store's prefix. Whatever has a
 * segment that begins with a dot is not part of the store.
 *
 * <p>To create is one {@code PUT} with {@code If-None-Match: *}; whether the server keeps that is
 * probed before the first. See {@link ConditionalCreate} for outcomes that are unknown.
 */
public final class S3Storage implements Storage {

  /** Up to this, a content is held in memory, sent without asking, and compared when in doubt. */
  static final long SMALL_BYTES = 1 << 20;

  /** Above this, a content is uploaded in parts. */
  static final long MOST_BYTES_A_REQUEST = 32L << 20;

  // S3Proxy over a file system also lists the files that it is still writing, as the name, a dash
  // and a UUID. No key of a store may end so.
  private static final Pattern BEING_WRITTEN =
      Pattern.compile("[^/]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");

  // What S3 gives in one answer, and takes in one request to delete.
  private static final int PAGE = 1000;

  private final S3Location location;
  private final RequestCounts counts = new RequestCounts();
  private final S3Connection connection;
  private final S3Requests requests;
  private final S3Faults faults;
  private final ServerProbe probe;
  private final Multipart multipart;

  S3Storage(S3Location location, S3Options options) {
    this(location, options, Patience.of(options.timeout()));
  }

  S3Storage(S3Location location, S3Options options, Patience patience) {
    this.location = location;
    this.connection = new S3Connection(options, counts);
    this.faults = new S3Faults(location, connection);
    this.requests = new S3Requests(connection, patience, faults);
    this.probe = new ServerProbe(location, connection, requests, faults);
    this.multipart = new Multipart(location, requests);
  }

  @Override
  public String location() {
    return location.toString();
  }

  /**
   * How many requests of each kind this storage has sent, repeated ones too, by the names that S3
   * has for them, such as {@code PutObject}; those that probed the server under {@code Probe}.
   */
  public SortedMap<String, Long> requests() {
    return counts.now();
  }

  /**
   * {@inheritDoc}
   *
   * @throws EnvironmentFault also if the server does not keep {@code If-None-Match: *}
   * @throws IllegalArgumentException if the key ends in a dash and a UUID
   */
  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    if (BEING_WRITTEN.matcher(key.text()).find()) {
      throw new IllegalArgumentException("a key that would not be listed: " + key);
    }
    try {
      probe.requireConditionalCreate();
    } catch (RequestFailed e) {
      throw faults.notDone("create", key.text(), e.failure());
    }
    return new ConditionalCreate(location, requests, faults, multipart, key, content).run();
  }

  @Override
  public InputStream open(StorageKey key) {
    try {
      GetObjectRequest request = get(key).build();
      ResponseInputStream<GetObjectResponse> in =
          requests.send(client -> unlessAbsent(client, key, () -> client.getObject(request)));
      return new ResumingStream(request, requests, location + "/" + key, in);
    } catch (RequestFailed e) {
      throw cannotRead(key, e);
    }
  }

  private GetObjectRequest.Builder get(StorageKey key) {
    return GetObjectRequest.builder()
        .bucket(location.bucket())
        .key(location.objectName(key.text()));
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    // No range is empty; one byte tells as well whether the key is there.
    long last = offset + Math.max(length, 1) - 1;
    GetObjectRequest request = get(key).range("bytes=" + offset + "-" + last).build();
    try {
      return requests.send(
          client ->
              unlessAbsent(
                  client,
                  key,
                  () -> {
                    try (ResponseInputStream<GetObjectResponse> in = client.getObject(request)) {
                      return in.readNBytes(length);
                    }
                  }));
    } catch (RequestFailed e) {
      if (e.failure().isPastTheEnd()) {
        return new byte[0];
      }
      throw cannotRead(key, e);
    }
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws IOException;
  }

  // A server over a file system, such as s3proxy, answers 500 to a name below that of an object:
  // what the bucket does not list is absent, whatever is said of it.
  private <T> T unlessAbsent(S3Client client, StorageKey key, Request<T> request)
      throws IOException {
    try {
      return request.send();
    } catch (AwsServiceException e) {
      if (e.statusCode() == HttpURLConnection.HTTP_INTERNAL_ERROR && !isListed(client, key)) {
        throw NoSuchKeyException.builder()
            .statusCode(HttpURLConnection.HTTP_NOT_FOUND)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(Failure.NO_SUCH_KEY).build())
            .message("not listed: " + key)
            .cause(e)
            .build();
      }
      throw e;
    }
  }

  private boolean isListed(S3Client client, StorageKey key) {
    String name = location.objectName(key.text());
    return client
        .listObjectsV2(list -> list.bucket(location.bucket()).prefix(name).maxKeys(1))
        .contents()
        .stream()
        .anyMatch(object -> object.key().equals(name));
  }

  private EnvironmentFault cannotRead(StorageKey key, RequestFailed e) {
    return e.failure().isAbsent()
        ? new ObjectAbsent(location(), key)
        : faults.notDone("read", key.text(), e.failure());
  }

  /**
   * {@inheritDoc}
   *
   * <p>One request for every 1,000 keys, but where objects that are not the store's lie between.
   */
  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    List<Listed> listed = new ArrayList<>();
    if (!StorageKey.isKey(prefix + "x") && !StorageKey.isKey(prefix)) {
      return listed; // No key begins so.
    }
    Optional<String> after = startAfter.filter(text -> !text.isEmpty()).map(location::objectName);
    while (true) {
      ListObjectsV2Response page = page(prefix, after, Math.min(PAGE, limit - listed.size()));
      for (S3Object object : page.contents()) {
        location
            .key(object.key())
            .filter(key -> !BEING_WRITTEN.matcher(key.text()).find())
            .map(key -> new Listed(key, object.size(), object.lastModified()))
            .ifPresent(listed::add);
      }
      if (listed.size() >= limit || page.contents().isEmpty() || !page.isTruncated()) {
        return listed;
      }
      after = Optional.of(page.contents().get(page.contents().size() - 1).key());
    }
  }

  private ListObjectsV2Response page(String prefix, Optional<String> after, int most) {
    try {
      return requests.send(
          client ->
              client.listObjectsV2(
                  list ->
                      list.bucket(location.bucket())
                          .prefix(location.objectName(prefix))
                          .startAfter(after.orElse(null))
                          .maxKeys(most)));
    } catch (RequestFailed e) {
      throw faults.notDone("list", prefix, e.failure());
    }
  }

  @Override
  public void delete(StorageKey key) {
    try {
      String name = location.objectName(key.text());
      var unused =
          requests.send(
              client ->
                  unlessAbsent(
                      client,
                      key,
                      () ->
                          client.deleteObject(
                              delete -> delete.bucket(location.bucket()).key(name))));
    } catch (RequestFailed e) {
      if (!e.failure().isAbsent()) {
        throw faults.perhapsDone("delete", key.text(), e.failure());
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>One request for every 1,000 keys, or one for each where the server does not know that.
   */
  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    List<StorageKey> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += PAGE) {
      List<StorageKey> some = all.subList(from, Math.min(all.size(), from + PAGE));
      try {
        require(deleteAtOnce(some), some);
      } catch (RequestFailed e) {
        if (!e.failure().isNotImplemented()) {
          throw faults.perhapsDone("delete", some.get(0).text(), e.failure());
        }
        some.forEach(this::delete);
      }
    }
  }

  private DeleteObjectsResponse deleteAtOnce(List<StorageKey> keys) throws RequestFailed {
    List<ObjectIdentifier> names =
        keys.stream()
            .map(key -> ObjectIdentifier.builder().key(location.objectName(key.text())).build())
            .toList();
    return requests.send(
        client ->
            client.deleteObjects(
                delete ->
                    delete
                        .bucket(location.bucket())
                        .delete(what -> what.objects(names).quiet(true))));
  }

  // What it could not delete at once is deleted alone, and so fails for its own reason; all of it,
  // where it does not say what that was.
  private void require(DeleteObjectsResponse response, List<StorageKey> keys) {
    for (S3Error error : response.errors()) {
      List<StorageKey> failed =
          keys.stream().filter(key -> location.objectName(key.text()).equals(error.key())).toList();
      (failed.isEmpty() ? keys : failed).forEach(this::delete);
    }
  }

  @Override
  public void close() {
    multipart.close();
    connection.close();
  }
}
