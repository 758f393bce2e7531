// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.config.Lex;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.config.NullCollation;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.jdbc.CalciteSchema;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.Contexts;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.RelOptCluster;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.RelOptTable.ViewExpander;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.hep.HepPlanner;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.hep.HepProgram;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelRoot;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.rules.CoreRules;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexBuilder;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.runtime.CalciteContextException;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.schema.impl.AbstractTable;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.parser.SqlParseException;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.parser.SqlParser;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.validate.SqlValidator;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.tools.RelBuilder;

/**
 * Reads a query into Calcite's logical plan, with the types of {@link ExactTypes}. Nothing is
 * computed and nothing simplified on the way: what runs is what the query says.
 */
final class SqlPlan {

  private static final int MOST_SHOWN = 400;

  private final String step;

  /** {@code step}: what messages call the step. */
  SqlPlan(String step) {
    this.step = step;
  }

  /**
   * Checks what can be said of a query without its tables.
   *
   * @throws UserFault with line and column, if it is no query or asks for what is never computed
   */
  void check(String query) {
    SqlNode unused = guarded(() -> parsed(query));
  }

  /**
   * The plan of a query over tables of these names.
   *
   * @throws UserFault with line and column, if the query is wrong or no query
   */
  RelNode of(String query, Map<String, TableSchema> tables) {
    return guarded(() -> planned(query, tables));
  }

  private interface Reading<T> {
    T read() throws SqlParseException;
  }

  private <T> T guarded(Reading<T> reading) {
    try {
      return reading.read();
    } catch (UserFault e) {
      throw e;
    } catch (SqlParseException e) {
      throw isTooDeep(e) ? Refusal.tooDeep(step, e) : unreadable(firstLines(e), e);
    } catch (StackOverflowError e) {
      throw Refusal.tooDeep(step, e);
    } catch (RuntimeException | AssertionError e) {
      // Calcite has many types of exception for what it does not take.
      throw isTooDeep(e) ? Refusal.tooDeep(step, e) : unreadable(reason(e), e);
    }
  }

  private SqlNode parsed(String query) throws SqlParseException {
    SqlNode statement = SqlParser.create(query, SqlParser.config().withLex(Lex.JAVA)).parseStmt();
    QueryShape.require(step, statement);
    return statement;
  }

  private RelNode planned(String query, Map<String, TableSchema> tables) throws SqlParseException {
    SqlNode statement = parsed(query);
    RelDataTypeFactory types = ExactTypes.factory();
    CalciteCatalogReader catalog = catalog(tables, types);
    SqlValidator validator =
        SqlValidatorUtil.newValidator(
            SqlStdOperatorTable.instance(),
            catalog,
            types,
            SqlValidator.Config.DEFAULT
                .withDefaultNullCollation(NullCollation.LAST)
                .withIdentifierExpansion(true));
    SqlNode validated = validator.validate(statement);
    HepPlanner planner =
        new HepPlanner(
            HepProgram.builder()
                .addRuleInstance(CoreRules.FILTER_INTO_JOIN)
                .addRuleInstance(CoreRules.JOIN_CONDITION_PUSH)
                .build(),
            Contexts.of(RelBuilder.Config.DEFAULT.withSimplify(false)));
    RelRoot root =
        new SqlToRelConverter(
                noViews(),
                validator,
                catalog,
                RelOptCluster.create(planner, new RexBuilder(types)),
                StandardConvertletTable.INSTANCE,
                SqlToRelConverter.config()
                    .withExpand(true)
                    .withInSubQueryThreshold(Integer.MAX_VALUE)
                    .withRelBuilderConfigTransform(config -> config.withSimplify(false)))
            .convertQuery(validated, false, true);
    planner.setRoot(root.project(true));
    return planner.findBestExp();
  }

  private static ViewExpander noViews() {
    return (type, query, path, view) -> {
      throw new IllegalStateException("there are no views");
    };
  }

  private static CalciteCatalogReader catalog(
      Map<String, TableSchema> tables, RelDataTypeFactory types) {
    CalciteSchema schema = CalciteSchema.createRootSchema(false, false);
    tables.forEach((name, table) -> schema.add(name, new Table(table)));
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new CalciteCatalogReader(
        schema, List.of(), types, new CalciteConnectionConfigImpl(properties));
  }

  private static final class Table extends AbstractTable {

    private final TableSchema schema;

    Table(TableSchema schema) {
      this.schema = schema;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      return ExactTypes.rowType(schema, types);
    }
  }

  private UserFault unreadable(String why, Throwable cause) {
    return new UserFault(
        "Step " + step + ": the query is wrong: " + why + (why.endsWith(".") ? "" : "."),
        "Correct it; names that are words of SQL, such as date, stand in `backquotes`. What Sql does"
            + " not know, a sql stage may.",
        cause);
  }

  private static boolean isTooDeep(Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof StackOverflowError)) {
      cause = cause.getCause();
    }
    return cause != null;
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
