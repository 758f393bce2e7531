// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class TableCutterTest {

  private static final TableSchema SCHEMA = Tables.schema("n", ColumnType.Simple.INT32);
  private static final int ROWS = 300_000;

  @Test
  void filesTogetherAreTheRowsInTheirOrder() throws IOException {
    List<byte[]> files = cut(ROWS, row -> row, 1_000);
    int next = 0;
    for (byte[] file : files) {
      Batch rows = Tables.read(file);
      for (int row = 0; row < rows.rowCount(); row++) {
        assertThat(rows.column(0).intAt(row)).isEqualTo(next++);
      }
    }

    assertThat(next).isEqualTo(ROWS);
    assertThat(files.size()).isBetween(ROWS / 50_000, ROWS / 12_000);
  }

  @Test
  void batchesDoNotMoveTheCuts() throws IOException {
    assertThat(ids(cut(ROWS / 3, row -> row, 777)))
        .isEqualTo(ids(cut(ROWS / 3, row -> row, 4_096)));
  }

  @Test
  void rowsInsertedInTheMiddleChangeFewFiles() throws IOException {
    Set<Sha256> before = new HashSet<>(ids(cut(ROWS, row -> row, 4_096)));
    IntUnaryOperator inserted =
        row -> row < ROWS / 2 ? row : row < ROWS / 2 + 100 ? -row : row - 100;
    List<Sha256> after = ids(cut(ROWS + 100, inserted, 4_096));
    Set<Sha256> created = new HashSet<>(after);
    created.removeAll(before);

    assertThat(created).hasSizeBetween(1, 3);
    assertThat(after).hasSizeGreaterThan(6);
  }

  @Test
  void aSmallTableIsOneFileAndSoIsOneWithoutRows() throws IOException {
    assertThat(cut(TableCutter.MIN_ROWS - 1, row -> row, 4_096)).hasSize(1);

    List<byte[]> none = cut(0, row -> row, 1);
    assertThat(none).hasSize(1);
    assertThat(Tables.read(none.get(0)).rowCount()).isZero();
  }

  @Test
  void theFactsAreThoseOfEachFile() throws IOException {
    List<byte[]> files = new ArrayList<>();
    List<TableFacts> facts = cut(40_000, row -> row, 4_096, files);

    assertThat(facts).hasSameSizeAs(files);
    for (int i = 0; i < files.size(); i++) {
      assertThat(facts.get(i))
          .isEqualTo(TableInspector.inspect("p", RandomAccessSource.of(files.get(i))));
    }
  }

  @Test
  void theRulesOfTheCut() {
    RowHash cuts = new RowHash(1L << TableCutter.CUT_BITS, -1);
    RowHash goesOn = new RowHash(1, 0);

    assertThat(TableCutter.endsAfter(cuts, TableCutter.MIN_ROWS - 1, 1)).isFalse();
    assertThat(TableCutter.endsAfter(cuts, TableCutter.MIN_ROWS, 1)).isTrue();
    assertThat(TableCutter.endsAfter(goesOn, TableCutter.MAX_ROWS - 1, 1)).isFalse();
    assertThat(TableCutter.endsAfter(goesOn, TableCutter.MAX_ROWS, 1)).isTrue();
    assertThat(TableCutter.endsAfter(goesOn, 1, TableCutter.MAX_BYTES)).isTrue();
  }

  private static List<Sha256> ids(List<byte[]> files) {
    return files.stream().map(Sha256::of).toList();
  }

  private static List<byte[]> cut(int rows, IntUnaryOperator values, int batchRows)
      throws IOException {
    List<byte[]> files = new ArrayList<>();
    cut(rows, values, batchRows, files);
    return files;
  }

  private static List<TableFacts> cut(
      int rows, IntUnaryOperator values, int batchRows, List<byte[]> files) throws IOException {
    List<ByteArrayOutputStream> parts = new ArrayList<>();
    List<TableFacts> facts;
    try (TableCutter cutter = new TableCutter(SCHEMA, number -> part(number, parts))) {
      BatchBuilder builder = new BatchBuilder(SCHEMA);
      for (int row = 0; row < rows; row++) {
        builder.column(0).appendInt(values.applyAsInt(row));
        if (builder.rowCount() == batchRows) {
          cutter.write(builder.build());
        }
      }
      cutter.write(builder.build());
      facts = cutter.finish();
    }
    parts.forEach(part -> files.add(part.toByteArray()));
    return facts;
  }

  private static ByteArrayOutputStream part(int number, List<ByteArrayOutputStream> parts) {
    assertThat(number).isEqualTo(parts.size());
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    parts.add(part);
    return part;
  }
}
