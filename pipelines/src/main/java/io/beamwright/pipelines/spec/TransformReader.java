// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import io.beamwright.pipelines.spec.Transform.BeamSteps;
import io.beamwright.pipelines.spec.Transform.Cmd;
import io.beamwright.pipelines.spec.Transform.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the {@code transform} of a spec. */
final class TransformReader {

  private static final List<String> OF_PROGRAMS =
      List.of(
          "stdin",
          "env",
          "code",
          "environment",
          "image",
          "accept_return_code",
          "working_dir",
          "mounts",
          "debug");

  private final Fields fields;

  /** The kinds of transforms, by the fields that hold them. */
  private enum Kind {
    CMD("cmd"),
    SQL("sql"),
    BEAM("beam");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  private TransformReader(Fields fields) {
    this.fields = fields;
  }

  /** The transform, of the parts that read well; empty if there is not even a kind. */
  static Optional<Transform> read(Value value, InputDraft inputs) {
    return Fields.of(value, SpecFields.TRANSFORM)
        .flatMap(fields -> new TransformReader(fields).transform(inputs));
  }

  private Optional<Transform> transform(InputDraft inputs) {
    List<Kind> given =
        Arrays.stream(Kind.values()).filter(kind -> fields.get(kind.word).isPresent()).toList();
    if (given.isEmpty()) {
      fields
          .problems()
          .add(
              fields.at(),
              "has none of \"cmd\", \"sql\" and \"beam\".",
              "Give it one; the entry point of an image is not run.");
      return Optional.empty();
    }
    if (given.size() > 1) {
      fields
          .problems()
          .add(
              fields.at(),
              "has "
                  + String.join(" and ", given.stream().map(k -> "\"" + k.word + "\"").toList())
                  + ".",
              "A stage is one of them; make two stages.");
    }
    Optional<Transform> first = Optional.empty();
    for (Kind kind : given) {
      Optional<Transform> transform = kind(kind, fields.get(kind.word).orElseThrow(), inputs);
      first = first.isPresent() ? first : transform;
    }
    return first;
  }

  private Optional<Transform> kind(Kind kind, Value value, InputDraft inputs) {
    return switch (kind) {
      case CMD -> program(value);
      case SQL -> query(value);
      case BEAM -> chain(value, inputs);
    };
  }

  private Optional<Transform> query(Value sql) {
    refuseWhatIsOfPrograms(Kind.SQL.word);
    return sql.text().map(Sql::new);
  }

  private Optional<Transform> chain(Value beam, InputDraft inputs) {
    refuseWhatIsOfPrograms(Kind.BEAM.word);
    List<StepSpec> steps = StepReader.read(beam, inputs);
    return steps.isEmpty() ? Optional.empty() : Optional.of(new BeamSteps(steps));
  }

  private void refuseWhatIsOfPrograms(String kind) {
    for (String name : OF_PROGRAMS) {
      if (fields.get("cmd").isEmpty()) {
        fields
            .get(name)
            .ifPresent(
                value ->
                    value.problem(
                        "means nothing beside \"" + kind + "\".",
                        "Take it out: only a \"cmd\" runs a program."));
      }
    }
  }

  private Optional<Transform> program(Value cmd) {
    List<String> words = words(cmd);
    List<String> stdin = fields.get("stdin").map(Value::strings).orElse(List.of());
    SortedMap<String, String> env = env();
    Optional<String> code = fields.get("code").flatMap(Value::text);
    List<String> environment = commands();
    Optional<String> image = image();
    List<Integer> codes = codes();
    Optional<String> folder = fields.get("working_dir").flatMap(Value::text);
    List<MountSpec> mounts = fields.get("mounts").map(MountReader::read).orElse(List.of());
    boolean debug = fields.get("debug").flatMap(Value::bool).orElse(false);
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Cmd(words, stdin, env, code, environment, image, codes, folder, mounts, debug));
  }

  private static List<String> words(Value cmd) {
    List<String> words = cmd.strings();
    if (cmd.node().isArray() && (words.isEmpty() || words.get(0).isBlank())) {
      cmd.problem(
          "names no program.", "Begin it with one, as in [\"python3\", \"/code/report.py\"].");
    }
    return words;
  }

  private SortedMap<String, String> env() {
    Optional<Value> given = fields.get("env");
    SortedMap<String, String> env = given.map(Value::stringMap).orElseGet(TreeMap::new);
    for (Map.Entry<String, String> variable : env.entrySet()) {
      Value value = given.orElseThrow().child(variable.getKey());
      if (!Names.isVariable(variable.getKey())) {
        value.problem(
            "is not the name of a variable.",
            "Use letters, digits and _, not beginning with a digit.");
      }
    }
    return env;
  }

  private List<String> commands() {
    Optional<Value> given = fields.get("environment");
    List<String> commands = given.map(Value::strings).orElse(List.of());
    if (commands.stream().anyMatch(String::isBlank)) {
      given.orElseThrow().problem("holds an empty command.", "Take it out.");
    }
    return commands;
  }

  private Optional<String> image() {
    Optional<String> image = fields.get("image").flatMap(Value::text);
    if (image.isPresent()) {
      fields
          .problems()
          .warn(
              fields.at().child("image"),
              "is recorded, not run: programs run with what is installed where they run.");
    }
    return image;
  }

  private List<Integer> codes() {
    List<Integer> codes = new ArrayList<>();
    Optional<Value> given = fields.get("accept_return_code");
    if (given.isPresent()) {
      for (Value code : given.get().elements("a list of exit codes", "Write [ 1, … ].")) {
        code.integer(0, 255).ifPresent(known -> codes.add((int) known));
      }
    }
    return codes;
  }
}
