// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which columns of a query's result its top ORDER BY sorts by. DuckDB's binder says so, as {@code
 * json_serialize_plan} writes it: a name there may mean another column than the result's of that
 * name, such as a column of a table beside the field of a struct, or the one that USING makes.
 */
final class BoundOrder {

  /**
   * One term.
   *
   * @param column the place in the result, from 0
   * @param direction such as {@code DESC NULLS LAST}
   */
  record Term(int column, String direction) {}

  private BoundOrder() {}

  /**
   * The terms of a query that has an ORDER BY, in their order; none if it sorts by anything but
   * columns of its result, or DuckDB cannot write the plan.
   *
   * @param columns how many the result has
   */
  static Optional<List<Term>> of(DuckDb duckDb, String text, int columns) throws SQLException {
    JsonNode node = SyntaxTree.plan(duckDb, text);
    while (!node.path("type").asText().equals("LOGICAL_ORDER_BY")) {
      JsonNode children = node.path("children");
      switch (node.path("type").asText()) {
        case "LOGICAL_LIMIT" -> node = children.path(0);
        case "LOGICAL_MATERIALIZED_CTE" -> node = children.path(1);
        // Such as a projection, which takes away what the result does not have.
        default -> {
          return Optional.empty();
        }
      }
    }
    List<Term> terms = new ArrayList<>();
    for (JsonNode order : node.path("orders")) {
      JsonNode key = order.path("expression");
      int column = key.path("index").asInt(columns);
      if (!key.path("expression_class").asText().equals("BOUND_REF") || column >= columns) {
        return Optional.empty();
      }
      terms.add(new Term(column, direction(order)));
    }
    return Optional.of(terms);
  }

  private static String direction(JsonNode order) {
    String direction = order.path("type").asText().equals("DESCENDING") ? "DESC " : "ASC ";
    return direction + order.path("null_order").asText();
  }
}
