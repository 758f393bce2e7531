// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import io.beamwright.tables.Batch;
import io.beamwright.tables.Column;
import io.beamwright.tables.TableReader;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table.
 *
 * @param columns the names of the columns
 * @param rows the values of each row: boxed numbers, texts, {@code java.time}, {@code byte[]}, null
 */
public record TableRows(List<String> columns, List<List<@Nullable Object>> rows) {

  public TableRows {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  static TableRows read(Store store, String revision, List<FileEntry> files) {
    List<String> columns = new ArrayList<>();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (FileEntry file : files) {
      String shown = revision + ":" + file.path().text();
      RandomAccessSource source = RandomAccessSource.of(store.files(), file.file());
      try (TableReader reader = TableReader.open(shown, source)) {
        List<String> names = reader.schema().columns().stream().map(Column::name).toList();
        if (columns.isEmpty()) {
          columns.addAll(names);
        } else if (!columns.equals(names)) {
          throw new AssertionError(
              "%s has the columns %s, and a table before it %s."
                  .formatted(shown, String.join(", ", names), String.join(", ", columns)));
        }
        for (Optional<Batch> batch = reader.next(); batch.isPresent(); batch = reader.next()) {
          add(batch.get(), rows);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new TableRows(columns, rows);
  }

  private static void add(Batch batch, List<List<@Nullable Object>> rows) {
    for (int row = 0; row < batch.rowCount(); row++) {
      List<@Nullable Object> values = new ArrayList<>(batch.columns().size());
      for (int column = 0; column < batch.columns().size(); column++) {
        values.add(batch.column(column).valueAt(row));
      }
      rows.add(Collections.unmodifiableList(values));
    }
  }

  /**
   * The values of one column, row after row.
   *
   * @throws AssertionError if there is no such column
   */
  public List<@Nullable Object> column(String name) {
    int place = columns.indexOf(name);
    if (place < 0) {
      throw new AssertionError(
          "There is no column \"" + name + "\"; there are " + String.join(", ", columns) + ".");
    }
    return rows.stream().map(row -> row.get(place)).collect(Collectors.toList());
  }

  /**
   * Each row as text: its cells divided by {@code |}, {@code null} for null, bytes in hexadecimal.
   */
  public List<String> texts() {
    return rows.stream()
        .map(row -> row.stream().map(TableRows::text).collect(Collectors.joining("|")))
        .toList();
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }
}
