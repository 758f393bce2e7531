// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.StorageKey;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.http.conn.ConnectTimeoutException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a request that failed means to the person whose store lies in the bucket. */
final class S3Faults {

  private static final String PERMISSIONS =
      "s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket (and s3:DeleteObject"
          + " for gc)";

  private static final List<String> OTHER_REGION =
      List.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");

  private static final List<String> FULL =
      List.of("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded");

  private final S3Location location;
  private final S3Connection connection;

  S3Faults(S3Location location, S3Connection connection) {
    this.location = location;
    this.connection = connection;
  }

  /** What {@code failure} is, for people who wait. */
  String whatIsWrong(Failure failure) {
    return "Waiting for " + location + ": " + reason(failure).what;
  }

  /** What is wrong, and what to do. */
  private record Reason(String what, String remedy) {}

  /** {@code doing}, such as "read", was not done to {@code key}. What came before it was. */
  EnvironmentFault notDone(String doing, String key, Failure failure) {
    Reason reason = reason(failure);
    return new EnvironmentFault(
        "Cannot " + doing + " " + location + "/" + key + ": " + reason.what + ".",
        reason.remedy,
        failure.cause());
  }

  /** {@code doing} could not be done to {@code key}; a part of it may be done. */
  EnvironmentFault perhapsDone(String doing, String key, Failure failure) {
    Reason reason = reason(failure);
    return new EnvironmentFault(
        "Cannot " + doing + " " + location + "/" + key + ": " + reason.what + ".",
        reason.remedy + " It may be done in part; repeating the command is safe.",
        failure.cause());
  }

  /** Nobody knows whether {@code key} was or will be created. */
  EnvironmentFault unknownOutcome(StorageKey key, Failure failure) {
    Reason reason = reason(failure);
    return new EnvironmentFault(
        "It is not known whether "
            + location
            + "/"
            + key
            + " was created: the request was sent, and then "
            + reason.what
            + ".",
        reason.remedy + " Repeating the command is safe.",
        failure.cause());
  }

  /** The content of {@code key} is at fault. */
  EnvironmentFault content(StorageKey key, ContentPart.ContentFailure failure) {
    return new EnvironmentFault(
        "Cannot create " + location + "/" + key + ": its content: " + failure.getMessage() + ".",
        "If something changed the content while it was read, repeat the command when it is at rest.",
        failure);
  }

  /** The server does not keep {@code If-None-Match: *}. */
  EnvironmentFault noConditionalCreate(String how) {
    return new EnvironmentFault(
        "The store "
            + location
            + " cannot be written to: its server, "
            + connection.server()
            + ", "
            + how
            + ". A store creates each of its objects by that header, so that of two writers one"
            + " wins.",
        "Use AWS S3, or a server that keeps conditional writes. Nothing was changed.");
  }

  private Reason reason(Failure failure) {
    return switch (failure.kind()) {
      case INTERRUPTED -> new Reason("it was interrupted", "Repeat the command.");
      case LOCAL -> here(failure);
      case UNKNOWN_HOST ->
          new Reason(
              "the server "
                  + connection.server()
                  + " was not found: nobody knows the host "
                  + host(failure),
              "Check s3.endpoint (or AWS_ENDPOINT_URL), s3.region and the network; where the"
                  + " server knows buckets only in the path, s3.path_style=true.");
      case UNREACHABLE, DROPPED, NO_TLS -> withoutAnswer(failure);
      case BUSY, REJECTED -> answered(failure);
    };
  }

  private static String host(Failure failure) {
    return Failure.find(failure.cause(), UnknownHostException.class)
        .map(Throwable::getMessage)
        .map(message -> message.replaceAll(":.*", ""))
        .orElse("of the address");
  }

  private Reason here(Failure failure) {
    String message = String.valueOf(failure.cause().getMessage());
    if (message.contains("credentials") || message.contains("Profile")) {
      return new Reason(
          "there are no credentials for " + connection.server() + " (" + firstOf(message) + ")",
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws by"
              + " AWS_PROFILE or s3.profile, or run where the instance or container has a role.");
    }
    if (message.contains("region")) {
      return new Reason(
          "it is not known in which region the bucket is",
          "Set s3.region or AWS_REGION; for a server that is not AWS, set s3.endpoint.");
    }
    return new Reason(
        "the S3 client says: " + message, "Check the options of the store and ~/.aws.");
  }

  // The SDK lists what each of six providers said, over a screen.
  private static String firstOf(String message) {
    String first = message.lines().findFirst().orElse("").replaceAll("\\.? *: \\[.*", "");
    return first.length() > 160 ? first.substring(0, 160) + "…" : first.replaceAll("\\.$", "");
  }

