// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.Counters;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/**
 * Hears what Spark tells of all graphs of a context, and heeds one, whose jobs are a group.
 *
 * <p>Beam sums the metrics of all graphs of a process in one accumulator, and begins it anew with
 * each. So they are summed here, of the graph's own tasks as they end.
 */
final class GraphListener extends SparkListener {

  private static final String GROUP = "spark.jobGroup.id";
  private static final String METRICS = "Beam.Metrics";
  private static final long MOST_SECONDS = 10;

  private final SparkContext context;
  private final String group;
  private final MetricsContainerStepMap metrics = new MetricsContainerStepMap();
  private final CountDownLatch heardAll = new CountDownLatch(1);
  // Touched by the thread alone that tells the listeners.
  private final Set<Integer> stages = new HashSet<>();
  private volatile boolean cancelled;

  GraphListener(SparkContext context, String group) {
    this.context = context;
    this.group = group;
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    if (job.properties() == null || !group.equals(job.properties().getProperty(GROUP))) {
      return;
    }
    JavaConverters.seqAsJavaList(job.stageIds()).forEach(id -> stages.add((Integer) id));
    if (cancelled) {
      end(); // It came between two jobs of the graph.
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    if (!stages.contains(task.stageId())) {
      return;
    }
    for (AccumulableInfo told :
        JavaConverters.seqAsJavaList(task.taskInfo().accumulables().toSeq())) {
      if (told.name().contains(METRICS)
          && told.update().isDefined()
          && told.update().get() instanceof MetricsContainerStepMap ofTask) {
        metrics.updateAll(ofTask);
      }
    }
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof AllTold told && told.listener() == this) {
      heardAll.countDown();
    }
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    heardAll.countDown();
  }

  /** Comes after all that Spark told before. */
  private record AllTold(GraphListener listener) implements SparkListenerEvent {
    @Override
    public boolean logEvent() {
      return false;
    }
  }

  /**
   * Returns when everything was heard that Spark told until now; after 10 seconds even so, for it
   * drops what it has no room for.
   */
  void hearAll() throws InterruptedException {
    context.listenerBus().post(new AllTold(this));
    if (!context.isStopped()) {
      var unused = heardAll.await(MOST_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Ends the graph's jobs, and those that it starts later. */
  void cancel() {
    cancelled = true;
    end();
  }

  boolean isCancelled() {
    return cancelled;
  }

  private void end() {
    try {
      context.cancelJobGroup(group);
    } catch (IllegalStateException e) {
      // The context has ended, and all jobs with it.
    }
  }

  Map<String, Long> counters() {
    MetricResults results = MetricsContainerStepMap.asAttemptedOnlyMetricResults(metrics);
    return Counters.attempted(results);
  }
}
