// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.fault.UserFault;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/**
 * What Beam's own {@code yaml:} transforms take and do not heed: a language that they do not run,
 * columns that are not there, a {@code drop} without {@code append}.
 *
 * @param step what messages call the step
 * @param config its configuration
 */
record YamlRules(String step, JsonNode config) {

  private static final String YAML = "beam:schematransform:org.apache.beam:yaml:";
  private static final String EXPLODE = YAML + "explode:v1";
  private static final Set<String> JAVA =
      Set.of(YAML + "map_to_fields-java:v1", YAML + "filter-java:v1");

  /**
   * Checks what needs no table.
   *
   * @throws UserFault that names the member of the configuration
   */
  void check(String identifier) {
    if (JAVA.contains(identifier)) {
      JsonNode language = config.path("language");
      if (language.isTextual() && !language.textValue().equals("java")) {
        throw new UserFault(
            "Step %s: \"config/language\" is \"%s\", and it runs expressions in Java alone."
                .formatted(step, language.textValue()),
            "Write the expressions in Java and leave \"language\" out, or use a program.");
      }
      if (!config.path("drop").isEmpty() && !config.path("append").asBoolean(false)) {
        throw new UserFault(
            "Step " + step + ": \"config/drop\" changes nothing without \"append\": true.",
            "Give both, or neither: without \"append\" only \"fields\" are kept.");
      }
    }
  }

  /**
   * Checks a transform against the tables that it reads.
   *
   * @throws UserFault that names the member of the configuration
   */
  void check(String identifier, PCollectionRowTuple input) {
    if (JAVA.contains(identifier)) {
      columns("drop", input);
    }
    if (identifier.equals(EXPLODE)) {
      columns("fields", input);
    }
  }

  private void columns(String member, PCollectionRowTuple input) {
    Set<String> known = new TreeSet<>();
    for (PCollection<Row> table : input.getAll().values()) {
      known.addAll(table.getSchema().getFieldNames());
    }
    int place = 0;
    for (JsonNode name : config.path(member)) {
      if (name.isTextual() && !known.contains(name.textValue())) {
        throw new UserFault(
            "Step %s: \"config/%s/%d\" is \"%s\", and its input has no such column."
                .formatted(step, member, place, name.textValue()),
            "The columns are " + String.join(", ", List.copyOf(known)) + ".");
      }
      place++;
    }
  }
}
