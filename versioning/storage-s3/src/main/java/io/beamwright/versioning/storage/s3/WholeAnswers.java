// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Makes an answer that did not come whole a dropped one ({@link Failure.Kind#DROPPED}), whatever
 * the HTTP client and the SDK made of it.
 *
 * <p>A connection that ends within the headers ends them, for the client, and an answer whose
 * length is not told ends with its connection: so a list that was cut there would be an empty list.
 * Servers of S3 tell the length of each answer that has a body, or send it in chunks; so an answer
 * that does neither is not whole. What is cut later shows by its length, or as XML that breaks off.
 */
final class WholeAnswers implements ExecutionInterceptor {

  // Of the others, the status says what came of them.
  private static final Set<SdkHttpMethod> BY_BODY = Set.of(SdkHttpMethod.GET, SdkHttpMethod.POST);

  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    SdkHttpResponse answer = context.httpResponse();
    boolean saysByBody =
        BY_BODY.contains(context.httpRequest().method())
            && (answer.isSuccessful() || answer.statusCode() == NOT_FOUND)
            && answer.statusCode() != NO_CONTENT;
    if (saysByBody && length(answer).isEmpty() && !isInChunks(answer)) {
      context.responseBody().ifPresent(WholeAnswers::close);
      throw notWhole("its headers break off", null);
    }
  }

  /** What has been answered and cannot be read, such as XML that breaks off. */
  @Override
  public Throwable modifyException(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable failure = context.exception();
    boolean isUnreadable =
        context.httpResponse().isPresent()
            && failure.getClass() == SdkClientException.class
            && Failure.find(failure, IOException.class).isEmpty();
    return isUnreadable ? notWhole("it cannot be read", failure) : failure;
  }

  /**
   * Whether the body of an answer that tells of an error broke off: the SDK passes over one that it
   * cannot read, and then there is no word for the error. A page of another server has none either.
   */
  static boolean isCut(AwsErrorDetails details) {
    SdkHttpResponse answer = details.sdkHttpResponse();
    if (answer == null || details.errorCode() != null || isPage(answer)) {
      return false;
    }
    long came =
        details.rawResponse() == null ? 0 : details.rawResponse().asByteArrayUnsafe().length;
    OptionalLong promised = length(answer);
    return promised.isPresent() ? came < promised.getAsLong() : isInChunks(answer);
  }

  private static boolean isPage(SdkHttpResponse answer) {
    return answer
        .firstMatchingHeader("Content-Type")
        .filter(type -> !type.contains("xml"))
        .isPresent();
  }

  private static OptionalLong length(SdkHttpResponse answer) {
    return answer
        .firstMatchingHeader("Content-Length")
        .map(String::strip)
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static boolean isInChunks(SdkHttpResponse answer) {
    return answer
        .firstMatchingHeader("Transfer-Encoding")
        .filter(coding -> coding.strip().equalsIgnoreCase("chunked"))
        .isPresent();
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      return; // Nobody wants it any more.
    }
  }

  private static SdkClientException notWhole(String how, @Nullable Throwable cause) {
    return SdkClientException.create(
        "an answer that is not whole",
        new IOException("the answer did not come whole: " + how, cause));
  }
}
