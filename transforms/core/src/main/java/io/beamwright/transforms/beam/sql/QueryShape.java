// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.versioning.fault.UserFault;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlFunction;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlIdentifier;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlKind;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlLiteral;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlOperator;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlOrderBy;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlSetOperator;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlSyntax;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * Refuses what the text of a query asks for and the step computes over no table. What depends on
 * the types of columns, {@link PlanExpansion} refuses.
 */
final class QueryShape extends SqlBasicVisitor<Void> {

  /** The functions that are computed, for some types at least, or rewritten by Calcite to such. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "ABS",
          "AVG",
          "CAST",
          "CEIL",
          "CEILING",
          "CHARACTER_LENGTH",
          "CHAR_LENGTH",
          "COALESCE",
          "COUNT",
          "DAYOFMONTH",
          "DAYOFYEAR",
          "EXTRACT",
          "FLOOR",
          "HOUR",
          "LOWER",
          "MAX",
          "MIN",
          "MINUTE",
          "MOD",
          "MONTH",
          "NULLIF",
          "OCTET_LENGTH",
          "POSITION",
          "QUARTER",
          "REPLACE",
          "SECOND",
          "SUBSTRING",
          "SUM",
          "TRIM",
          "UPPER",
          "YEAR");

  private final String step;

  private QueryShape(String step) {
    this.step = step;
  }

  /**
   * Checks a query that was parsed.
   *
   * @param step what messages call the step
   * @throws UserFault that names what is not computed, with line and column
   */
  static void require(String step, SqlNode query) {
    if (!query.isA(SqlKind.QUERY)) {
      throw new UserFault(
          "Step %s: the query is %s, which is no SELECT.".formatted(step, query.getKind()),
          "Give it one SELECT: its rows are the output.");
    }
    // A stage's table has no order that a query could give it.
    if (query instanceof SqlOrderBy sorted && sorted.fetch == null && sorted.offset == null) {
      throw new UserFault(
          "Step " + step + ": ORDER BY without a LIMIT changes nothing: a table has no order.",
          "Leave it out, or use a sql stage, whose table keeps its order.");
    }
    query.accept(new QueryShape(step));
  }

  @Override
  @SuppressWarnings("NullAway") // A visitor of Void gives null.
  public Void visit(SqlCall call) {
    SqlOperator operator = call.getOperator();
    switch (call.getKind()) {
      case OVER -> throw refused("a window (OVER)", call);
      case ROLLUP, CUBE -> throw refused("GROUPING SETS, ROLLUP or CUBE", call);
      case MATCH_RECOGNIZE, UNPIVOT, TABLESAMPLE -> throw refused(call.getKind().name(), call);
      case COLLECTION_TABLE -> throw refused("a function that gives a table", call);
      case WITHIN_GROUP -> throw refused("WITHIN GROUP", call);
      case INTERSECT, EXCEPT -> {
        if (operator instanceof SqlSetOperator set && set.isAll()) {
          throw refused(call.getKind() + " ALL", call);
        }
      }
      default -> {
        // {fn ABS(x)} is rewritten to what it stands for, and that is looked at then.
        if (operator instanceof SqlFunction function && call.getKind() != SqlKind.JDBC_FN) {
          function(function.getName().toUpperCase(Locale.ROOT), call);
        }
      }
    }
    return super.visit(call);
  }

  @Override
  @SuppressWarnings("NullAway") // A visitor of Void gives null.
  public Void visit(SqlLiteral literal) {
    if (literal instanceof SqlIntervalLiteral) {
      throw refused("intervals", literal);
    }
    return super.visit(literal);
  }

  /** Where no column can be meant: words such as CURRENT_TIMESTAMP are reserved. */
  @Override
  @SuppressWarnings("NullAway") // A visitor of Void gives null.
  public Void visit(SqlIdentifier name) {
    if (name.isSimple() && !name.isComponentQuoted(0)) {
      requireTheSameEachRun(name.getSimple().toUpperCase(Locale.ROOT), SqlSyntax.FUNCTION_ID, name);
    }
    return super.visit(name);
  }

  private void function(String name, SqlCall call) {
    if (!FUNCTIONS.contains(name)) {
      requireTheSameEachRun(name, SqlSyntax.FUNCTION, call);
      throw refused(
          known(name)
              .map(operator -> operator.isAggregator() ? "the aggregate " + name : name)
              .findFirst()
              .orElse("a function " + name),
          call);
    }
  }

  private void requireTheSameEachRun(String name, SqlSyntax syntax, SqlNode at) {
    boolean changes =
        known(name)
            .filter(operator -> syntax.family == operator.getSyntax().family)
            .anyMatch(operator -> !operator.isDeterministic() || operator.isDynamicFunction());
    if (changes) {
      throw new UserFault(
          "Step %s: %s gives another value each run (%s).".formatted(step, name, place(at)),
          "Put the value into the query or into a table.");
    }
  }

  private static Stream<SqlOperator> known(String name) {
    return SqlStdOperatorTable.instance().getOperatorList().stream()
        .filter(operator -> operator.getName().equals(name));
  }

  private UserFault refused(String what, SqlNode at) {
    return Refusal.of(step, what + " (" + place(at) + ")");
  }

  private static String place(SqlNode node) {
    SqlParserPos start = node.getParserPosition();
    return "line " + start.getLineNum() + ", column " + start.getColumnNum();
  }
}
