// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.List;
import java.util.Optional;

/**
 * What could be read of an input, however much is wrong with the rest of it.
 *
 * @param input the input, of the parts that read well
 * @param names the names that are known, also of parts that did not read well, in the order of the
 *     spec
 * @param isWhole whether all names are known
 */
record InputDraft(Optional<Input> input, List<Named> names, boolean isWhole) {

  /** Where a spec has no input that could be read at all. */
  static final InputDraft NONE = new InputDraft(Optional.empty(), List.of(), false);

  InputDraft {
    names = List.copyOf(names);
  }

  /**
   * The name of an input.
   *
   * @param at where the spec says so
   */
  record Named(String name, Pointer at) {}

  /** The draft of an input with {@code sides}, whose names it has. */
  static InputDraft of(Optional<Input> input, List<InputDraft> sides) {
    return new InputDraft(
        input,
        sides.stream().flatMap(side -> side.names().stream()).toList(),
        !sides.isEmpty() && sides.stream().allMatch(InputDraft::isWhole));
  }
}
