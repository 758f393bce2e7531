// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.direct.DirectGraphRunner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.util.construction.PTransformMatchers;
import org.apache.beam.sdk.util.construction.PTransformReplacements;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * The DirectRunner, with the elements of every reshuffle put into bundles as a seed says: which
 * bundles there are and what is in them differs from seed to seed. Options: {@code seed}, {@code
 * parallelism}.
 */
public final class SplittingRunner implements GraphRunner {

  private static final int BUNDLES = 512;
  private static final AtomicInteger STARTED = new AtomicInteger();

  private int seed;

  /** Found by {@link java.util.ServiceLoader}. */
  public SplittingRunner() {}

  /** How many bundles came out of reshuffles since this was asked. */
  static int bundlesSinceAsked() {
    return STARTED.getAndSet(0);
  }

  @Override
  public String name() {
    return "splitting";
  }

  @Override
  public Pipeline newGraph(RunnerSettings settings) {
    seed = Integer.parseInt(settings.options().getOrDefault("seed", "0"));
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setBlockOnRun(false);
    options.setTargetParallelism(
        Integer.parseInt(settings.options().getOrDefault("parallelism", "1")));
    return Pipeline.create(options);
  }

  @Override
  public GraphRun start(Pipeline graph) throws GraphFailure {
    graph.replaceAll(
        List.of(
            PTransformOverride.of(
                PTransformMatchers.classEqualTo(Reshuffle.ViaRandomKey.class),
                new Replacement<>(seed))));
    return new DirectGraphRunner().start(graph);
  }

  private record Replacement<T>(int seed)
      implements PTransformOverrideFactory<
          PCollection<T>, PCollection<T>, Reshuffle.ViaRandomKey<T>> {

    @Override
    public PTransformReplacement<PCollection<T>, PCollection<T>> getReplacementTransform(
        AppliedPTransform<PCollection<T>, PCollection<T>, Reshuffle.ViaRandomKey<T>> reshuffle) {
      return PTransformReplacement.of(
          PTransformReplacements.getSingletonMainInput(reshuffle), new Spread<T>(seed));
    }

    @Override
    public Map<PCollection<?>, ReplacementOutput> mapOutputs(
        Map<TupleTag<?>, PCollection<?>> outputs, PCollection<T> newOutput) {
      return ReplacementOutputs.singleton(outputs, newOutput);
    }
  }

  private static final class Spread<T> extends PTransform<PCollection<T>, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final int seed;

    Spread(int seed) {
      this.seed = seed;
    }

    @Override
    public PCollection<T> expand(PCollection<T> elements) {
      int salt = seed;
      return elements
          .apply(
              "Key",
              WithKeys.<Integer, T>of(
                      element -> Math.floorMod((element.toString() + salt).hashCode(), BUNDLES))
                  .withKeyType(TypeDescriptors.integers()))
          .apply("Group", GroupByKey.create())
          .apply("Bundles", Values.create())
          .apply("Elements", Flatten.iterables())
          .apply("Count", ParDo.of(new CountBundles<>()))
          .setCoder(elements.getCoder());
    }
  }

  private static final class CountBundles<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    @StartBundle
    public void begin() {
      STARTED.incrementAndGet();
    }

    @ProcessElement
    public void pass(@Element T element, OutputReceiver<T> output) {
      output.output(element);
    }
  }
}
