// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.s3.S3Requests.RequestFailed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Uploads large contents in parts, several at once. Nobody sees anything of it until it is
 * completed; what fails is aborted, and what a dead process leaves behind costs space until the
 * bucket's lifecycle rule aborts it.
 *
 * <p>Completion has the condition {@code If-None-Match: *}. A server that does not know it there
 * lets the last of several complete uploads win. That does no harm: contents of this size are named
 * by their digest, so all of them are the same.
 */
final class Multipart implements AutoCloseable {

  private static final long PART_BYTES = 16L << 20;
  private static final int MOST_PARTS = 10_000;
  private static final int AT_ONCE = 4;

  private final S3Location location;
  private final S3Requests requests;
  private final ExecutorService uploads =
      Executors.newFixedThreadPool(
          AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "s3-upload");
            thread.setDaemon(true);
            return thread;
          });

  Multipart(S3Location location, S3Requests requests) {
    this.location = location;
    this.requests = requests;
  }

  /** One upload that was begun. */
  private record Upload(String bucket, String name, String id) {}

  /**
   * Uploads {@code content} and completes it under {@code name}, if that is absent.
   *
   * @throws RequestFailed if it is there (412), or as any other request
   */
  void upload(String name, ContentPart content, Map<String, String> metadata) throws RequestFailed {
    Upload upload =
        new Upload(
            location.bucket(),
            name,
            requests
                .send(
                    client ->
                        client.createMultipartUpload(
                            create ->
                                create.bucket(location.bucket()).key(name).metadata(metadata)))
                .uploadId());
    boolean isComplete = false;
    try {
      complete(upload, parts(upload, content));
      isComplete = true;
    } finally {
      if (!isComplete) {
        abort(upload);
      }
    }
  }

  private List<CompletedPart> parts(Upload upload, ContentPart content) throws RequestFailed {
    List<Future<CompletedPart>> running = new ArrayList<>();
    long partBytes = partBytes(content.length());
    for (long offset = 0; offset < content.length(); offset += partBytes) {
      ContentPart part =
          new ContentPart(
              content.content(), offset, Math.min(partBytes, content.length() - offset));
      int number = running.size() + 1;
      running.add(uploads.submit(() -> upload(upload, number, part)));
    }
    try {
      return collect(running);
    } finally {
      // None must come after the upload was aborted, or it would stay.
      running.forEach(part -> part.cancel(true));
    }
  }

  static long partBytes(long size) {
    long least = (size + MOST_PARTS - 1) / MOST_PARTS;
    return Math.max(PART_BYTES, least);
  }

  private CompletedPart upload(Upload upload, int number, ContentPart part) throws RequestFailed {
    UploadPartResponse uploaded =
        requests.send(
            client ->
                whole(
                    client.uploadPart(
                        request ->
                            request
                                .bucket(upload.bucket)
                                .key(upload.name)
                                .uploadId(upload.id)
                                .partNumber(number),
                        part.body())));
    return CompletedPart.builder().partNumber(number).eTag(uploaded.eTag()).build();
  }

  // What a completion needs stands in a header, which a connection that breaks can cut.
  private static UploadPartResponse whole(UploadPartResponse answer) throws IOException {
    String etag = answer.eTag() == null ? "" : answer.eTag();
    boolean isCut = etag.startsWith("\"") && (etag.length() == 1 || !etag.endsWith("\""));
    if (etag.isEmpty() || isCut) {
      throw new IOException("the answer did not come whole: it has no ETag");
    }
    return answer;
  }

  private static List<CompletedPart> collect(List<Future<CompletedPart>> running)
      throws RequestFailed {
    List<CompletedPart> parts = new ArrayList<>();
    try {
      for (Future<CompletedPart> part : running) {
        parts.add(part.get());
      }
    } catch (InterruptedException | CancellationException e) {
      Thread.currentThread().interrupt();
      throw new RequestFailed(Failure.of(new InterruptedException()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RequestFailed failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
    return parts;
  }

  private void complete(Upload upload, List<CompletedPart> parts) throws RequestFailed {
    try {
      complete(upload, parts, true);
    } catch (RequestFailed e) {
      if (!e.failure().isNotImplemented()) {
        throw e;
      }
      complete(upload, parts, false);
    }
  }

  // Sent once: an upload that is gone at the second time may have been completed by the first.
  private void complete(Upload upload, List<CompletedPart> parts, boolean ifAbsent)
      throws RequestFailed {
    var unused =
        requests.once(
            client ->
                client.completeMultipartUpload(
                    complete -> {
                      complete
                          .bucket(upload.bucket)
                          .key(upload.name)
                          .uploadId(upload.id)
                          .multipartUpload(done -> done.parts(parts));
                      if (ifAbsent) {
                        complete.ifNoneMatch("*");
                      }
                    }));
  }

  // After a completion whose answer was lost there is none to abort any more.
  private void abort(Upload upload) {
    try {
      var unused =
          requests.once(
              client ->
                  client.abortMultipartUpload(
                      abort -> abort.bucket(upload.bucket).key(upload.name).uploadId(upload.id)));
    } catch (RequestFailed e) {
      return; // The lifecycle rule of the bucket does it.
    }
  }

  @Override
  public void close() {
    uploads.shutdownNow();
  }
}
