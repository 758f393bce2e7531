// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import java.util.Optional;
import org.apache.beam.runners.spark.SparkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Spark, by Beam's SparkRunner: the cluster of the master {@code spark://HOST:PORT}, {@code yarn}
 * or {@code k8s://URL}, or threads of this process, {@code local[NUMBER]} or without a master. This
 * process is always the driver: a graph ends with it. Where {@code spark-submit} started it, its
 * master counts if no other is named, and what it sends to the workers is not sent again.
 *
 * <p>All graphs of a process that have the same settings share a context, which is one application
 * to a cluster. One with other settings waits until those before it ended.
 *
 * <p>Options: {@code retries} (default {@value SparkOptions#DEFAULT_RETRIES}) says how often a task
 * that failed is begun again; those that begin with {@code spark.} are Spark's own configuration.
 */
public final class SparkGraphRunner implements GraphRunner {

  static final String NAME = "spark";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Pipeline newGraph(RunnerSettings settings) {
    ContextSettings context = ContextSettings.of(settings);
    SharedContext.warmUp(context);
    BeamwrightSparkOptions spark = PipelineOptionsFactory.as(BeamwrightSparkOptions.class);
    spark.setRunner(SparkRunner.class);
    spark.setJobName(settings.graphName());
    spark.setBeamwrightSettings(context);
    spark.setUsesProvidedSparkContext(true);
    // The context knows the master and stages the jars. Of any other master Beam would have it that
    // its whole class path must be packed.
    spark.setSparkMaster("local");
    spark.setEnableSparkMetricSinks(false);
    return Pipeline.create(spark);
  }

  @Override
  public Optional<String> masterOfProcess() {
    return SparkSubmit.master();
  }

  @Override
  public boolean isOnWorkers(String jar) {
    return JarsOfSpark.haveOneLike(jar);
  }

  @Override
  public GraphRun start(Pipeline graph) throws GraphFailure {
    BeamwrightSparkOptions options = graph.getOptions().as(BeamwrightSparkOptions.class);
    SharedContext.Lease lease = SharedContext.lease(options.getBeamwrightSettings());
    try {
      options.setProvidedSparkContext(lease.context());
      return SparkRun.start(graph, lease);
    } catch (GraphFailure | RuntimeException e) {
      lease.close();
      throw e;
    }
  }
}
