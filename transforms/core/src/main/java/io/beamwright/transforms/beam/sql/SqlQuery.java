// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.Dataset;
import io.beamwright.transforms.beam.StepContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** From the text of a query to the rows that it asks for. */
final class SqlQuery {

  private SqlQuery() {}

  /**
   * Checks what can be said of a query without its tables; {@code step} is what messages call the
   * step.
   *
   * @throws io.beamwright.versioning.fault.UserFault if it is no query, or asks for what the step
   *     never computes
   */
  static void check(String step, String query) {
    new SqlPlan(step).check(query);
  }

  /**
   * The rows of a query over tables of these names.
   *
   * @throws io.beamwright.versioning.fault.UserFault if the query is wrong, or has something that
   *     the step does not compute
   */
  static Dataset expand(
      StepContext context, Pipeline pipeline, Map<String, Dataset> tables, String query) {
    Map<String, TableSchema> schemas = new LinkedHashMap<>();
    tables.forEach((name, table) -> schemas.put(name, table.schema()));
    try {
      return new PlanExpansion(context, pipeline, tables)
          .of(new SqlPlan(context.label()).of(query, schemas));
    } catch (StackOverflowError e) {
      throw Refusal.tooDeep(context.label(), e);
    }
  }
}
