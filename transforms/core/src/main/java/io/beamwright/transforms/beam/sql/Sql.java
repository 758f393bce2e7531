// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.Dataset;
import io.beamwright.transforms.beam.Step;
import io.beamwright.transforms.beam.StepContext;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.fault.UserFault;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One query in Calcite's dialect, which is Beam SQL's, over the tables that the step reads, by
 * their names; a single one is also {@code PCOLLECTION}. Calcite reads and checks the query; its
 * plan is computed by this package, exactly, or refused by name.
 *
 * <p>The rows do not depend on the order in which they are met: sums and means of floating-point
 * numbers are exact before they are rounded once, as are means of all numbers, and {@code LIMIT}
 * orders rows that are equal in its {@code ORDER BY} by all their columns.
 */
public final class Sql implements Step {

  private static final String QUERY = "query";
  private static final String ONLY_TABLE = "PCOLLECTION";

  private static final StepDescription DESCRIPTION =
      new StepDescription(
          "Sql",
          "4",
          Takes.ROWS,
          "Runs one query in Beam SQL's dialect over its input tables, exactly or not at all: what it"
              + " does not compute is refused by name (docs/sql-step.md).",
          List.of(
              ConfigField.required(
                  QUERY,
                  JsonType.STRING,
                  "The query; tables are called as the inputs or steps they come from, and a single"
                      + " one also PCOLLECTION.")));

  @Override
  public StepDescription description() {
    return DESCRIPTION;
  }

  @Override
  public void check(String label, ObjectNode config) {
    SqlQuery.check(label, query(label, config));
  }

  @Override
  public Dataset expand(StepContext context) {
    String query = query(context.label(), context.config());
    Map<String, Dataset> tables = new LinkedHashMap<>(context.tables());
    if (tables.isEmpty()) {
      throw new UserFault("Step " + context.label() + " is given no table.", "Name its \"input\".");
    }
    Dataset any = tables.values().iterator().next();
    if (tables.size() == 1) {
      tables.putIfAbsent(ONLY_TABLE, any);
    }
    // Calcite takes seconds to load: its classes are linked from here on and nowhere else.
    return SqlQuery.expand(context, any.batches().getPipeline(), tables, query);
  }

  private static String query(String label, ObjectNode config) {
    for (Iterator<String> names = config.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals(QUERY)) {
        throw new UserFault(
            "Step " + label + " has no \"" + name + "\".", "It has \"" + QUERY + "\" alone.");
      }
    }
    JsonNode query = config.path(QUERY);
    if (!query.isTextual() || query.textValue().isBlank()) {
      throw new UserFault(
          "Step " + label + " has no \"" + QUERY + "\".", "Give it the text of a SELECT.");
    }
    if (!Texts.isWellFormed(query.textValue())) {
      throw new UserFault(
          "Step " + label + ": the query has half of a surrogate pair.",
          "Write the whole character.");
    }
    return query.textValue();
  }
}
