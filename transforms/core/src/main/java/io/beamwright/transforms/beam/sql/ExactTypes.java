// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.util.Collection;
import org.apache.beam.sdk.extensions.sql.impl.CalciteQueryPlanner;
import org.apache.beam.sdk.extensions.sql.impl.JdbcConnection;
import org.apache.beam.sdk.extensions.sql.impl.QueryPlanner;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.DelegatingTypeSystem;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.tools.FrameworkConfig;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.tools.Frameworks;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.tools.RuleSet;

/**
 * Beam's planner, but for the types of two aggregates of integers: a mean is a double and a sum has
 * 64 bits, where Beam SQL gives both the type of the column and so drops the mean's fraction and
 * the sum's upper bits. Public because Beam finds a planner by its name.
 */
public final class ExactTypes extends CalciteQueryPlanner {

  /** What Beam looks for in the class. */
  public static final Factory FACTORY =
      new Factory() {
        @Override
        public QueryPlanner createPlanner(JdbcConnection connection, Collection<RuleSet> ruleSets) {
          // Beam's own also makes Beam's functions known to the connection.
          var unused = CalciteQueryPlanner.FACTORY.createPlanner(connection, ruleSets);
          return new ExactTypes(connection, ruleSets);
        }
      };

  private ExactTypes(JdbcConnection connection, Collection<RuleSet> ruleSets) {
    super(connection, ruleSets);
  }

  @Override
  public FrameworkConfig defaultConfig(JdbcConnection connection, Collection<RuleSet> ruleSets) {
    FrameworkConfig config = super.defaultConfig(connection, ruleSets);
    return Frameworks.newConfigBuilder(config)
        .typeSystem(new OfAggregates(config.getTypeSystem()))
        .build();
  }

  static boolean isInteger(RelDataType type) {
    return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
  }

  private static final class OfAggregates extends DelegatingTypeSystem {

    OfAggregates(RelDataTypeSystem beam) {
      super(beam);
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory types, RelDataType argument) {
      return isInteger(argument)
          ? as(types, SqlTypeName.BIGINT, argument)
          : super.deriveSumType(types, argument);
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory types, RelDataType argument) {
      return isInteger(argument)
          ? as(types, SqlTypeName.DOUBLE, argument)
          : super.deriveAvgAggType(types, argument);
    }

    private static RelDataType as(
        RelDataTypeFactory types, SqlTypeName name, RelDataType argument) {
      return types.createTypeWithNullability(types.createSqlType(name), argument.isNullable());
    }
  }
}
