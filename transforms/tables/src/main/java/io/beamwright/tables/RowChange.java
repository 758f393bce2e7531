// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A row that differs between two tables; rows are told by key. */
public sealed interface RowChange {

  /** A row whose key only the newer table has. */
  record Added(Row after) implements RowChange {}

  /** A row whose key only the older table has. */
  record Removed(Row before) implements RowChange {}

  /** A row that both have, with another value in a column that both have. */
  record Changed(Row before, Row after) implements RowChange {

    /** The columns whose values differ, by name: those alone that both tables have. */
    public List<String> columns() {
      return before.schema().columns().stream()
          .map(Column::name)
          .filter(name -> after.schema().indexOf(name).isPresent())
          .filter(name -> isComparable(name) && !sameValue(name))
          .toList();
    }

    private boolean isComparable(String name) {
      return before.typeOf(name).equals(after.typeOf(name));
    }

    private boolean sameValue(String name) {
      return Objects.equals(before.json(name), after.json(name));
    }
  }

  /**
   * One row.
   *
   * @param batch it alone, the columns of the key first
   */
  record Row(Batch batch) {

    public Row {
      if (batch.rowCount() != 1) {
        throw new IllegalArgumentException(batch.rowCount() + " rows for one");
      }
    }

    /** The columns, those of the key first. */
    public TableSchema schema() {
      return batch.schema();
    }

    private ColumnType typeOf(String column) {
      return schema().column(schema().indexOf(column).orElseThrow()).type();
    }

    /** The value of a column of this name, as {@link TextFormat#JSON} writes it. */
    public String json(String column) {
      StringBuilder text = new StringBuilder();
      int index = schema().indexOf(column).orElseThrow();
      JsonRowText.appendValue(batch.column(index), 0, text);
      return text.toString();
    }

    /** The whole row as a JSON object, as {@link TextFormat#JSON} writes it, without a line end. */
    public String json() {
      StringBuilder text = new StringBuilder();
      new JsonRowText(schema()).appendRow(batch, 0, text);
      return text.substring(0, text.length() - 1);
    }

    /** The first {@code count} columns as {@code name=value}, with a comma between. */
    public String text(int count) {
      return String.join(
          ", ",
          IntStream.range(0, count)
              .mapToObj(schema()::column)
              .map(column -> column.name() + "=" + json(column.name()))
              .toList());
    }
  }
}
