// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

/** How a column of one table differs from the columns of another; columns are told by name. */
public sealed interface SchemaChange {

  /** A column that only the newer table has. */
  record Added(Column after) implements SchemaChange {}

  /** A column that only the older table has. */
  record Removed(Column before) implements SchemaChange {}

  /** A column of another type; its values are not compared. */
  record Retyped(Column before, Column after) implements SchemaChange {}
}
