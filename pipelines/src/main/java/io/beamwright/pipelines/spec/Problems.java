// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.ArrayList;
import java.util.List;

/** What is found wrong while one document is read. */
final class Problems {

  private final String source;
  private final List<SpecProblem> problems = new ArrayList<>();
  private final List<SpecWarning> warnings = new ArrayList<>();
  private final List<Pointer> unused = new ArrayList<>();

  Problems(String source) {
    this.source = source;
  }

  void add(Pointer at, String problem, String remedy) {
    problems.add(new SpecProblem(source, at.text(), problem, remedy));
  }

  void warn(Pointer at, String text) {
    warnings.add(new SpecWarning(source, at.text(), text));
  }

  /** A field does nothing yet; of one inside of such a field nothing more is said. */
  void warnOfUnused(Pointer at, String instead) {
    if (unused.stream().noneMatch(outer -> at.text().startsWith(outer.text() + "/"))) {
      unused.add(at);
      warn(at, "is read and does nothing yet: " + instead + ".");
    }
  }

  int count() {
    return problems.size();
  }

  String source() {
    return source;
  }

  List<SpecProblem> problems() {
    return List.copyOf(problems);
  }

  List<SpecWarning> warnings() {
    return List.copyOf(warnings);
  }
}