  private Reason withoutAnswer(Failure failure) {
    Optional<SSLException> tls = Failure.find(failure.cause(), SSLException.class);
    if (tls.isPresent()) {
      return tls(String.valueOf(tls.get().getMessage()));
    }
    String server = connection.server();
    if (failure.kind() == Failure.Kind.DROPPED) {
      return new Reason(
          server + " gave no answer (" + root(failure.cause()) + ")",
          "Check the server and the network, and repeat the command.");
    }
    boolean wasSilent = Failure.find(failure.cause(), ConnectTimeoutException.class).isPresent();
    return new Reason(
        server
            + (wasSilent
                ? " does not answer"
                : " cannot be reached (" + root(failure.cause()) + ")"),
        "Check s3.endpoint (or AWS_ENDPOINT_URL), that the server runs, and the network.");
  }

  private Reason tls(String message) {
    String what = connection.server() + " cannot be spoken to by TLS (" + message + ")";
    if (message.contains("Unrecognized SSL message") || message.contains("Unsupported or")) {
      return new Reason(what, "If the server speaks no TLS, write s3.endpoint=http://….");
    }
    return new Reason(
        what,
        "If the server's certificate is your own, add it to a trust store and name that by"
            + " BEAMWRIGHT_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE.");
  }

  private static String root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private Reason answered(Failure failure) {
    String server = connection.server();
    String code = failure.code();
    if (OTHER_REGION.contains(code) || failure.status() == 301 || failure.status() == 307) {
      return otherRegion(failure);
    }
    if (FULL.contains(code) || failure.status() == 507) {
      return new Reason(
          server + " has no room left (" + said(failure) + ")",
          "Free some space, or raise the quota of the bucket, and repeat the command.");
    }
    return switch (code) {
      case "NoSuchBucket" ->
          new Reason(
              server + " has no bucket " + location.bucket(),
              "Create the bucket, or check --store and s3.endpoint.");
      case "InvalidBucketName" ->
          new Reason(
              server + " says that " + location.bucket() + " cannot be the name of a bucket",
              "Check --store.");
      case "InvalidAccessKeyId" ->
          new Reason(
              server + " does not know the access key that the credentials name",
              "Check AWS_ACCESS_KEY_ID or the profile, and that they are for this server.");
      case "SignatureDoesNotMatch" ->
          new Reason(
              "the secret key is not that of the access key, says " + server,
              "Check AWS_SECRET_ACCESS_KEY or the profile, and the server's address as it sees it.");
      case "ExpiredToken", "TokenRefreshRequired", "InvalidToken", "ExpiredTokenException" ->
          new Reason(
              "the session token has expired or is not valid, says " + server,
              "Get new credentials, or unset AWS_SESSION_TOKEN.");
      case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" ->
          new Reason(
              "the clock of this machine and that of " + server + " differ too much",
              "Set this machine's clock (timedatectl, or chronyc makestep).");
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> denied(failure);
      default -> otherAnswer(failure);
    };
  }

  private Reason denied(Failure failure) {
    return new Reason(
        connection.server() + " denies it (" + said(failure) + ")",
        "Give these credentials " + PERMISSIONS + " on the bucket " + location.bucket() + ".");
  }

  private Reason otherRegion(Failure failure) {
    String region = header(failure, "x-amz-bucket-region").orElse("another one");
    return new Reason(
        "the bucket " + location.bucket() + " is in the region " + region,
        "Set s3.region" + (region.contains(" ") ? "" : "=" + region) + " or AWS_REGION.");
  }

  private Reason otherAnswer(Failure failure) {
    if (failure.status() == 403) {
      return denied(failure);
    }
    String what = connection.server() + " answered " + said(failure);
    return failure.kind() == Failure.Kind.BUSY
        ? new Reason(
            what + " and went on doing so", "Look after the server, or repeat the command later.")
        : new Reason(what, "Check that it is an S3 server, and what it logged.");
  }

  private static String said(Failure failure) {
    String message = "";
    if (failure.cause() instanceof AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      message = details == null ? "" : String.valueOf(details.errorMessage());
    }
    String status = "HTTP " + failure.status();
    String code = failure.code().isEmpty() ? "" : ", " + failure.code();
    boolean saysMore =
        !message.isEmpty()
            && !message.equals("null")
            && !message.toLowerCase(Locale.ROOT).startsWith("service returned");
    return status + code + (saysMore ? ": " + message.replaceAll("\\.$", "") : "");
  }

  /** A header of the answer. */
  static Optional<String> header(Failure failure, String name) {
    if (!(failure.cause() instanceof AwsServiceException e) || e.awsErrorDetails() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(e.awsErrorDetails().sdkHttpResponse())
        .flatMap(response -> response.firstMatchingHeader(name));
  }
}
