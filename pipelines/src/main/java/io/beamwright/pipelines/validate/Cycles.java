// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.spec.SpecDraft;
import io.beamwright.pipelines.spec.SpecProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Finds pipelines that wait for themselves. */
final class Cycles {

  private final Map<String, SpecDraft> byName = new LinkedHashMap<>();
  private final List<String> path = new ArrayList<>();
  private final Set<String> done = new HashSet<>();
  private final List<SpecProblem> problems = new ArrayList<>();

  private Cycles(Collection<SpecDraft> drafts) {
    drafts.forEach(draft -> byName.put(draft.name().orElseThrow(), draft));
  }

  /** A problem for each cycle of {@code drafts}, whose names are known and unique. */
  static List<SpecProblem> in(Collection<SpecDraft> drafts) {
    Cycles cycles = new Cycles(drafts);
    cycles.byName.keySet().forEach(cycles::visit);
    return cycles.problems;
  }

  private void visit(String name) {
    if (done.contains(name)) {
      return;
    }
    path.add(name);
    for (PfsInput input : draft(name).inputs()) {
      SpecDraft writer = byName.get(input.repo());
      boolean isItsOwn = input.repo().equals(name);
      if (writer != null && !isItsOwn && writer.outputBranch().equals(input.branch())) {
        follow(input);
      }
    }
    path.remove(path.size() - 1);
    done.add(name);
  }

  private SpecDraft draft(String name) {
    return Objects.requireNonNull(byName.get(name));
  }

  private void follow(PfsInput input) {
    int start = path.indexOf(input.repo());
    if (start < 0) {
      visit(input.repo());
    } else {
      report(input, path.subList(start, path.size()));
    }
  }

  /** {@code readers} each read the next; the last reads {@code input}, which the first writes. */
  private void report(PfsInput input, List<String> readers) {
    List<String> flow = new ArrayList<>();
    for (int i = readers.size() - 1; i >= 0; i--) {
      flow.add(readers.get(i));
    }
    flow.add(0, readers.get(0));
    String last = readers.get(readers.size() - 1);
    problems.add(
        new SpecProblem(
            draft(last).origin().source(),
            input.pointer() + "/repo",
            "closes a cycle: " + String.join(" → ", flow) + " (each is read by the next).",
            "Break it: one of these must read another repo or branch."));
  }
}
