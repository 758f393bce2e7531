// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.extensions.sql.impl.UdafImpl;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamAggregationRel;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamCoGBKJoinRel;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamMatchRel;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamRelNode;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamSortRel;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamWindowRel;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelCollations;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelFieldCollation;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelShuttleImpl;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.AggregateCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexShuttle;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlIdentifier;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlKind;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.InferTypes;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.OperandTypes;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.ReturnTypes;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.util.Optionality;

/**
 * Turns a plan of Beam SQL into one whose rows do not depend on the order in which the runner gives
 * it rows, or refuses it: aggregates of numbers become exact ones, and a limit gets all columns as
 * its last order. Joins become {@link KeyedJoin}s.
 */
final class OrderIndependence extends RelShuttleImpl {

  /** Aggregates whose outcome Beam computes in a way that no order changes. */
  private static final Set<String> INDEPENDENT =
      Set.of(
          "COUNT", "COUNTIF", "MAX", "MIN", "SUM", "$SUM0", "AVG", "BIT_AND", "BIT_OR", "BIT_XOR");

  /** Those of them that Beam computes so for floating-point numbers too. */
  private static final Set<String> INDEPENDENT_OF_ANY_TYPE = Set.of("COUNT", "COUNTIF");

  /** Those that Beam computes in the type of the column, however narrow that is. */
  private static final Map<String, IntegerAggregate.Kind> OF_INTEGERS =
      Map.of(
          "SUM", IntegerAggregate.Kind.SUM,
          "$SUM0", IntegerAggregate.Kind.SUM_OR_ZERO,
          "AVG", IntegerAggregate.Kind.MEAN);

  /** What Beam's comparison of rows for a limit can compare. */
  private static final Set<SqlTypeName> COMPARABLE =
      Set.of(
          SqlTypeName.TINYINT,
          SqlTypeName.SMALLINT,
          SqlTypeName.INTEGER,
          SqlTypeName.BIGINT,
          SqlTypeName.FLOAT,
          SqlTypeName.DOUBLE,
          SqlTypeName.VARCHAR,
          SqlTypeName.CHAR,
          SqlTypeName.DATE,
          SqlTypeName.TIMESTAMP);

  private final String label;
  private final int joinBuckets;

  /**
   * For the plan of a step.
   *
   * @param label what messages call the step
   * @param joinBuckets into how many buckets joins divide their rows, a power of two
   */
  OrderIndependence(String label, int joinBuckets) {
    this.label = label;
    this.joinBuckets = joinBuckets;
  }

  /**
   * The plan, independent of order.
   *
   * @throws UserFault if it cannot be made so
   */
  BeamRelNode of(BeamRelNode plan) {
    return (BeamRelNode) plan.accept(this);
  }

  @Override
  public RelNode visit(RelNode node) {
    RelNode visited = super.visit(node);
    visited.accept(new RefusesChance());
    if (visited instanceof BeamAggregationRel aggregation) {
      return exact(aggregation);
    }
    if (visited instanceof BeamCoGBKJoinRel join) {
      return KeyedJoinRel.inPlaceOf(join, label, joinBuckets);
    }
    if (visited instanceof BeamSortRel sort) {
      return totallyOrdered(sort);
    }
    if (visited instanceof BeamWindowRel || visited instanceof BeamMatchRel) {
      throw refused("a window (OVER) or MATCH_RECOGNIZE");
    }
    return visited;
  }

  private UserFault refused(String what) {
    return new UserFault(
        "Step "
            + label
            + ": the query has "
            + what
            + ", whose rows in Beam SQL depend on the order in which a runner meets its input.",
        "Use a sql stage for it: DuckDB runs that over the whole input in a fixed order.");
  }

