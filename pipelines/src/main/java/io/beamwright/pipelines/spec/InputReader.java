// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the {@code input} of a spec. */
final class InputReader {

  private InputReader() {}

  /** The words for inputs, each with who reads what follows it. */
  private enum Kind {
    PFS("pfs", PfsInput::read),
    /** The name of {@code pfs} in Pachyderm 1.x. */
    ATOM("atom", PfsInput::read),
    CROSS("cross", CrossInput::read),
    UNION("union", UnionInput::read);

    private final String word;
    private final Function<Value, InputDraft> reader;

    Kind(String word, Function<Value, InputDraft> reader) {
      this.word = word;
      this.reader = reader;
    }
  }

  /** Reads an object that has one of the fields of {@link SpecFields#INPUT}. */
  static InputDraft read(Value value) {
    int before = value.problems().count();
    Optional<Fields> fields = Fields.of(value, SpecFields.INPUT);
    List<Kind> given =
        fields
            .map(f -> Arrays.stream(Kind.values()).filter(k -> f.get(k.word).isPresent()).toList())
            .orElse(List.of());
    if (given.size() == 1 && fields.isPresent()) {
      return given.get(0).reader.apply(fields.get().get(given.get(0).word).orElseThrow());
    }
    if (given.size() > 1) {
      value.problem(
          "has both \"" + given.get(0).word + "\" and \"" + given.get(1).word + "\".",
          "An input is one of them; put two into a \"cross\" or a \"union\".");
    } else if (value.problems().count() == before) {
      value.problem("is empty.", "Give it a \"pfs\", a \"cross\" or a \"union\".");
    }
    return InputDraft.NONE;
  }

  /** Reads a list of inputs, of which there must be one. */
  static List<InputDraft> sides(Value list) {
    List<Value> sides = list.elements("a list of inputs", "Write [ { \"pfs\": { … } }, … ].");
    if (list.node().isArray() && sides.isEmpty()) {
      list.problem("is empty.", "Put at least one input into it.");
    }
    return sides.stream().map(InputReader::read).toList();
  }
}
