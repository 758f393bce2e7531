// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the rows of two tables are laid out to be compared: of each table first the columns of the
 * key, then the others that both have with one type, then what it has alone.
 *
 * @param key number of columns of the key
 * @param shared number of columns that are compared, the key's included
 * @param before the older table with all its columns in that order, none if it is absent
 * @param after likewise the newer one
 * @param changes how the columns differ
 */
record RowLayout(int key, int shared, Named before, Named after, List<SchemaChange> changes) {

  /** A table's columns, and what it is called in messages. */
  record Named(String name, TableSchema schema) {}

  /**
   * The layout of two tables, of which one may be absent.
   *
   * @throws UserFault if a column of the key is not in both with one type
   */
  static RowLayout of(Optional<Named> before, Optional<Named> after, List<String> key) {
    for (String column : key) {
      before.ifPresent(table -> requireColumn(table, column));
      after.ifPresent(table -> requireColumn(table, column));
    }
    Map<String, Column> older = byName(before);
    Map<String, Column> newer = byName(after);
    boolean both = before.isPresent() && after.isPresent();
    List<String> shared = new ArrayList<>(key);
    List<SchemaChange> changes = new ArrayList<>();
    older.forEach(
        (name, column) -> {
          Column now = newer.get(name);
          if (now == null) {
            changes.add(new SchemaChange.Removed(column));
          } else if (!now.type().equals(column.type())) {
            changes.add(new SchemaChange.Retyped(column, now));
          } else if (!key.contains(name)) {
            shared.add(name);
          }
        });
    newer.values().stream()
        .filter(column -> !older.containsKey(column.name()))
        .forEach(column -> changes.add(new SchemaChange.Added(column)));
    if (both) {
      requireKeyOfOneType(after.get().name(), changes, key);
    }
    return new RowLayout(
        key.size(),
        shared.size(),
        new Named(before.map(Named::name).orElse(""), ordered(older, shared)),
        new Named(after.map(Named::name).orElse(""), ordered(newer, shared)),
        both ? List.copyOf(changes) : List.of());
  }

  private static void requireColumn(Named table, String column) {
    if (table.schema().indexOf(column).isEmpty()) {
      throw new UserFault(
          table.name() + " has no column \"" + column + "\" to tell rows by.",
          "The columns are "
              + String.join(", ", table.schema().columns().stream().map(Column::name).toList())
              + ".");
    }
  }

  private static void requireKeyOfOneType(
      String name, List<SchemaChange> changes, List<String> key) {
    for (SchemaChange change : changes) {
      if (change instanceof SchemaChange.Retyped retyped && key.contains(retyped.after().name())) {
        throw new UserFault(
            "%s: the key column \"%s\" was %s and is %s, so that rows cannot be told by it."
                .formatted(
                    name,
                    retyped.after().name(),
                    retyped.before().type().text(),
                    retyped.after().type().text()),
            "Name another key.");
      }
    }
  }

  private static Map<String, Column> byName(Optional<Named> table) {
    Map<String, Column> columns = new LinkedHashMap<>();
    table.ifPresent(
        of -> of.schema().columns().forEach(column -> columns.put(column.name(), column)));
    return columns;
  }

  private static TableSchema ordered(Map<String, Column> columns, List<String> first) {
    List<Column> ordered = new ArrayList<>();
    first.stream().filter(columns::containsKey).map(columns::get).forEach(ordered::add);
    columns.values().stream()
        .filter(column -> !first.contains(column.name()))
        .forEach(ordered::add);
    // Files of one table may differ in what may be null.
    return new TableSchema(
        ordered.stream()
            .map(column -> new Column(column.name(), column.type(), true, column.fieldId()))
            .toList());
  }

  /** Whether two schemas have the same names and types, in any order. */
  static boolean sameColumns(TableSchema one, TableSchema other) {
    return types(one).equals(types(other));
  }

  private static Map<String, ColumnType> types(TableSchema schema) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    schema.columns().forEach(column -> types.put(column.name(), column.type()));
    return types;
  }

  Records records(boolean isNewer) {
    return new Records(this, isNewer);
  }

  /**
   * Makes the records of one table that are sorted: the encoding of the key, 0 for the older table
   * or 1, the encodings of the shared columns and of the rest, and the lengths of the first and the
   * third. Ordered as bytes, the rows of a key come together, the older one first.
   */
  static final class Records {
    private final RowLayout layout;
    private final TableSchema schema;
    private final RowEncoding encoding;
    private final boolean isNewer;
    private final RowBytes bytes = new RowBytes();

    private Records(RowLayout layout, boolean isNewer) {
      this.layout = layout;
      this.isNewer = isNewer;
      this.schema = (isNewer ? layout.after : layout.before).schema();
      this.encoding = new RowEncoding(schema);
    }

    /** The columns in the order in which {@link #record} wants them. */
    List<String> columns() {
      return schema.columns().stream().map(Column::name).toList();
    }

    byte[] record(Batch batch, int row) {
      bytes.clear();
      encoding.encode(batch, row, 0, layout.key, bytes);
      int key = bytes.length();
      bytes.put((byte) (isNewer ? 1 : 0));
      encoding.encode(batch, row, layout.key, layout.shared, bytes);
      int shared = bytes.length() - key - 1;
      encoding.encode(batch, row, layout.shared, schema.width(), bytes);
      bytes.putInt(key);
      bytes.putInt(shared);
      return bytes.toByteArray();
    }
  }

  /** A record of {@link Records}, in its parts. */
  static final class Parts {

    private static final int LENGTHS = 2 * Integer.BYTES;

    private final byte[] record;
    private final int key;
    private final int shared;

    private Parts(byte[] record, int key, int shared) {
      this.record = record;
      this.key = key;
      this.shared = shared;
    }

    static Parts of(byte[] record) {
      ByteBuffer lengths = ByteBuffer.wrap(record, record.length - LENGTHS, LENGTHS);
      return new Parts(record, lengths.getInt(), lengths.getInt());
    }

    /** The whole record; not copied, so don't change it. */
    byte[] record() {
      return record;
    }

    boolean isNewer() {
      return record[key] == 1;
    }

    boolean hasKeyOf(Parts other) {
      return Arrays.equals(record, 0, key, other.record, 0, other.key);
    }

    boolean hasValuesOf(Parts other) {
      return Arrays.equals(
          record,
          key + 1,
          key + 1 + shared,
          other.record,
          other.key + 1,
          other.key + 1 + other.shared);
    }

    /** The encoding of the whole row. */
    private byte[] row() {
      byte[] row = new byte[record.length - LENGTHS - 1];
      System.arraycopy(record, 0, row, 0, key);
      System.arraycopy(record, key + 1, row, key, row.length - key);
      return row;
    }
  }

  /** The table that a record is of. */
  Named table(Parts parts) {
    return parts.isNewer() ? after : before;
  }

  /** The row that a record was made of. */
  RowChange.Row row(Parts parts) {
    TableSchema schema = table(parts).schema();
    BatchBuilder row = new BatchBuilder(schema);
    new RowEncoding(schema).decode(parts.row(), row);
    return new RowChange.Row(row.build());
  }
}
