// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.NearMiss;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of a spec held against the table of its fields: what is unknown or not built is a
 * problem, what has no effect, or none yet, a warning, and the rest can be asked for by name.
 */
final class Fields {

  private final Section section;
  private final Pointer at;
  private final Problems problems;
  private final Map<String, Value> given = new LinkedHashMap<>();

  /** Fields that somebody misspelt: that they are missing as well need not be said. */
  private final Set<String> meant = new HashSet<>();

  private Fields(Section section, Pointer at, Problems problems) {
    this.section = section;
    this.at = at;
    this.problems = problems;
  }

  /** The fields of {@code value}, whose names are those of the section {@code key}. */
  static Optional<Fields> of(Value value, String key) {
    Section section = SpecFields.section(key);
    if (!(value.node() instanceof ObjectNode object)) {
      return value.wrong("an object", "Write " + section.outline() + ".");
    }
    Fields fields = new Fields(section, value.at(), value.problems());
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      fields.take(member.getKey(), member.getValue());
    }
    return Optional.of(fields);
  }

  private void take(String name, JsonNode node) {
    Value value = new Value(node, at.child(name), problems);
    Optional<Field> field = section.find(name);
    if (field.isEmpty()) {
      value.problem("is not a field of " + section.name() + ".", unknownRemedy(name));
      return;
    }
    switch (field.get().status()) {
      case NOT_BUILT -> value.problem("is not built yet.", notBuiltRemedy(field.get()));
      case WITHOUT_EFFECT ->
          problems.warn(
              value.at(), "is for Kubernetes and has no effect here: " + field.get().note() + ".");
      case UNUSED -> {
        if (!node.isNull()) {
          problems.warnOfUnused(value.at(), field.get().note());
        }
        put(field.get(), value);
      }
      case BUILT -> put(field.get(), value);
    }
  }

  private void put(Field field, Value value) {
    // As in protobuf's JSON, null is the same as nothing.
    if (value.node().isNull()) {
      return;
    }
    Value earlier = given.putIfAbsent(field.name(), value);
    if (earlier != null) {
      value.problem(
          "is given twice: " + earlier.at() + " is the same field.", "Remove one of them.");
    }
  }

  private String unknownRemedy(String typed) {
    List<String> near = NearMiss.of(typed, section.fieldNames());
    if (!near.isEmpty()) {
      meant.add(near.get(0));
      return Suggestion.remedy(typed, section.fieldNames(), "");
    }
    for (Section other : SpecFields.sections().values()) {
      if (other != section && other.find(typed).isPresent()) {
        return "It is a field of " + other.name() + ": move it there.";
      }
    }
    return Suggestion.remedy(typed, section.builtFieldNames(), "Its fields:");
  }

  private static String notBuiltRemedy(Field field) {
    return field.note().isEmpty()
        ? "What is not built is refused, never ignored: leave it out only if the stage is right"
            + " without it."
        : field.note();
  }

  Problems problems() {
    return problems;
  }

  Pointer at() {
    return at;
  }

  /** The value given for a field of the section; null counts as none. */
  Optional<Value> get(String name) {
    return Optional.ofNullable(given.get(section.field(name).name()));
  }

  /** The value given for a field that must be there; that it is not is a problem. */
  Optional<Value> required(String name) {
    Optional<Value> value = get(name);
    if (value.isEmpty() && !meant.contains(name)) {
      problems.add(
          at.child(name), "is missing.", "Give it: " + section.field(name).meaning() + ".");
    }
    return value;
  }

  /** The default of a field by the table. */
  String defaultOf(String name) {
    return section.field(name).presence();
  }
}
