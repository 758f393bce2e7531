// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.RunnerChoice;
import io.beamwright.transforms.program.SandboxUse;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the submitter says of runners; a spec may say more of its stage.
 *
 * @param name the runner of stages that name none
 * @param options its options
 * @param masters the cluster of each runner that has one, by the runner's name
 * @param sandbox what programs are kept from, on this machine and on workers
 */
public record RunnerDefaults(
    String name, Map<String, String> options, Map<String, String> masters, SandboxUse sandbox) {

  /** The option of a runner, in a spec, that names its cluster. */
  public static final String MASTER = "master";

  public RunnerDefaults {
    options = Map.copyOf(options);
    masters = Map.copyOf(masters);
  }

  /** With a sandbox for programs where bubblewrap is installed. */
  public RunnerDefaults(String name, Map<String, String> options, Map<String, String> masters) {
    this(name, options, masters, SandboxUse.PREFERRED);
  }

  /** The runner {@code name} in this process. */
  public static RunnerDefaults here(String name) {
    return new RunnerDefaults(name, Map.of(), Map.of());
  }

  /** What a stage runs on that asks for {@code choice}; what it says counts more. */
  public RunnerUse use(Optional<RunnerChoice> choice) {
    String runner = choice.map(RunnerChoice::name).orElse(name);
    SortedMap<String, String> merged = new TreeMap<>(runner.equals(name) ? options : Map.of());
    choice.ifPresent(
        said ->
            said.options()
                .fields()
                .forEachRemaining(
                    option -> merged.put(option.getKey(), option.getValue().asText())));
    Optional<String> master =
        Optional.ofNullable(merged.remove(MASTER))
            .or(() -> Optional.ofNullable(masters.get(runner)));
    return new RunnerUse(runner, master, merged);
  }

  /**
   * Adds the fields {@code runner}, {@code runner_options}, {@code masters} and, unless it is
   * {@code preferred}, {@code sandbox} to {@code json}.
   */
  void putInto(ObjectNode json) {
    json.put("runner", name);
    put(json.putObject("runner_options"), options);
    put(json.putObject("masters"), masters);
    if (sandbox != SandboxUse.PREFERRED) {
      json.put("sandbox", sandbox.word());
    }
  }

  private static void put(ObjectNode json, Map<String, String> texts) {
    new TreeMap<>(texts).forEach(json::put);
  }

  /** Reads what {@link #putInto} wrote; a run of before clusters has no {@code masters}. */
  static RunnerDefaults of(JsonNode json) {
    return new RunnerDefaults(
        json.required("runner").textValue(),
        texts(json.required("runner_options")),
        texts(json.path("masters")),
        json.has("sandbox")
            ? SandboxUse.of(json.required("sandbox").textValue())
            : SandboxUse.PREFERRED);
  }

  private static Map<String, String> texts(JsonNode json) {
    SortedMap<String, String> texts = new TreeMap<>();
    json.properties().forEach(field -> texts.put(field.getKey(), field.getValue().textValue()));
    return texts;
  }
}
