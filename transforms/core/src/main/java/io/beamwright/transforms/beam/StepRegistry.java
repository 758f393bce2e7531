// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.versioning.fault.UserFault;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;

/**
 * The steps that the class path can run: every {@link Step}, and every {@link
 * SchemaTransformProvider} adapted into one, both found by {@link ServiceLoader}.
 */
public final class StepRegistry {

  /** Beam's own sources and sinks: they would read or write what no commit holds. */
  private static final Set<String> NOT_ROWS_TO_ROWS =
      Set.of(
          "beam:schematransform:org.apache.beam:tfrecord_read:v1",
          "beam:schematransform:org.apache.beam:tfrecord_write:v1",
          "beam:schematransform:org.apache.beam:generate_sequence:v1");

  private final Map<String, Step> steps;

  private StepRegistry(Map<String, Step> steps) {
    this.steps = Collections.unmodifiableMap(steps);
  }

  /**
   * Finds the steps of the class path.
   *
   * @throws UserFault if two have one name
   */
  public static StepRegistry load() {
    ClassLoader loader = StepRegistry.class.getClassLoader();
    Map<String, Step> steps = new TreeMap<>();
    for (Step step : ServiceLoader.load(Step.class, loader)) {
      add(step.description().name(), step, steps);
    }
    for (SchemaTransformProvider provider :
        ServiceLoader.load(SchemaTransformProvider.class, loader)) {
      if (!NOT_ROWS_TO_ROWS.contains(provider.identifier())) {
        add(provider.identifier(), new SchemaTransformStep(provider), steps);
      }
    }
    return new StepRegistry(steps);
  }

  /** Whether a class is of a transform that the class path brings as a step. */
  static boolean isOfTransform(String className) {
    return ServiceLoader.load(SchemaTransformProvider.class, StepRegistry.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> !NOT_ROWS_TO_ROWS.contains(provider.identifier()))
        .anyMatch(provider -> SchemaTransformStep.isOfTransform(provider, className));
  }

  private static void add(String name, Step step, Map<String, Step> steps) {
    if (steps.putIfAbsent(name, step) != null) {
      throw new UserFault(
          "Two jars of the class path bring a step \"" + name + "\".", "Remove one of them.");
    }
  }

  /**
   * The step that a spec's {@code type} names.
   *
   * @throws UserFault if there is none
   */
  public Step step(String type) {
    Step step = steps.get(type);
    if (step == null) {
      throw NOT_ROWS_TO_ROWS.contains(type)
          ? new UserFault(
              "The step \"" + type + "\" reads or writes outside of the stage.",
              "A stage reads its inputs and writes its output, nothing else.")
          : new UserFault(
              "There is no step \"" + type + "\".",
              "The steps are " + String.join(", ", steps.keySet()) + ".");
    }
    return step;
  }

  /** What is known of all steps, sorted by name. */
  public Collection<StepDescription> descriptions() {
    return steps.values().stream().map(Step::description).toList();
  }
}
