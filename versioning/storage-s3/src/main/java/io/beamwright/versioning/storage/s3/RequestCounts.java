// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Counts the requests of one storage as they are sent, repeated ones too: what an operation costs
 * on S3. Those of the probe, whose outcome the store remembers, are counted by themselves.
 */
final class RequestCounts implements ExecutionInterceptor {

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    counts.computeIfAbsent(name(context.request()), name -> new LongAdder()).increment();
  }

  private static String name(SdkRequest request) {
    boolean isProbe =
        request
            .getValueForField("Key", String.class)
            .filter(key -> key.contains(ServerProbe.FOLDER))
            .isPresent();
    return isProbe ? "Probe" : request.getClass().getSimpleName().replaceAll("Request$", "");
  }

  /** How many of each were sent until now, by the names that S3 has for them. */
  SortedMap<String, Long> now() {
    SortedMap<String, Long> now = new TreeMap<>();
    counts.forEach((name, count) -> now.put(name, count.sum()));
    return now;
  }
}
