// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * What one request that failed tells: above all whether the server may have done what it asked.
 *
 * @param status of the HTTP response; 0 if there was none
 * @param code the server's word for what is wrong; empty if there was none
 */
record Failure(Kind kind, int status, String code, Exception cause) {

  enum Kind {
    /** The server said no, and did nothing. */
    REJECTED,
    /** The server said that it cannot now; it may have done it all the same. */
    BUSY,
    /** No answer: it may have been done, be done later, or never. */
    DROPPED,
    /** The request never left, because nobody was reached. */
    UNREACHABLE,
    /** The two do not agree on TLS, so nothing was sent. */
    NO_TLS,
    /** Nobody has the name of the server. */
    UNKNOWN_HOST,
    /** It was not sent: what is wrong is here, such as credentials that are not there. */
    LOCAL,
    /** This thread was asked to stop. */
    INTERRUPTED
  }

  /** The word of a server for an object that is absent. */
  static final String NO_SUCH_KEY = "NoSuchKey";

  private static final int OTHER_REGION = 301;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY = 429;
  private static final int FIRST_OF_SERVER = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  static Failure of(Exception e) {
    if (e instanceof AwsServiceException service) {
      return ofAnswer(service);
    }
    if (e instanceof AbortedException || e instanceof InterruptedException) {
      return new Failure(Kind.INTERRUPTED, 0, "", e);
    }
    return new Failure(kindWithoutAnswer(e), 0, "", e);
  }

  private static Failure ofAnswer(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details != null && WholeAnswers.isCut(details)) {
      return new Failure(Kind.DROPPED, 0, "", new IOException("the answer broke off", e));
    }
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    return new Failure(kindOfAnswer(e.statusCode(), code), e.statusCode(), code, e);
  }

  private static Kind kindOfAnswer(int status, String code) {
    if (status == NOT_IMPLEMENTED) {
      return Kind.REJECTED;
    }
    // A status of success with an error in its body is how a completion tells of its failure.
    boolean isBusy =
        status >= FIRST_OF_SERVER
            || status < OTHER_REGION
            || status == TOO_MANY
            // Who speaks for the server while it is away, such as a gateway, has no word for it.
            || (status == NOT_FOUND && code.isEmpty())
            || code.equals("SlowDown")
            || code.equals("RequestTimeout")
            || code.equals("OperationAborted");
    return isBusy ? Kind.BUSY : Kind.REJECTED;
  }

  private static Kind kindWithoutAnswer(Exception e) {
    if (find(e, ContentPart.ContentFailure.class).isPresent()) {
      return Kind.LOCAL;
    }
    if (find(e, UnknownHostException.class).isPresent()) {
      return Kind.UNKNOWN_HOST;
    }
    boolean wasNotConnected =
        find(e, ConnectException.class).isPresent()
            || find(e, NoRouteToHostException.class).isPresent()
            || find(e, ConnectTimeoutException.class).isPresent();
    if (wasNotConnected) {
      return Kind.UNREACHABLE;
    }
    Optional<SSLException> tls = find(e, SSLException.class);
    if (tls.isPresent()) {
      return kindOfTls(tls.get());
    }
    return find(e, IOException.class).isPresent() ? Kind.DROPPED : Kind.LOCAL;
  }

  // A server of plain HTTP is seen by its first bytes; one that went away, by what the socket said.
  private static Kind kindOfTls(SSLException e) {
    boolean wentAway =
        find(e, EOFException.class).isPresent() || find(e, SocketException.class).isPresent();
    boolean isOfHandshake =
        e instanceof SSLHandshakeException
            || e instanceof SSLPeerUnverifiedException
            || String.valueOf(e.getMessage()).contains("nrecognized SSL message");
    if (!isOfHandshake) {
      return Kind.DROPPED;
    }
    return wentAway ? Kind.UNREACHABLE : Kind.NO_TLS;
  }

  /** The first of {@code type} among what caused this. */
  static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }

  /** Whether the server may have done, or may still do, what was asked. */
  boolean mayHaveHappened() {
    return kind == Kind.BUSY || kind == Kind.DROPPED || isConflict() || kind == Kind.INTERRUPTED;
  }

  /**
   * Whether the server itself has answered, so that nothing of the request is on its way any more;
   * a gateway before it (502, 504) may have given up on a request that goes on.
   */
  boolean isOver() {
    return kind == Kind.REJECTED
        || (kind == Kind.BUSY && status != BAD_GATEWAY && status != GATEWAY_TIMEOUT);
  }

  /** Whether the same request could go better in a moment. */
  boolean isPassing() {
    return kind == Kind.BUSY
        || kind == Kind.DROPPED
        || kind == Kind.UNREACHABLE
        || kind == Kind.UNKNOWN_HOST
        || isConflict();
  }

  /** Whether another request on the same name was under way. */
  boolean isConflict() {
    return status == CONFLICT && !code.equals("BucketAlreadyExists");
  }

  /** Whether the name was taken. */
  boolean isPreconditionFailed() {
    return status == PRECONDITION_FAILED;
  }

  boolean isNotImplemented() {
    return status == NOT_IMPLEMENTED || code.equals("NotImplemented");
  }

  boolean isPastTheEnd() {
    return status == RANGE_NOT_SATISFIABLE;
  }

  /** Whether the server says that the object is absent: a page "404" of another one does not. */
  boolean isAbsent() {
    return status == NOT_FOUND && code.equals(NO_SUCH_KEY);
  }
}
