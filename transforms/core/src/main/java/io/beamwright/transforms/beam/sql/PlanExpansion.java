// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.Dataset;
import io.beamwright.transforms.beam.Ordering;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.SourcedBatchCoder;
import io.beamwright.transforms.beam.StepContext;
import io.beamwright.transforms.beam.sql.Accumulator.Kind;
import io.beamwright.transforms.beam.sql.CalcRows.Columns;
import io.beamwright.versioning.fault.UserFault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.RelOptUtil;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelFieldCollation;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Aggregate;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.AggregateCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Filter;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Intersect;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Join;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.JoinRelType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Minus;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Project;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.SetOp;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Sort;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.TableScan;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Union;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Values;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexInputRef;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexLiteral;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexUtil;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlKind;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;

/**
 * Builds a plan's nodes into the graph, one after the other. A node it does not know is refused.
 */
final class PlanExpansion {

  /** A bucket of a join gets some 8 MiB of the stage's input. */
  private static final int BUCKETS_A_PARTITION = 16;

  private static final Expression TRUE = Expression.constant(true);

  private static final Set<JoinRelType> JOINS =
      Set.of(JoinRelType.INNER, JoinRelType.LEFT, JoinRelType.RIGHT, JoinRelType.FULL);

  private static final String JOIN_REMEDY =
      "Join ON columns or expressions that are equal, several with AND; put other conditions of an"
          + " inner join into WHERE.";

  private final StepContext context;
  private final Pipeline pipeline;
  private final Map<String, Dataset> tables;
  private final ExpressionCompiler expressions;
  private int nodes;

  PlanExpansion(StepContext context, Pipeline pipeline, Map<String, Dataset> tables) {
    this.context = context;
    this.pipeline = pipeline;
    this.tables = Map.copyOf(tables);
    this.expressions = new ExpressionCompiler(context.label());
  }

  /**
   * The rows of a plan, in no order.
   *
   * @throws UserFault if it has something that the step does not compute
   */
  Dataset of(RelNode plan) {
    Dataset rows = node(plan);
    return new Dataset(schema(plan.getRowType(), true), Ordering.NONE, renamed(plan, rows));
  }

