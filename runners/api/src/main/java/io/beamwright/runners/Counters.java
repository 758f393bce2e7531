// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** The counters by which steps tell how far they are: those of one namespace of Beam's metrics. */
public final class Counters {

  /** The namespace. */
  public static final String NAMESPACE = "beamwright";

  private Counters() {}

  /** The counter of this name, for a step to increase. */
  public static Counter named(String name) {
    return Metrics.counter(NAMESPACE, name);
  }

  /** What was attempted of each counter, summed over the steps that have it. */
  public static Map<String, Long> attempted(MetricResults results) {
    MetricsFilter ours =
        MetricsFilter.builder().addNameFilter(MetricNameFilter.inNamespace(NAMESPACE)).build();
    Map<String, Long> sums = new TreeMap<>();
    for (MetricResult<Long> result : results.queryMetrics(ours).getCounters()) {
      sums.merge(result.getName().getName(), result.getAttempted(), Long::sum);
    }
    return sums;
  }
}
