// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.transforms.beam.StepContext;
import io.beamwright.versioning.fault.UserFault;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.extensions.sql.impl.BeamSqlEnv;
import org.apache.beam.sdk.extensions.sql.impl.ParseException;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamRelNode;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamSqlRelUtils;
import org.apache.beam.sdk.extensions.sql.impl.schema.BeamPCollectionTable;
import org.apache.beam.sdk.extensions.sql.meta.BeamSqlTable;
import org.apache.beam.sdk.extensions.sql.meta.provider.ReadOnlyTableProvider;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.runtime.CalciteContextException;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.parser.SqlParseException;

/** Plans a query with Beam SQL and makes its plan independent of the order of rows. */
final class SqlQuery {

  private static final int MOST_SHOWN = 400;

  /** A bucket of a join gets some 8 MiB of the stage's input. */
  private static final int BUCKETS_A_PARTITION = 16;

  private SqlQuery() {}

  /** What Beam's {@code SqlTransform} does, with a look at the plan before it is built. */
  static PCollection<Row> apply(
      StepContext context, Map<String, PCollection<Row>> tables, String query) {
    Map<String, BeamSqlTable> sqlTables = new HashMap<>();
    tables.forEach((name, rows) -> sqlTables.put(name, new BeamPCollectionTable<>(rows)));
    PCollection<Row> any = tables.values().iterator().next();
    BeamRelNode plan =
        new OrderIndependence(context.label(), context.partitions() * BUCKETS_A_PARTITION)
            .of(plan(context.label(), sqlTables, any, query));
    return any.getPipeline()
        .apply(
            context.transform("Query"),
            new PTransform<>() {
              @Override
              public PCollection<Row> expand(PBegin begin) {
                return BeamSqlRelUtils.toPCollection(begin.getPipeline(), plan);
              }
            });
  }

  private static BeamRelNode plan(
      String label, Map<String, BeamSqlTable> tables, PCollection<Row> any, String query) {
    BeamSqlEnv env =
        BeamSqlEnv.builder(new ReadOnlyTableProvider("inputs", tables))
            .setQueryPlannerClassName(ExactTypes.class.getName())
            .setPipelineOptions(any.getPipeline().getOptions())
            .build();
    try {
      return env.parseQuery(query);
    } catch (ParseException e) {
      throw unreadable(label, e);
    } catch (UserFault e) {
      throw e;
    } catch (RuntimeException e) {
      // Calcite says in many types of exception that it has no plan for a query.
      throw new UserFault(
          "Step " + label + ": Beam SQL has no plan for the query: " + reason(e),
          "Say it in another way, or use a sql stage, which DuckDB runs.",
          e);
    }
  }

  private static UserFault unreadable(String label, ParseException e) {
    return new UserFault(
        "Step " + label + ": the query is wrong: " + reason(e),
        "Correct it; names that are words of SQL, such as date, stand in `backquotes`.",
        e);
  }

  /** What Calcite said, with line and column, without the exceptions that wrap it. */
  private static String reason(Throwable thrown) {
    Throwable best = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CalciteContextException context) {
        String what =
            String.valueOf(context.getCause() == null ? "" : context.getCause().getMessage());
        return "line " + context.getPosLine() + ", column " + context.getPosColumn() + ": " + what;
      }
      if (cause instanceof SqlParseException parse) {
        return firstLines(parse);
      }
      best = cause;
    }
    return shortened(String.valueOf(best.getMessage()));
  }

  // The parser's message goes on with every token that it would have taken.
  private static String firstLines(SqlParseException parse) {
    String message = String.valueOf(parse.getMessage());
    int expected = message.indexOf("\nWas expecting");
    String what = expected < 0 ? message : message.substring(0, expected);
    return shortened(what.replaceAll("\\s+", " ").strip());
  }

  private static String shortened(String message) {
    return message.length() <= MOST_SHOWN ? message : message.substring(0, MOST_SHOWN) + "…";
  }
}
