// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.versioning.fault.UserFault;
import java.util.Set;
import org.apache.beam.sdk.extensions.sql.impl.rel.BeamCoGBKJoinRel;
import org.apache.beam.sdk.extensions.sql.impl.utils.CalciteUtils;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.plan.RelTraitSet;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.RelNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.Join;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.JoinInfo;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.core.JoinRelType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.util.mapping.IntPair;

/** A join by {@link KeyedJoin}, in the place of Beam's in a plan. */
final class KeyedJoinRel extends BeamCoGBKJoinRel {

  private static final Set<JoinRelType> TYPES =
      Set.of(JoinRelType.INNER, JoinRelType.LEFT, JoinRelType.RIGHT, JoinRelType.FULL);

  private final int buckets;

  private KeyedJoinRel(Join join, RelTraitSet traits, RelNode left, RelNode right, int buckets) {
    super(
        join.getCluster(),
        traits,
        left,
        right,
        join.getCondition(),
        join.getVariablesSet(),
        join.getJoinType());
    this.buckets = buckets;
  }

  /**
   * The same join, by buckets of keys.
   *
   * @param step what messages call the step
   * @param buckets a power of two
   * @throws UserFault if it is no join by equality of columns
   */
  static KeyedJoinRel inPlaceOf(BeamCoGBKJoinRel join, String step, int buckets) {
    JoinInfo keys = keys(join);
    if (!TYPES.contains(join.getJoinType()) || !keys.isEqui() || keys.pairs().isEmpty()) {
      throw new UserFault(
          "Step " + step + ": Beam SQL joins only ON columns that are equal, several with AND.",
          "Put other conditions into WHERE, expressions into a SELECT before, or use a sql stage.");
    }
    for (IntPair pair : keys.pairs()) {
      if (kind(join.getLeft(), pair.source) != kind(join.getRight(), pair.target)) {
        throw new IllegalStateException("the planner casts what it compares: " + join);
      }
    }
    return new KeyedJoinRel(join, join.getTraitSet(), join.getLeft(), join.getRight(), buckets);
  }

  private static JoinInfo keys(Join join) {
    return JoinInfo.createWithStrictEquality(join.getLeft(), join.getRight(), join.getCondition());
  }

  /** Types of one kind have one form in a {@link JoinKey}. */
  private static SqlTypeName kind(RelNode side, int column) {
    RelDataType type = side.getRowType().getFieldList().get(column).getType();
    SqlTypeName name = type.getSqlTypeName();
    if (ExactTypes.isInteger(type)) {
      return SqlTypeName.BIGINT;
    }
    if (SqlTypeName.APPROX_TYPES.contains(name)) {
      return SqlTypeName.DOUBLE;
    }
    return name == SqlTypeName.CHAR ? SqlTypeName.VARCHAR : name;
  }

  @Override
  public PTransform<PCollectionList<Row>, PCollection<Row>> buildPTransform() {
    JoinInfo keys = keys(this);
    return new KeyedJoin(
        new JoinKey(keys.leftKeys.toIntegerList()),
        new JoinKey(keys.rightKeys.toIntegerList()),
        getJoinType().generatesNullsOnRight(),
        getJoinType().generatesNullsOnLeft(),
        CalciteUtils.toSchema(getRowType()),
        buckets);
  }

  @Override
  public Join copy(
      RelTraitSet traits,
      RexNode condition,
      RelNode left,
      RelNode right,
      JoinRelType type,
      boolean semiJoinDone) {
    if (!condition.equals(getCondition()) || type != getJoinType()) {
      throw new IllegalStateException("a join that was planned changes");
    }
    return new KeyedJoinRel(this, traits, left, right, buckets);
  }
}
