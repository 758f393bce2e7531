// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.transforms.program.SandboxUse;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a user works, under one name: a store, and what runs stages.
 *
 * @param store the store's URI; absent for that of every command
 * @param storeOptions options of the store
 * @param runner the runner of stages that name none; absent for that of every command
 * @param runnerOptions its options
 * @param masters the cluster of each runner that has one, by the runner's name
 * @param sandbox what programs are kept from; absent for that of every command
 */
record NamedContext(
    Optional<String> store,
    Map<String, String> storeOptions,
    Optional<String> runner,
    Map<String, String> runnerOptions,
    Map<String, String> masters,
    Optional<SandboxUse> sandbox) {

  /** Says nothing. */
  static final NamedContext NONE =
      new NamedContext(
          Optional.empty(), Map.of(), Optional.empty(), Map.of(), Map.of(), Optional.empty());

  NamedContext {
    storeOptions = Map.copyOf(storeOptions);
    runnerOptions = Map.copyOf(runnerOptions);
    masters = Map.copyOf(masters);
  }

  /** What stages run on, by default the runner {@code name}; what was typed counts more. */
  RunnerDefaults runners(
      String name,
      Map<String, String> typedOptions,
      Map<String, String> typedMasters,
      Optional<SandboxUse> typedSandbox) {
    Map<String, String> options = new LinkedHashMap<>();
    if (runner.filter(name::equals).isPresent()) {
      options.putAll(runnerOptions);
    }
    options.putAll(typedOptions);
    Map<String, String> clusters = new LinkedHashMap<>(masters);
    clusters.putAll(typedMasters);
    return new RunnerDefaults(
        name, options, clusters, typedSandbox.or(() -> sandbox).orElse(SandboxUse.PREFERRED));
  }

  /** Writes the members of an open object. */
  void writeTo(JsonGenerator json) throws IOException {
    if (store.isPresent()) {
      json.writeStringField("store", store.get());
    }
    write(json, "store_options", storeOptions);
    if (runner.isPresent()) {
      json.writeStringField("runner", runner.get());
    }
    write(json, "runner_options", runnerOptions);
    write(json, "masters", masters);
    if (sandbox.isPresent()) {
      json.writeStringField("sandbox", sandbox.get().word());
    }
  }

  private static void write(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  /** Reads what {@link #writeTo} wrote. */
  static NamedContext of(JsonNode json) {
    return new NamedContext(
        Optional.ofNullable(json.path("store").textValue()),
        texts(json.path("store_options")),
        Optional.ofNullable(json.path("runner").textValue()),
        texts(json.path("runner_options")),
        texts(json.path("masters")),
        sandbox(json.path("sandbox")));
  }

  private static Optional<SandboxUse> sandbox(JsonNode json) {
    try {
      return Optional.ofNullable(json.textValue()).map(SandboxUse::of);
    } catch (IllegalArgumentException e) {
      throw new UserFault(
          "A context has the sandbox " + e.getMessage(), "Delete that context, and add it again.");
    }
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
