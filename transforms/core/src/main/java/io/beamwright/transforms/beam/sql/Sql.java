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
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * One query in Beam SQL's dialect over the tables that the step reads, by their names; a single one
 * is also {@code PCOLLECTION}.
 *
 * <p>The rows do not depend on the order in which they are met: sums and means of floating-point
 * numbers are exact before they are rounded once, as are means of integers, {@code LIMIT} orders
 * rows that are equal in its {@code ORDER BY} by all their columns, and what cannot be made so is
 * refused.
 */
public final class Sql implements Step {

  private static final String QUERY = "query";
  private static final String ONLY_TABLE = "PCOLLECTION";

  private static final StepDescription DESCRIPTION =
      new StepDescription(
          "Sql",
          "2",
          Takes.ROWS,
          "Runs one query in Beam SQL's dialect over its input tables; a mean of integers is a double,"
              + " a sum of them has 64 bits, and a join is ON equal columns.",
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
  public Dataset expand(StepContext context) {
    String query = query(context.config());
    Map<String, PCollection<Row>> tables = new LinkedHashMap<>();
    context.tables().forEach((name, table) -> tables.put(name, rows(context, name, table)));
    if (tables.size() == 1) {
      tables.putIfAbsent(ONLY_TABLE, tables.values().iterator().next());
    }
    // Calcite takes seconds to load: its classes are linked from here on and nowhere else.
    return context.dataset(SqlQuery.apply(context, tables, query));
  }

  private static PCollection<Row> rows(StepContext context, String name, Dataset table) {
    if (WallClockCheck.concerns(table)) {
      context.report(
          table
              .batches()
              .apply(context.transform("Check " + name), ParDo.of(new WallClockCheck())));
    }
    return context.rows(table);
  }

  private static String query(ObjectNode config) {
    for (Iterator<String> names = config.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals(QUERY)) {
        throw new UserFault("Sql has no \"" + name + "\".", "It has \"" + QUERY + "\" alone.");
      }
    }
    JsonNode query = config.path(QUERY);
    if (!query.isTextual() || query.textValue().isBlank()) {
      throw new UserFault("Sql has no \"" + QUERY + "\".", "Give it the text of a SELECT.");
    }
    return query.textValue();
  }
}
