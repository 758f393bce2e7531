// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Sends requests that do no harm when they are sent again, until one is answered. */
final class S3Requests {

  /** One request, or a few. */
  @FunctionalInterface
  interface Request<T> {
    T send(S3Client client) throws IOException;
  }

  /** A request that failed for good. */
  static final class RequestFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Failure failure;

    RequestFailed(Failure failure) {
      super(failure.cause());
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }

  private final S3Connection connection;
  private final Patience patience;
  private final S3Faults faults;

  S3Requests(S3Connection connection, Patience patience, S3Faults faults) {
    this.connection = connection;
    this.patience = patience;
    this.faults = faults;
  }

  /** The tries of one call that begins now. */
  Patience.Tries tries() {
    return patience.begin(faults::whatIsWrong);
  }

  /** Sends {@code request} once. */
  <T> T once(Request<T> request) throws RequestFailed {
    try {
      return request.send(connection.client());
    } catch (SdkException | IOException | UncheckedIOException e) {
      throw new RequestFailed(Failure.of(e));
    }
  }

  /** Sends {@code request} until it is answered, or was tried long enough. */
  <T> T send(Request<T> request) throws RequestFailed {
    Patience.Tries tries = tries();
    while (true) {
      try {
        return once(request);
      } catch (RequestFailed e) {
        if (!e.failure().isPassing() || !again(tries, e.failure())) {
          throw e;
        }
      }
    }
  }

  private static boolean again(Patience.Tries tries, Failure failure) throws RequestFailed {
    try {
      return tries.again(failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestFailed(Failure.of(e));
    }
  }
}