  private PCollection<SourcedBatch> renamed(RelNode plan, Dataset rows) {
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < plan.getRowType().getFieldCount(); i++) {
      columns.add(Expression.column(i));
    }
    return calc(rows, TRUE, schema(plan.getRowType(), true), columns).batches();
  }

  private Dataset node(RelNode node) {
    if (node instanceof TableScan scan) {
      List<String> name = scan.getTable().getQualifiedName();
      return Objects.requireNonNull(tables.get(name.get(name.size() - 1)));
    }
    if (node instanceof Project project) {
      return project(project);
    }
    if (node instanceof Filter filter) {
      return calc(
          node(filter.getInput()),
          expressions.compile(filter.getCondition()),
          schema(filter.getRowType(), false),
          columns(filter.getRowType()));
    }
    if (node instanceof Aggregate aggregate) {
      return aggregate(aggregate);
    }
    if (node instanceof Join join) {
      return join(join);
    }
    if (node instanceof Union union) {
      return union(union);
    }
    if (node instanceof Intersect || node instanceof Minus) {
      return setOperation((SetOp) node);
    }
    if (node instanceof Sort sort) {
      return sort(sort);
    }
    if (node instanceof Values values) {
      return values(values);
    }
    throw refused(node);
  }

  private UserFault refused(RelNode node) {
    return Refusal.of(context.label(), words(node.getRelTypeName()));
  }

  private static String words(String relType) {
    return switch (relType) {
      case "LogicalCorrelate" -> "a subquery that refers to the query around it";
      case "LogicalWindow" -> "a window (OVER)";
      case "LogicalMatch" -> "MATCH_RECOGNIZE";
      case "LogicalTableFunctionScan" -> "a function that gives a table";
      default -> relType.replace("Logical", "").toUpperCase(Locale.ROOT);
    };
  }

  private Dataset project(Project project) {
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < project.getProjects().size(); i++) {
      RelDataType type = project.getRowType().getFieldList().get(i).getType();
      columns.add(expressions.compile(project.getProjects().get(i), type));
    }
    TableSchema schema = schema(project.getRowType(), false);
    if (project.getInput() instanceof Filter filter) {
      return calc(
          node(filter.getInput()), expressions.compile(filter.getCondition()), schema, columns);
    }
    return calc(node(project.getInput()), TRUE, schema, columns);
  }

  private static List<Expression> columns(RelDataType row) {
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < row.getFieldCount(); i++) {
      columns.add(Expression.column(i));
    }
    return columns;
  }

  /** The name of a transform of this step. */
  private String name(String part) {
    nodes++;
    return context.transform(nodes + " " + part);
  }

  private Dataset calc(
      Dataset input, Expression condition, TableSchema schema, List<Expression> columns) {
    PCollectionTuple both =
        input
            .batches()
            .apply(
                name("Calc"),
                ParDo.of(new CalcRows(context.label(), condition, new Columns(schema, columns)))
                    .withOutputTags(CalcRows.ROWS, TupleTagList.of(CalcRows.FAILURES)));
    context.report(both.get(CalcRows.FAILURES));
    return new Dataset(schema, Ordering.NONE, both.get(CalcRows.ROWS));
  }

  /** The columns of a row; inside of a plan they have no names of their own. */
  private TableSchema schema(RelDataType row, boolean isNamed) {
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      int place = columns.size() + 1;
      columns.add(
          new Column(
              isNamed ? field.getName() : "c" + place,
              type(field.getName(), field.getType()),
              field.getType().isNullable(),
              place));
    }
    return new TableSchema(columns);
  }

  private ColumnType type(String name, RelDataType type) {
    return ExactTypes.columnType(type)
        .orElseThrow(
            () ->
                Refusal.of(
                    context.label(),
                    "the column \"" + name + "\", whose type is " + type.getSqlTypeName(),
                    "Cast it to a type of columns."));
  }

  private Dataset aggregate(Aggregate aggregate) {
    if (aggregate.getGroupSets().size() != 1) {
      throw Refusal.of(context.label(), "GROUPING SETS, ROLLUP or CUBE");
    }
    Dataset input = node(aggregate.getInput());
    RelDataType inputType = aggregate.getInput().getRowType();
    List<AggregateCall> calls = aggregate.getAggCallList();
    List<Expression> keys = new ArrayList<>();
    List<Column> keyColumns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      RelDataType type = inputType.getFieldList().get(key).getType();
      keys.add(keyOf(Expression.column(key), type));
      keyColumns.add(column(keyColumns.size(), type(inputType, key), type.isNullable()));
    }
    if (calls.stream().anyMatch(AggregateCall::isDistinct)) {
      int argument = onlyDistinct(calls);
      if (argument >= 0) {
        return aggregateDistinct(aggregate, input, keys, keyColumns, argument);
      }
    }
    List<Expression> arguments = new ArrayList<>(keys);
    List<Column> argumentColumns = new ArrayList<>(keyColumns);
    List<Accumulator.Aggregate> aggregates = new ArrayList<>();
    for (AggregateCall call : calls) {
      Expression argument =
          call.getArgList().isEmpty() ? TRUE : Expression.column(onlyArgument(call));
      ColumnType type =
          call.getArgList().isEmpty() ? Simple.BOOLEAN : type(inputType, onlyArgument(call));
      arguments.add(
          call.filterArg < 0
              ? argument
              : new Logic.Case(
                  List.of(Expression.column(call.filterArg), argument, Expression.constant(null))));
      argumentColumns.add(column(argumentColumns.size(), type, true));
      aggregates.add(kindOf(call, type));
    }
    return grouped(input, arguments, argumentColumns, aggregates, aggregate.getRowType());
  }

  private Dataset grouped(
      Dataset input,
      List<Expression> columns,
      List<Column> schema,
      List<Accumulator.Aggregate> aggregates,
      RelDataType result) {
    TableSchema grouped = new TableSchema(schema);
    TableSchema output = schema(result, false);
    PCollectionTuple both =
        calc(input, TRUE, grouped, columns)
            .batches()
            .apply(
                name("Aggregate"),
                new GroupRows(context.label(), grouped, output, aggregates, context.partitions()));
    context.report(both.get(GroupRows.FAILURES));
    return new Dataset(output, Ordering.NONE, both.get(GroupRows.ROWS));
  }

  private static Column column(int index, ColumnType type, boolean nullable) {
    return new Column("c" + (index + 1), type, nullable, index + 1);
  }

  private ColumnType type(RelDataType row, int column) {
    return type("c" + column, row.getFieldList().get(column).getType());
  }

  // The two zeros of floating-point numbers are one key.
  private static Expression keyOf(Expression value, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case DOUBLE -> Expression.strict(value, number -> (Double) number + 0.0);
      case REAL -> Expression.strict(value, number -> (Float) number + 0.0f);
      default -> value;
    };
  }

  private int onlyArgument(AggregateCall call) {
    if (call.getArgList().size() != 1) {
      throw Refusal.of(context.label(), call.getAggregation().getName() + " of several arguments");
    }
    return call.getArgList().get(0);
  }

  private Accumulator.Aggregate kindOf(AggregateCall call, ColumnType type) {
    boolean isNumber =
        switch (type.kind()) {
          case INT32, INT64, FLOAT32, FLOAT64, DECIMAL -> true;
          default -> false;
        };
    String name = call.getAggregation().getName();
    if (call.getCollation() != null && !call.getCollation().getFieldCollations().isEmpty()) {
      throw Refusal.of(context.label(), name + " WITHIN GROUP");
    }
    return switch (name) {
      case "COUNT" -> new Accumulator.Aggregate(Kind.COUNT, type);
      case "MIN" -> new Accumulator.Aggregate(Kind.LEAST, type);
      case "MAX" -> new Accumulator.Aggregate(Kind.GREATEST, type);
      case "SUM" -> numeric(isNumber, Kind.SUM, call, type);
      case "AVG" -> numeric(isNumber, Kind.MEAN, call, type);
      default -> throw Refusal.of(context.label(), "the aggregate " + name);
    };
  }

  private Accumulator.Aggregate numeric(
      boolean isNumber, Kind kind, AggregateCall call, ColumnType type) {
    if (!isNumber) {
      throw Refusal.of(context.label(), call.getAggregation().getName() + " of " + type.text());
    }
    return new Accumulator.Aggregate(kind, type);
  }

  /** The argument of all calls, if there is one that all have; -1 if DISTINCT changes nothing. */
  private int onlyDistinct(List<AggregateCall> calls) {
    if (calls.stream().filter(AggregateCall::isDistinct).allMatch(PlanExpansion::isExtreme)) {
      return -1;
    }
    Set<Integer> arguments = new HashSet<>();
    for (AggregateCall call : calls) {
      boolean isOfDistinct = call.isDistinct() || isExtreme(call);
      if (!isOfDistinct || call.filterArg >= 0) {
        throw distinctRefused();
      }
      arguments.add(onlyArgument(call));
    }
    if (arguments.size() != 1) {
      throw distinctRefused();
    }
    return arguments.iterator().next();
  }

  private static boolean isExtreme(AggregateCall call) {
    String name = call.getAggregation().getName();
    return name.equals("MIN") || name.equals("MAX");
  }

  private UserFault distinctRefused() {
    return Refusal.of(
        context.label(),
        "DISTINCT in one aggregate beside aggregates of other values",
        "Give it a query of its own and join the two.");
  }

  /** First the groups of keys and argument, then the aggregates of those. */
  private Dataset aggregateDistinct(
      Aggregate aggregate,
      Dataset input,
      List<Expression> keys,
      List<Column> keyColumns,
      int argument) {
    RelDataType argumentType =
        aggregate.getInput().getRowType().getFieldList().get(argument).getType();
    List<Expression> inner = new ArrayList<>(keys);
    inner.add(keyOf(Expression.column(argument), argumentType));
    List<Column> innerColumns = new ArrayList<>(keyColumns);
    ColumnType type = type(aggregate.getInput().getRowType(), argument);
    innerColumns.add(column(innerColumns.size(), type, true));
    Dataset distinct = distinct(input, new TableSchema(innerColumns), inner);
    List<Expression> columns = new ArrayList<>();
    List<Column> schema = new ArrayList<>(keyColumns);
    for (int i = 0; i < keys.size(); i++) {
      columns.add(Expression.column(i));
    }
    List<Accumulator.Aggregate> aggregates = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(Expression.column(keys.size()));
      schema.add(column(schema.size(), type, true));
      aggregates.add(kindOf(call, type));
    }
    return grouped(distinct, columns, schema, aggregates, aggregate.getRowType());
  }

  private Dataset distinct(Dataset input, TableSchema schema, List<Expression> columns) {
    PCollectionTuple both =
        calc(input, TRUE, schema, columns)
            .batches()
            .apply(
                name("Distinct"),
                new GroupRows(context.label(), schema, schema, List.of(), context.partitions()));
    context.report(both.get(GroupRows.FAILURES));
    return new Dataset(schema, Ordering.NONE, both.get(GroupRows.ROWS));
  }

  private Dataset join(Join join) {
    if (!JOINS.contains(join.getJoinType())) {
      throw Refusal.of(context.label(), join.getJoinType() + " joins", JOIN_REMEDY);
    }
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    List<RexNode> others = new ArrayList<>();
    List<Expression> leftKeys = new ArrayList<>();
    List<Expression> rightKeys = new ArrayList<>();
    List<Column> keyColumns = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
      if (!addKey(condition, leftWidth, leftKeys, rightKeys, keyColumns)) {
        others.add(condition);
      }
    }
    if (leftKeys.isEmpty() || (!others.isEmpty() && join.getJoinType() != JoinRelType.INNER)) {
      throw Refusal.of(
          context.label(),
          leftKeys.isEmpty()
              ? "a join without equality of columns, as which it reads a subquery in an expression"
              : "an outer join ON more than equality of columns",
          JOIN_REMEDY);
    }
    Dataset left = node(join.getLeft());
    Dataset right = node(join.getRight());
    TableSchema keys = new TableSchema(keyColumns);
    TableSchema joined = schema(join.getRowType(), false);
    PCollectionTuple both =
        PCollectionList.of(left.batches())
            .and(right.batches())
            .apply(
                name("Join"),
                new JoinRows(
                    context.label(),
                    new JoinRows.Side(
                        left.schema().json(),
                        new Columns(keys, leftKeys),
                        join.getJoinType().generatesNullsOnRight()),
                    new JoinRows.Side(
                        right.schema().json(),
                        new Columns(keys, rightKeys),
                        join.getJoinType().generatesNullsOnLeft()),
                    joined,
                    context.partitions() * BUCKETS_A_PARTITION));
    context.report(both.get(JoinRows.FAILURES));
    Dataset rows = new Dataset(joined, Ordering.NONE, both.get(JoinRows.ROWS));
    if (others.isEmpty()) {
      return rows;
    }
    RexNode rest = RexUtil.composeConjunction(join.getCluster().getRexBuilder(), others);
    return calc(rows, expressions.compile(rest), joined, columns(join.getRowType()));
  }

  /** Whether a condition says that an expression of each side are equal; then they are keys. */
  private boolean addKey(
      RexNode condition,
      int leftWidth,
      List<Expression> leftKeys,
      List<Expression> rightKeys,
      List<Column> columns) {
    if (!(condition instanceof RexCall call) || call.getKind() != SqlKind.EQUALS) {
      return false;
    }
    RexNode first = ExpressionCompiler.uncast(call.getOperands().get(0));
    RexNode second = ExpressionCompiler.uncast(call.getOperands().get(1));
    Comparison comparison = ExpressionCompiler.comparison(first.getType(), second.getType());
    boolean isLeftFirst = isOf(first, 0, leftWidth) && isOf(second, leftWidth, Integer.MAX_VALUE);
    boolean isRightFirst = isOf(second, 0, leftWidth) && isOf(first, leftWidth, Integer.MAX_VALUE);
    if (comparison == null || !(isLeftFirst || isRightFirst)) {
      return false;
    }
    RexNode left = isLeftFirst ? first : second;
    RexNode right = RexUtil.shift(isLeftFirst ? second : first, -leftWidth);
    ColumnType type = keyType(comparison, left.getType(), right.getType());
    leftKeys.add(joinKey(left, comparison));
    rightKeys.add(joinKey(right, comparison));
    columns.add(column(columns.size(), type, true));
    return true;
  }

  private static boolean isOf(RexNode node, int from, int to) {
    int[] columns = RelOptUtil.InputFinder.bits(node).toArray();
    for (int column : columns) {
      if (column < from || column >= to) {
        return false;
      }
    }
    return columns.length > 0;
  }

  private ColumnType keyType(Comparison comparison, RelDataType left, RelDataType right) {
    return switch (comparison) {
      case INTEGERS -> Simple.INT64;
      case DOUBLES -> Simple.FLOAT64;
      case TEXTS -> Simple.TEXT;
      case BYTES -> Simple.BINARY;
      // As text without zeros at the end: no decimal holds the digits of any two.
      case DECIMALS -> Simple.TEXT;
      case TIMES -> new ColumnType.Timestamp(true);
      case NATURAL ->
          left.getSqlTypeName() == SqlTypeName.NULL ? type("key", right) : type("key", left);
    };
  }

  private Expression joinKey(RexNode side, Comparison comparison) {
    Expression value = expressions.compile(side);
    return switch (comparison) {
      case INTEGERS -> Expression.strict(value, number -> ((Number) number).longValue());
      case DOUBLES -> Expression.strict(value, number -> ((Number) number).doubleValue() + 0.0);
      case DECIMALS ->
          Expression.strict(
              value,
              number -> Comparison.Numbers.decimal(number).stripTrailingZeros().toPlainString());
      case TIMES -> Expression.strict(value, Casts::toInstant);
      case TEXTS, BYTES, NATURAL -> value;
    };
  }

  private Dataset union(Union union) {
    Dataset all = sideBySide(union, List.of());
    if (union.all) {
      return all;
    }
    return distinct(all, all.schema(), keys(union.getRowType()));
  }

  private static List<Expression> keys(RelDataType row) {
    List<Expression> keys = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      keys.add(keyOf(Expression.column(field.getIndex()), field.getType()));
    }
    return keys;
  }

  /** The rows of all sides, in the types of the result, and then the flags of each side. */
  private Dataset sideBySide(SetOp operation, List<List<Expression>> flags) {
    List<Column> columns = new ArrayList<>(schema(operation.getRowType(), false).columns());
    int added = flags.isEmpty() ? 0 : flags.get(0).size();
    for (int i = 0; i < added; i++) {
      columns.add(column(columns.size(), Simple.BOOLEAN, true));
    }
    TableSchema schema = new TableSchema(columns);
    PCollectionList<SourcedBatch> sides = PCollectionList.empty(pipeline);
    for (int side = 0; side < operation.getInputs().size(); side++) {
      RelNode input = operation.getInputs().get(side);
      List<Expression> values = new ArrayList<>();
      for (RelDataTypeField field : operation.getRowType().getFieldList()) {
        RexNode column = RexInputRef.of(field.getIndex(), input.getRowType());
        values.add(expressions.compile(column, field.getType()));
      }
      if (!flags.isEmpty()) {
        values.addAll(flags.get(side));
      }
      sides = sides.and(calc(node(input), TRUE, schema, values).batches());
    }
    PCollection<SourcedBatch> all = sides.apply(name("Union"), Flatten.pCollections());
    return new Dataset(schema, Ordering.NONE, all);
  }

  /** INTERSECT and EXCEPT: the rows of how many of each side decide. */
  private Dataset setOperation(SetOp operation) {
    String word = operation instanceof Intersect ? "INTERSECT" : "EXCEPT";
    if (operation.all) {
      throw Refusal.of(context.label(), word + " ALL");
    }
    int sides = operation.getInputs().size();
    int width = operation.getRowType().getFieldCount();
    List<List<Expression>> flags = new ArrayList<>();
    for (int side = 0; side < sides; side++) {
      List<Expression> ofSide = new ArrayList<>();
      for (int flag = 0; flag < sides; flag++) {
        ofSide.add(Expression.constant(flag == side ? true : null));
      }
      flags.add(ofSide);
    }
    Dataset all = sideBySide(operation, flags);
    List<Expression> columns = keys(operation.getRowType());
    List<Column> counted = new ArrayList<>(all.schema().columns().subList(0, width));
    List<Accumulator.Aggregate> aggregates = new ArrayList<>();
    for (int side = 0; side < sides; side++) {
      columns.add(Expression.column(width + side));
      counted.add(column(counted.size(), Simple.INT64, false));
      aggregates.add(new Accumulator.Aggregate(Kind.COUNT, Simple.BOOLEAN));
    }
    PCollectionTuple both =
        calc(all, TRUE, all.schema(), columns)
            .batches()
            .apply(
                name(word),
                new GroupRows(
                    context.label(),
                    all.schema(),
                    new TableSchema(counted),
                    aggregates,
                    context.partitions()));
    context.report(both.get(GroupRows.FAILURES));
    boolean isIntersect = operation instanceof Intersect;
    Expression holds =
        (batch, row) -> {
          boolean isIn = batch.column(width).longAt(row) > 0;
          for (int side = 1; side < sides; side++) {
            isIn &= (batch.column(width + side).longAt(row) > 0) == isIntersect;
          }
          return isIn;
        };
    return calc(
        new Dataset(new TableSchema(counted), Ordering.NONE, both.get(GroupRows.ROWS)),
        holds,
        schema(operation.getRowType(), false),
        columns(operation.getRowType()));
  }

  private Dataset sort(Sort sort) {
    Dataset input = node(sort.getInput());
    if (sort.fetch == null && sort.offset == null) {
      return input;
    }
    List<Expression> columns = new ArrayList<>();
    List<Column> schema = new ArrayList<>();
    List<Boolean> descending = new ArrayList<>();
    List<Boolean> nullsFirst = new ArrayList<>();
    for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
      RelDataType type = sort.getRowType().getFieldList().get(field.getFieldIndex()).getType();
      columns.add(keyOf(Expression.column(field.getFieldIndex()), type));
      schema.add(column(schema.size(), type(sort.getRowType(), field.getFieldIndex()), true));
      descending.add(field.getDirection().isDescending());
      nullsFirst.add(field.nullDirection == NullDirection.FIRST);
    }
    FirstRows first =
        new FirstRows(
            new FirstRows.Order(
                new Columns(new TableSchema(schema), columns),
                descending,
                nullsFirst,
                sort.offset == null ? 0 : count(sort.offset),
                sort.fetch == null ? Long.MAX_VALUE : count(sort.fetch),
                input.schema().json()));
    return new Dataset(input.schema(), Ordering.NONE, input.batches().apply(name("Limit"), first));
  }

  private long count(RexNode rows) {
    BigDecimal count =
        rows instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    if (count == null || count.signum() < 0) {
      throw Refusal.of(context.label(), "LIMIT or OFFSET that is no whole number");
    }
    return count.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  private Dataset values(Values values) {
    TableSchema schema = schema(values.getRowType(), false);
    BatchBuilder rows = new BatchBuilder(schema);
    Batch none = new Batch(new TableSchema(List.of()), 1, List.of());
    values
        .getTuples()
        .forEach(
            tuple -> {
              for (int i = 0; i < tuple.size(); i++) {
                RelDataType type = values.getRowType().getFieldList().get(i).getType();
                rows.column(i).append(expressions.compile(tuple.get(i), type).of(none, 0));
              }
            });
    PCollection<SourcedBatch> batches =
        pipeline.apply(
            name("Values"),
            Create.of(new SourcedBatch(0, 0, rows.build()))
                .withCoder(new SourcedBatchCoder(schema)));
    return new Dataset(schema, Ordering.NONE, batches);
  }
}
