// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.util.stream.Collectors;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexInputRef;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexNode;

/** How messages show the expressions of a plan. */
final class SqlNames {

  private SqlNames() {}

  /** The operator's name, or what else it is. */
  static String shown(RexNode node) {
    if (node instanceof RexCall call) {
      return call.getOperator().getName();
    }
    return node instanceof RexInputRef ? "a column" : node.toString();
  }

  /** The types of a call's operands. */
  static String types(RexCall call) {
    return " of "
        + call.getOperands().stream()
            .map(operand -> operand.getType().toString())
            .collect(Collectors.joining(", "));
  }
}
