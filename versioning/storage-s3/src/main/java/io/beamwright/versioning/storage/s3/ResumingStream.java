// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.s3.S3Requests.RequestFailed;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object from its beginning. Where the connection breaks in the middle, the rest is asked for,
 * of the same object, by its ETag.
 */
final class ResumingStream extends InputStream {

  // With less than that left, reading it is cheaper than another connection.
  private static final long CHEAP_BYTES = 64 * 1024;

  private final GetObjectRequest request;
  private final S3Requests requests;
  private final String location;
  private ResponseInputStream<GetObjectResponse> in;
  private final long size;
  private long position;
  private long brokenAt;
  private Patience.Tries tries;

  /**
   * What {@code in} gives and what follows it.
   *
   * @param request what {@code in} is the answer to
   * @param location names the object in errors
   */
  ResumingStream(
      GetObjectRequest request,
      S3Requests requests,
      String location,
      ResponseInputStream<GetObjectResponse> in) {
    this.request = request;
    this.requests = requests;
    this.tries = requests.tries();
    this.location = location;
    this.in = in;
    this.size = in.response().contentLength();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int begin, int wanted) throws IOException {
    while (true) {
      try {
        int n = in.read(into, begin, wanted);
        if (n > 0) {
          position += n;
        }
        if (n >= 0 || position >= size) {
          return n;
        }
        resume(new IOException("it ended after " + position + " of " + size + " bytes"));
      } catch (IOException e) {
        resume(e);
      }
    }
  }

  private void resume(IOException broken) throws IOException {
    in.abort();
    if (position > brokenAt) {
      // It has gone on since: however long ago that began, this is another break.
      tries = requests.tries();
      brokenAt = position;
    }
    try {
      if (!tries.again(Failure.of(broken))) {
        throw failed(broken);
      }
      String etag = in.response().eTag();
      in =
          requests.send(
              client ->
                  client.getObject(
                      request.toBuilder().range("bytes=" + position + "-").ifMatch(etag).build()));
    } catch (RequestFailed e) {
      throw failed(e.failure().cause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private IOException failed(Exception e) {
    return new IOException(
        location + " broke off after " + position + " of " + size + " bytes: " + e.getMessage(), e);
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  /** Gives the connection back, or drops it if much is left to read. */
  @Override
  public void close() throws IOException {
    if (size - position > CHEAP_BYTES) {
      in.abort();
      return;
    }
    try {
      in.skipNBytes(size - position);
      in.close();
    } catch (IOException e) {
      in.abort(); // Whoever closes wants no more of it.
    }
  }
}
