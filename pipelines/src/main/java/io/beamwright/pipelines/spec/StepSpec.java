// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.StepUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step of a {@code beam} transform.
 *
 * @param name unique among the steps and inputs of the stage; by default the type
 * @param type which step, such as {@code ReadFromCsv}
 * @param config its configuration, an object, exactly as it was written; not to be changed
 * @param inputs what it reads; empty only in a draft
 * @param pointer where it stands in its file, for messages
 */
public record StepSpec(
    String name, String type, JsonNode config, List<StepInput> inputs, String pointer) {

  public StepSpec {
    inputs = List.copyOf(inputs);
  }

  /** The step as the chain of a stage has it. */
  public StepUse use() {
    Map<String, String> names = new LinkedHashMap<>();
    inputs.forEach(input -> names.put(input.tag(), input.name()));
    return new StepUse(
        type, (ObjectNode) config, Optional.of(name), new StepUse.Input.Named(names));
  }

  /**
   * Rows that a step reads.
   *
   * @param tag what the step calls them
   * @param from where they come from
   * @param name of the input of the stage, or of the earlier step
   */
  public record StepInput(String tag, From from, String name) {}

  /** Where rows come from. */
  public enum From {
    /** The files that one of the stage's inputs matched. */
    INPUT,
    /** The rows of an earlier step. */
    STEP
  }
}