  private RelNode exact(BeamAggregationRel aggregation) {
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : aggregation.getAggCallList()) {
      calls.add(exact(call, aggregation));
    }
    return aggregation.copy(
        aggregation.getTraitSet(),
        aggregation.getInput(),
        aggregation.getGroupSet(),
        aggregation.getGroupSets(),
        calls);
  }

  private AggregateCall exact(AggregateCall call, BeamAggregationRel aggregation) {
    String name = call.getAggregation().getName();
    if (!INDEPENDENT.contains(name)) {
      throw refused(name);
    }
    if (call.filterArg >= 0) {
      throw new UserFault(
          "Step " + label + ": Beam SQL does not heed FILTER after " + name + ".",
          "Write " + name + "(CASE WHEN … THEN … END) instead.");
    }
    if (call.getArgList().size() != 1 || INDEPENDENT_OF_ANY_TYPE.contains(name)) {
      return call;
    }
    int column = call.getArgList().get(0);
    RelDataType type = aggregation.getInput().getRowType().getFieldList().get(column).getType();
    if (SqlTypeName.APPROX_TYPES.contains(type.getSqlTypeName())) {
      return withFunction(call, function(call, name, floating(call, name)));
    }
    if (ExactTypes.isInteger(type) && OF_INTEGERS.containsKey(name)) {
      IntegerAggregate.Kind kind = OF_INTEGERS.get(name);
      return withFunction(call, function(call, name, new IntegerAggregate(kind, label)));
    }
    return call;
  }

  private FloatingAggregate floating(AggregateCall call, String name) {
    boolean narrow = call.getType().getSqlTypeName() != SqlTypeName.DOUBLE;
    return switch (name) {
      case "SUM" -> new FloatingAggregate(FloatingAggregate.Kind.SUM, narrow);
      case "$SUM0" -> new FloatingAggregate(FloatingAggregate.Kind.SUM_OR_ZERO, narrow);
      case "AVG" -> new FloatingAggregate(FloatingAggregate.Kind.MEAN, narrow);
      case "MIN" -> new FloatingAggregate(FloatingAggregate.Kind.LEAST, narrow);
      case "MAX" -> new FloatingAggregate(FloatingAggregate.Kind.GREATEST, narrow);
      default -> throw refused(name + " of floating-point numbers");
    };
  }

  private static SqlUserDefinedAggFunction function(
      AggregateCall call, String name, CombineFn<?, ?, ?> combine) {
    return new SqlUserDefinedAggFunction(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.explicit(call.getType()),
        InferTypes.FIRST_KNOWN,
        OperandTypes.operandMetadata(
            List.of(), factory -> List.of(), ordinal -> "value", ordinal -> false),
        new UdafImpl<>(combine),
        false,
        false,
        Optionality.FORBIDDEN);
  }

  private static AggregateCall withFunction(
      AggregateCall call, SqlUserDefinedAggFunction function) {
    return AggregateCall.create(
        function,
        call.isDistinct(),
        call.isApproximate(),
        call.ignoreNulls(),
        call.rexList,
        call.getArgList(),
        call.filterArg,
        call.distinctKeys,
        call.getCollation(),
        call.getType(),
        call.getName());
  }

  private RelNode totallyOrdered(BeamSortRel sort) {
    List<RelFieldCollation> order = new ArrayList<>(sort.getCollation().getFieldCollations());
    Set<Integer> ordered = new HashSet<>();
    order.forEach(field -> ordered.add(field.getFieldIndex()));
    for (RelDataTypeField field : sort.getRowType().getFieldList()) {
      if (!COMPARABLE.contains(field.getType().getSqlTypeName())) {
        throw refused("LIMIT with a column of " + field.getType().getSqlTypeName());
      }
      if (ordered.add(field.getIndex())) {
        order.add(new RelFieldCollation(field.getIndex()));
      }
    }
    return sort.copy(
        sort.getTraitSet(), sort.getInput(), RelCollations.of(order), sort.offset, sort.fetch);
  }

  /** Refuses functions that give something else on each call or on each day. */
  private final class RefusesChance extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      if (!call.getOperator().isDeterministic() || call.getOperator().isDynamicFunction()) {
        throw new UserFault(
            "Step "
                + label
                + ": "
                + call.getOperator().getName()
                + " gives another value each run.",
            "Put the value into the query or into a table.");
      }
      return super.visitCall(call);
    }
  }
}
