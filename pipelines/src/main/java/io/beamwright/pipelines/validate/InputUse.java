// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import io.beamwright.pipelines.spec.Input;
import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.spec.SpecDraft;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.transforms.datum.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds the inputs of a stage against what its transform makes of them. */
final class InputUse {

  private static final String ONE_NAME =
      "Give the sides of the union one \"name\", or make a stage of each.";

  private final SpecDraft draft;
  private final Optional<Input> input;
  private final List<SpecProblem> problems = new ArrayList<>();

  InputUse(SpecDraft draft) {
    this.draft = draft;
    this.input = draft.input();
  }

  List<SpecProblem> byProgram() {
    refuseFormats("a program is shown files as they are.", "Take it out.");
    return problems;
  }

  /** A query reads inputs by their names; letter case does not count. */
  List<SpecProblem> byQuery() {
    refuseViews("a query reads tables as they are.");
    Set<String> names = names();
    if (!names.isEmpty() && names.stream().noneMatch(name -> lacking(name).isEmpty())) {
      String first = names.iterator().next();
      add(
          lacking(first).orElseThrow(),
          "",
          "has no \"" + first + "\": no input is in every datum, so that no query can read it.",
          ONE_NAME);
    }
    return problems;
  }

  /** Steps read inputs by their names, and those of one name as one. */
  List<SpecProblem> bySteps() {
    refuseViews("steps read tables as they are.");
    Set<String> told = new HashSet<>();
    for (String name : names()) {
      Optional<Input> lacking = input.flatMap(known -> known.without(name::equals));
      if (lacking.isPresent() && told.add(lacking.get().pointer())) {
        add(
            lacking.get(),
            "",
            "has no \""
                + name
                + "\", and other sides of the union have: steps read all of them as one input.",
            ONE_NAME);
      }
    }
    refuseFormats(
        "only queries read files by it.",
        "Take it out, and say it in the configuration of the step ReadFromCsv.");
    return problems;
  }

  private Set<String> names() {
    return input.map(Input::names).orElse(Set.of());
  }

  private Optional<Input> lacking(String name) {
    return input.flatMap(known -> known.without(name::equalsIgnoreCase));
  }

  private void refuseFormats(String why, String remedy) {
    for (PfsInput leaf : draft.inputs()) {
      if (leaf.format().isPresent()) {
        add(leaf, "/format", "has no effect: " + why, remedy);
      }
    }
  }

  private void refuseViews(String why) {
    for (PfsInput leaf : draft.inputs()) {
      if (leaf.as() != View.NONE) {
        add(leaf, "/as", "has no effect: " + why, "Take it out.");
      }
    }
  }

  private void add(Input at, String below, String problem, String remedy) {
    problems.add(new SpecProblem(draft.origin().source(), at.pointer() + below, problem, remedy));
  }
}
