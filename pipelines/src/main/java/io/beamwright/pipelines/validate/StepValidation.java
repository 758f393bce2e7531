// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.spec.SpecOrigin;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.pipelines.spec.StepSpec;
import io.beamwright.pipelines.spec.StepSpec.From;
import io.beamwright.pipelines.spec.StepSpec.StepInput;
import io.beamwright.pipelines.spec.Suggestion;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.transforms.beam.SqlStatement;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds the steps of a {@code beam} transform against what is known of their types. */
final class StepValidation {

  private final SpecOrigin origin;
  private final StepCatalog catalog;
  private final List<SpecProblem> problems = new ArrayList<>();

  StepValidation(SpecOrigin origin, StepCatalog catalog) {
    this.origin = origin;
    this.catalog = catalog;
  }

  List<SpecProblem> of(Transform.BeamSteps beam) {
    beam.steps().forEach(this::step);
    return problems;
  }

  private void step(StepSpec step) {
    Optional<StepDescription> known = catalog.find(step.type());
    if (known.isEmpty()) {
      add(
          step,
          "/type",
          "is \"" + step.type() + "\", and there is no such step.",
          Suggestion.remedy(step.type(), catalog.types(), "The steps:"));
      return;
    }
    if (known.get().takes() == Takes.FILES) {
      requireFiles(step);
    }
    config(step, known.get());
    query(step);
  }

  private void query(StepSpec step) {
    JsonNode query = step.config().path(SqlStatement.FIELD);
    if (step.type().equals(SqlStatement.STEP) && query.isTextual()) {
      SqlStatement.problem(query.textValue())
          .ifPresent(
              problem ->
                  add(
                      step,
                      below(SqlStatement.FIELD),
                      problem,
                      "Give one SELECT: its rows are the step's output."));
    }
  }

  private void requireFiles(StepSpec step) {
    for (StepInput input : step.inputs()) {
      if (input.from() == From.STEP) {
        add(
            step,
            "",
            "reads files, and its input \"" + input.name() + "\" is a step.",
            "Give it an \"input\" of the stage.");
      }
    }
  }

  private void config(StepSpec step, StepDescription known) {
    Map<String, ConfigField> fields = new LinkedHashMap<>();
    known.config().forEach(field -> fields.put(field.name(), field));
    for (Map.Entry<String, JsonNode> member : step.config().properties()) {
      ConfigField field = fields.get(member.getKey());
      if (field == null) {
        add(
            step,
            below(member.getKey()),
            "is not a field of the configuration of " + step.type() + ".",
            Suggestion.remedy(member.getKey(), fields.keySet(), "Its fields:"));
      } else if (!fits(member.getValue(), field)) {
        add(
            step,
            below(member.getKey()),
            "is " + shown(member.getValue()) + ", where " + field.words() + " is wanted.",
            "Give " + field.words() + described(field));
      }
    }
    for (ConfigField field : known.config()) {
      if (field.isRequired() && !step.config().hasNonNull(field.name())) {
        add(step, below(field.name()), "is missing.", "Give it" + described(field));
      }
    }
  }

  private static String described(ConfigField field) {
    return field.description().isBlank() ? "." : ": " + field.description();
  }

  private static boolean fits(JsonNode value, ConfigField field) {
    return value.isNull() || field.types().stream().anyMatch(type -> fits(value, type));
  }

  private static boolean fits(JsonNode value, JsonType type) {
    return switch (type) {
      case STRING -> value.isTextual();
      case INTEGER -> value.isIntegralNumber();
      case NUMBER -> value.isNumber();
      case BOOLEAN -> value.isBoolean();
      case ARRAY -> value.isArray();
      case OBJECT -> value.isObject();
      case ANY -> true;
    };
  }

  private static String below(String configField) {
    return "/config/" + configField.replace("~", "~0").replace("/", "~1");
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private void add(StepSpec step, String below, String problem, String remedy) {
    problems.add(new SpecProblem(origin.source(), step.pointer() + below, problem, remedy));
  }
}
