// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends small bodies at once. The SDK has every upload ask first whether it is welcome ({@code
 * Expect: 100-continue}), which saves sending a large body to a name that is taken, and costs a
 * small one as much time again.
 */
final class ShortHeaders implements ExecutionInterceptor {

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    SdkHttpRequest request = context.httpRequest();
    boolean isSmall =
        context
            .requestBody()
            .flatMap(body -> body.optionalContentLength())
            .filter(length -> length <= S3Storage.SMALL_BYTES)
            .isPresent();
    return isSmall ? request.toBuilder().removeHeader("Expect").build() : request;
  }
}
