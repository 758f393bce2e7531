// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.beamwright.pipelines.spec.Resources.Gpu;
import io.beamwright.pipelines.spec.Tuning.DatumSets;
import io.beamwright.versioning.ExactJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one spec. */
final class SpecReader {

  private final Value whole;
  private final Fields fields;
  private final SpecOrigin origin;

  private SpecReader(Value whole, Fields fields, SpecOrigin origin) {
    this.whole = whole;
    this.fields = fields;
    this.origin = origin;
  }

  /** Reads {@code whole}, a spec of a file in {@code folder}. */
  static SpecDraft read(Value whole, Path folder) {
    SpecOrigin origin = new SpecOrigin(whole.problems().source(), whole.at().text(), folder);
    int before = whole.problems().count();
    return Fields.of(whole, SpecFields.SPEC)
        .map(fields -> new SpecReader(whole, fields, origin).draft(before))
        .orElseGet(
            () ->
                new SpecDraft(
                    origin,
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
  }

  private SpecDraft draft(int problemsBefore) {
    Optional<String> name = name();
    InputDraft input = fields.required("input").map(InputReader::read).orElse(InputDraft.NONE);
    Optional<Transform> transform =
        fields.required("transform").flatMap(value -> TransformReader.read(value, input));
    String branch = outputBranch();
    Optional<RunnerChoice> runner = fields.get("runner").flatMap(SpecReader::runner);
    Rest rest = rest();
    boolean isFaultless = whole.problems().count() == problemsBefore;
    return new SpecDraft(
        origin,
        name,
        input.input(),
        branch,
        transform,
        runner,
        isFaultless
            ? Optional.of(
                spec(
                    name.orElseThrow(),
                    transform.orElseThrow(),
                    input.input().orElseThrow(),
                    branch,
                    rest,
                    runner))
            : Optional.empty());
  }

  private PipelineSpec spec(
      String name,
      Transform transform,
      Input input,
      String branch,
      Rest rest,
      Optional<RunnerChoice> runner) {
    return new PipelineSpec(
        name,
        rest.description,
        rest.metadata,
        transform,
        input,
        branch,
        rest.tuning,
        rest.reprocess,
        rest.salt,
        runner,
        ExactJson.text(SnakeCase.of(whole.node(), SpecFields.SPEC)),
        origin);
  }

  /** What of a spec validation does not look at. */
  private record Rest(
      String description,
      JsonNode metadata,
      Tuning tuning,
      Reprocess reprocess,
      Optional<String> salt) {}

  private Rest rest() {
    return new Rest(
        fields.get("description").flatMap(Value::string).orElse(""),
        fields
            .get("metadata")
            .flatMap(Value::object)
            .orElseGet(JsonNodeFactory.instance::objectNode),
        tuning(),
        reprocess(),
        fields.get("salt").flatMap(Value::string));
  }

  private Optional<String> name() {
    return fields
        .required("pipeline")
        .flatMap(value -> Fields.of(value, SpecFields.PIPELINE))
        .flatMap(pipeline -> pipeline.required("name"))
        .flatMap(Names::plain);
  }

  private String outputBranch() {
    return fields
        .get("output_branch")
        .map(value -> Names.branch(value).orElse(""))
        .orElseGet(() -> fields.defaultOf("output_branch"));
  }

  private Tuning tuning() {
    int defaultTries = Integer.parseInt(fields.defaultOf("datum_tries"));
    return new Tuning(
        parallelism(),
        fields.get("resource_requests").map(SpecReader::resources).orElse(Resources.NONE),
        fields.get("resource_limits").map(SpecReader::resources).orElse(Resources.NONE),
        fields
            .get("datum_tries")
            .map(value -> (int) value.integer(1, Integer.MAX_VALUE).orElse(defaultTries))
            .orElse(defaultTries),
        fields.get("datum_timeout").flatMap(Value::duration),
        datumSets());
  }

  private OptionalLong parallelism() {
    return fields
        .get("parallelism_spec")
        .flatMap(value -> Fields.of(value, SpecFields.PARALLELISM))
        .map(given -> positive(given, "constant"))
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong positive(Fields given, String name) {
    return given
        .get(name)
        .map(value -> value.integer(1, Long.MAX_VALUE))
        .orElse(OptionalLong.empty());
  }

  private static Resources resources(Value value) {
    Optional<Fields> fields = Fields.of(value, SpecFields.RESOURCES);
    if (fields.isEmpty()) {
      return Resources.NONE;
    }
    Optional<BigDecimal> memory = fields.get().get("memory").flatMap(Value::quantity);
    return new Resources(
        fields.get().get("cpu").flatMap(Value::quantity),
        memory
            .map(bytes -> OptionalLong.of(bytes.setScale(0, RoundingMode.CEILING).longValueExact()))
            .orElse(OptionalLong.empty()),
        fields.get().get("gpu").flatMap(SpecReader::gpu));
  }

  private static Optional<Gpu> gpu(Value value) {
    Optional<Fields> fields = Fields.of(value, SpecFields.GPU);
    Optional<String> type = fields.flatMap(given -> given.required("type")).flatMap(Value::text);
    Optional<Value> number = fields.flatMap(given -> given.required("number"));
    OptionalLong known = number.map(n -> n.integer(0, 1_000)).orElse(OptionalLong.empty());
    return type.isPresent() && known.isPresent()
        ? Optional.of(new Gpu(type.get(), known.getAsLong()))
        : Optional.empty();
  }

  private DatumSets datumSets() {
    Optional<Value> current = fields.get("datum_set_spec");
    Optional<Value> former = fields.get("chunk_spec");
    if (current.isPresent() && former.isPresent()) {
      former
          .get()
          .problem("says the same as " + current.get().at() + ".", "Keep \"datum_set_spec\".");
    }
    return current
        .or(() -> former)
        .flatMap(value -> Fields.of(value, SpecFields.DATUM_SETS))
        .map(
            given ->
                new DatumSets(
                    positive(given, "number"),
                    positive(given, "size_bytes"),
                    positive(given, "per_worker")))
        .orElse(DatumSets.UNSAID);
  }

  private Reprocess reprocess() {
    Reprocess byDefault = Reprocess.UNTIL_SUCCESS;
    Optional<Value> value = fields.get("reprocess_spec");
    Optional<String> word = value.flatMap(Value::string);
    if (word.isEmpty()) {
      return byDefault;
    }
    for (Reprocess each : Reprocess.values()) {
      if (each.word().equals(word.get())) {
        return each;
      }
    }
    List<String> words = Arrays.stream(Reprocess.values()).map(Reprocess::word).toList();
    value
        .get()
        .problem(
            "is " + value.get().shown() + ".", Suggestion.remedy(word.get(), words, "It may be:"));
    return byDefault;
  }

  private static Optional<RunnerChoice> runner(Value value) {
    if (value.node().isTextual()) {
      return value
          .text()
          .map(name -> new RunnerChoice(name, JsonNodeFactory.instance.objectNode()));
    }
    if (!value.node().isObject()) {
      return value.wrong("the name of a runner or an object", "");
    }
    Optional<Fields> fields = Fields.of(value, SpecFields.RUNNER);
    Optional<String> name = fields.flatMap(given -> given.required("name")).flatMap(Value::text);
    JsonNode options =
        fields
            .flatMap(given -> given.get("options"))
            .flatMap(Value::object)
            .orElseGet(JsonNodeFactory.instance::objectNode);
    return name.map(known -> new RunnerChoice(known, options));
  }
}
