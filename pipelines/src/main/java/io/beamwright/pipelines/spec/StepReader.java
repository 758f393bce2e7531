// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.InputDraft.Named;
import io.beamwright.pipelines.spec.StepSpec.From;
import io.beamwright.pipelines.spec.StepSpec.StepInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the steps of a {@code beam} transform. */
final class StepReader {

  private final InputDraft inputs;
  private final List<StepSpec> steps = new ArrayList<>();

  /** Every name that a step may read so far, and where its rows come from. */
  private final Map<String, From> sources = new LinkedHashMap<>();

  /** Where each step was declared that nothing has read yet. */
  private final Map<String, Pointer> unread = new LinkedHashMap<>();

  private final Set<String> declared = new HashSet<>();

  private StepReader(InputDraft inputs) {
    this.inputs = inputs;
    inputs.names().forEach(input -> sources.put(input.name(), From.INPUT));
  }

  /** The steps that read well. */
  static List<StepSpec> read(Value beam, InputDraft inputs) {
    StepReader reader = new StepReader(inputs);
    List<Value> values =
        beam.elements("a list of steps", "Write [ { \"type\": …, \"config\": { … } }, … ].");
    if (beam.node().isArray() && values.isEmpty()) {
      beam.problem("is empty.", "Put at least one step into it.");
    }
    reader.declare(values);
    values.forEach(reader::step);
    reader.warnOfUnread(beam.problems());
    return reader.steps;
  }

  /** Names that are written win over names that follow from a type. */
  private void declare(List<Value> values) {
    for (Value value : values) {
      JsonNode name = value.node().path("name");
      if (name.isTextual()) {
        declared.add(name.textValue());
      }
    }
  }

  private void step(Value value) {
    Optional<Fields> fields = Fields.of(value, SpecFields.STEP);
    if (fields.isEmpty()) {
      return;
    }
    Optional<String> type = fields.get().required("type").flatMap(Value::text);
    Optional<String> name = fields.get().get("name").flatMap(Names::plain);
    Optional<ObjectNode> config = fields.get().get("config").flatMap(Value::object);
    List<StepInput> read = inputs(fields.get());
    if (type.isEmpty()) {
      return;
    }
    String known = name.orElseGet(() -> nameFor(type.get()));
    requireFree(known, value);
    ObjectNode given = config.orElseGet(JsonNodeFactory.instance::objectNode);
    steps.add(new StepSpec(known, type.get(), given, read, value.at().text()));
    sources.put(known, From.STEP);
    unread.put(known, value.at());
  }

  private String nameFor(String type) {
    String name = type;
    for (int i = 2; sources.containsKey(name) || declared.contains(name); i++) {
      name = type + "_" + i;
    }
    return name;
  }

  private void requireFree(String name, Value step) {
    From taken = sources.get(name);
    if (taken != null) {
      step.problems()
          .add(
              step.at().child("name"),
              "is \""
                  + name
                  + "\", the name of an "
                  + (taken == From.INPUT ? "input" : "earlier step")
                  + ".",
              "Give the step a name of its own.");
    }
  }

  private List<StepInput> inputs(Fields step) {
    Optional<Value> given = step.get("input");
    if (given.isEmpty()) {
      return byDefault();
    }
    Value value = given.get();
    if (value.node().isObject()) {
      return tagged(value);
    }
    if (value.node().isArray()) {
      return listed(value);
    }
    return value
        .string()
        .flatMap(name -> source(name, name, value))
        .map(List::of)
        .orElse(List.of());
  }

  private List<StepInput> byDefault() {
    if (steps.isEmpty()) {
      return inputs.names().stream()
          .map(Named::name)
          .distinct()
          .map(name -> new StepInput(name, From.INPUT, name))
          .toList();
    }
    String before = lastStep();
    unread.remove(before);
    return List.of(new StepInput(before, From.STEP, before));
  }

  private String lastStep() {
    return steps.get(steps.size() - 1).name();
  }

  private List<StepInput> listed(Value value) {
    Set<String> seen = new LinkedHashSet<>();
    List<StepInput> read = new ArrayList<>();
    for (Value element : value.elements("a list of names", "")) {
      Optional<String> name = element.string();
      if (name.isPresent() && !seen.add(name.get())) {
        element.problem("is " + element.shown() + " for the second time.", "Name it once.");
      } else {
        name.flatMap(known -> source(known, known, element)).ifPresent(read::add);
      }
    }
    requireSome(value, value.node().isEmpty());
    return read;
  }

  private List<StepInput> tagged(Value value) {
    List<StepInput> read = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : value.node().properties()) {
      Value name =
          new Value(member.getValue(), value.at().child(member.getKey()), value.problems());
      name.string().flatMap(known -> source(member.getKey(), known, name)).ifPresent(read::add);
    }
    requireSome(value, value.node().isEmpty());
    return read;
  }

  private static void requireSome(Value value, boolean isEmpty) {
    if (isEmpty) {
      value.problem("is empty.", "Name what the step reads, or take it out for the step before.");
    }
  }

  private Optional<StepInput> source(String tag, String name, Value value) {
    From from = sources.get(name);
    if (from != null) {
      unread.remove(name);
      return Optional.of(new StepInput(tag, from, name));
    }
    // If an input did not read well, its name may be the one meant.
    if (inputs.isWhole()) {
      value.problem(
          "is " + value.shown() + ", which is no earlier step and no input.",
          Suggestion.remedy(name, sources.keySet(), "There are:"));
    }
    return Optional.empty();
  }

  private void warnOfUnread(Problems problems) {
    if (!steps.isEmpty()) {
      unread.remove(lastStep());
    }
    unread.forEach(
        (name, at) ->
            problems.warn(at, "is never read: the stage's table is the rows of the last step."));
  }
}
