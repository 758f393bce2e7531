// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import io.beamwright.pipelines.spec.Field.Status;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes {@code docs/spec-reference.md} from the tables that specs are read by. */
final class SpecReference {

  private static final String INTRODUCTION =
      """
      # Spec reference

      <!-- Generated from the code by SpecReferenceTest; do not edit. -->

      A spec describes one stage in JSON. A file holds one object, an array of them, or several
      documents one after the other. Names of fields may be written in snake_case or camelCase, a
      number may stand in a string, `null` is the same as nothing, and a field that is not listed
      here is an error.

      *In the key* says whether a change of the field makes datums run again: `yes`; `what it
      names`: the content of a folder, the output of a command or the commit of a branch, but not
      the field itself; `of the job`: it decides which datums there are, so a job is planned anew,
      but datums that stay the same keep their results; `no`.

      ```json
      {
        "pipeline": {"name": "report"},
        "input": {"pfs": {"repo": "prices", "glob": "/*.csv"}},
        "transform": {"cmd": ["python3", "/code/report.py"], "code": "code"}
      }
      ```
      """;

  private final StringBuilder out = new StringBuilder();

  private SpecReference() {}

  /** The whole page. */
  static String text(StepCatalog steps) {
    SpecReference reference = new SpecReference();
    reference.out.append(INTRODUCTION);
    SpecFields.sections().forEach(reference::section);
    reference.globs();
    reference.steps(steps);
    reference.notBuilt();
    reference.withoutEffect();
    return reference.out.toString();
  }

  private void section(String key, Section section) {
    String title = key.equals(SpecFields.SPEC) ? "The spec" : "`" + key + "`";
    out.append("\n## ").append(title).append("\n\n").append(section.meaning()).append("\n\n");
    row("Field", "Holds", "Default", "Meaning", "In the key");
    row("---", "---", "---", "---", "---");
    for (Field field : section.fields()) {
      if (field.isRead()) {
        row(
            "`" + field.name() + "`",
            field.type().words(),
            presence(field),
            field.meaning()
                + field.section().map(SpecReference::link).orElse("")
                + (field.status() == Status.UNUSED ? "; does nothing yet: " + field.note() : ""),
            field.section().isPresent() && field.key() == Field.Key.NONE && isPartlyKeyed(field)
                ? "see there"
                : field.key().words());
      }
    }
  }

  private static boolean isPartlyKeyed(Field field) {
    return SpecFields.section(field.section().orElseThrow()).fields().stream()
        .anyMatch(below -> below.key() != Field.Key.NONE);
  }

  private static String presence(Field field) {
    String presence = field.presence();
    boolean isWord = presence.matches("[a-z0-9_{}]+") && !presence.equals(Field.REQUIRED);
    return isWord ? "`" + presence + "`" : presence;
  }

  private static String link(String section) {
    return "; see [`" + section + "`](#" + section + ")";
  }

  private void globs() {
    out.append(
        """

        ## Globs

        A glob is matched against the path of every file and folder; each match is a datum, a folder
        with everything below it.

        | Pattern | Matches |
        | --- | --- |
        | `/` | the whole repo as one datum |
        | `/*` | each top-level file or folder |
        | `*` | any characters but `/` |
        | `?` | one character but `/` |
        | `**` | any characters; `/**.csv` is every `.csv` file, `/**/*.csv` those below a folder |
        | `[abc]` `[a-z]` `[!a]` `[[:digit:]]` | one character of a class, never `/` |
        | `{a,b/c}` | one of the alternatives |
        | `(a\\|b*)` or `@(…)` | one of the alternatives, captured as `$1`, `$2`… by the order of their parentheses |
        | `?(…)` `*(…)` `+(…)` | at most one, any number, at least one of them, captured as a whole |
        | `!(…)` | what is none of them, within a level, captured |
        | `\\*` | a literal `*`; so for every character |

        A `/` missing at the front is added, and one at the end changes nothing.
        """);
  }

  private void steps(StepCatalog steps) {
    out.append("\n## Steps of `beam`\n");
    steps.all().forEach(this::step);
  }

  private void step(StepDescription step) {
    String description = step.description().isBlank() ? "" : step.description() + " ";
    out.append("\n### `").append(step.name()).append("`\n\n").append(description);
    out.append("Reads ").append(step.takes().name().toLowerCase(Locale.ROOT));
    out.append("; version ").append(step.version()).append(".\n");
    if (step.config().isEmpty()) {
      return;
    }
    out.append('\n');
    row("Configuration", "Holds", "", "Meaning");
    row("---", "---", "---", "---");
    for (ConfigField field : step.config()) {
      String presence = field.isRequired() ? Field.REQUIRED : "";
      row("`" + field.name() + "`", field.words(), presence, field.description());
    }
  }

  private void notBuilt() {
    out.append("\n## Not built yet\n\nRead, and refused in those words.\n\n");
    row("Field", "Of", "Meaning");
    row("---", "---", "---");
    all(Status.NOT_BUILT);
  }

  private void withoutEffect() {
    out.append("\n## Without effect\n\n");
    out.append("Only Kubernetes can serve these. They are accepted with a warning.\n\n");
    row("Field", "Of", "Instead");
    row("---", "---", "---");
    all(Status.WITHOUT_EFFECT);
  }

  private void all(Status status) {
    for (Map.Entry<String, Section> section : SpecFields.sections().entrySet()) {
      for (Field field : section.getValue().fields()) {
        if (field.status() == status) {
          String text =
              Optional.of(field.meaning())
                  .filter(meaning -> !meaning.isEmpty())
                  .orElse(field.note());
          row("`" + field.name() + "`", section.getKey(), text);
        }
      }
    }
  }

  private void row(String... cells) {
    List<String> escaped = Arrays.stream(cells).map(cell -> cell.replace("|", "\\|")).toList();
    out.append("| ").append(String.join(" | ", escaped)).append(" |\n");
  }
}
