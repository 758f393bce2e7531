// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {

  @TempDir Path folder;

  @Test
  void factsHaveBoundsNullsAndTheDigest() throws IOException {
    TableSchema schema =
        Tables.schema(
            "d",
            ColumnType.Simple.FLOAT64,
            "t",
            ColumnType.Simple.TEXT,
            "n",
            ColumnType.Simple.DATE);
    Batch batch =
        new BatchBuilder(schema)
            .appendRow(0.0, "ü", null)
            .appendRow(1e300, null, null)
            .appendRow(2.5, "z", null)
            .build();

    TableFacts facts = Tables.write(batch).facts();

    assertThat(facts.schemaJson()).isEqualTo(schema.json());
    assertThat(facts.rows()).isEqualTo(3);
    assertThat(facts.rowDigest()).contains(RowDigest.of(batch).text());
    assertThat(facts.columns())
        .containsExactly(
            new ColumnFacts(1, Optional.of(0L), Optional.of("0.0"), Optional.of("1.0E300")),
            new ColumnFacts(2, Optional.of(1L), Optional.of("z"), Optional.of("ü")),
            new ColumnFacts(3, Optional.of(3L), Optional.empty(), Optional.empty()));
  }

  /** If this changes, so must the layout's number in {@link TableFooter#CREATED_BY}. */
  @Test
  void theBytesOfATableAreFixed() throws IOException {
    TableSchema schema =
        Tables.schema(
            "n",
            ColumnType.Simple.INT64,
            "d",
            ColumnType.Simple.FLOAT64,
            "t",
            ColumnType.Simple.TEXT);
    BatchBuilder rows = new BatchBuilder(schema);
    for (long n = 0; n < 1_000; n++) {
      rows.appendRow(n, n % 3 == 0 ? null : n / 8.0, "text " + n % 10);
    }
    Tables.Written written = Tables.write(rows.build());

    assertThat(written.facts().rowDigest())
        .contains("xxh3-128-sum:5d76e922f678d6256099a928d232e607:1000");
    assertThat(Sha256.of(written.bytes()))
        .hasToString("328efda628fdc34ed16b692caf45cb9cf2b4bc9e9e58692e04fc33dad0059bda");
  }

  @Test
  void nullsAreCountedWhereABoundIsTooLongToKeep() throws IOException {
    TableSchema schema = Tables.schema("t", ColumnType.Simple.TEXT);
    Batch batch =
        new BatchBuilder(schema).appendRow("x".repeat(10_000)).appendRow((Object) null).build();

    assertThat(Tables.write(batch).facts().columns())
        .containsExactly(new ColumnFacts(1, Optional.of(1L), Optional.empty(), Optional.empty()));
  }

  @Test
  void rowGroupsAreReadOneAfterTheOther() throws IOException {
    TableSchema schema = Tables.schema("n", ColumnType.Simple.INT32);
    int rows = TableWriter.ROW_GROUP_ROWS + 10;
    BatchBuilder builder = new BatchBuilder(schema);
    for (int row = 0; row < rows; row++) {
      builder.column(0).appendInt(row / 100);
    }
    Batch batch = builder.build();

    Tables.Written written = Tables.write(batch);

    assertThat(Tables.read(written.bytes())).isEqualTo(batch);
    assertThat(written.facts().columns())
        .containsExactly(
            new ColumnFacts(
                1, Optional.of(0L), Optional.of("0"), Optional.of("" + (rows - 1) / 100)));
  }

  @Test
  void theEncodingsOfAColumnAreListedByTheirNumbers() throws IOException {
    byte[] file = Tables.write(RandomTables.ofAllTypes(11, 500)).bytes();
    int footer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    FileMetaData metaData =
        Util.readFileMetaData(new ByteArrayInputStream(file, file.length - 8 - footer, footer));

    for (ColumnChunk column : metaData.getRow_groups().get(0).getColumns()) {
      assertThat(column.getMeta_data().getEncodings()).hasSizeGreaterThan(1);
      assertThat(column.getMeta_data().getEncodings()).extracting(Encoding::getValue).isSorted();
    }
  }

  @Test
  void columnsCanBeChosen() throws IOException {
    TableSchema schema =
        Tables.schema(
            "a", ColumnType.Simple.INT32, "b", ColumnType.Simple.TEXT, "c", ColumnType.Simple.DATE);
    byte[] file = Tables.write(new BatchBuilder(schema).appendRow(1, "x", null).build()).bytes();
    RandomAccessSource source = RandomAccessSource.of(file);

    Batch chosen = Tables.read(TableReader.open("t.parquet", source, List.of("c", "a")));

    assertThat(chosen.schema().columns()).containsExactly(schema.column(2), schema.column(0));
    assertThat(chosen.column(0).isNull(0)).isTrue();
    assertThat(chosen.column(1).intAt(0)).isEqualTo(1);
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> TableReader.open("t.parquet", source, List.of("z")))
        .withMessage("t.parquet: there is no column \"z\".")
        .satisfies(fault -> assertThat(fault.remedy()).isEqualTo("The columns are a, b, c."));
  }

  @Test
  void aFileThatExistsIsNotReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("t.parquet"), "mine");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> TableWriter.create(file, RandomTables.allTypes()));
    assertThat(file).hasContent("mine");
  }

  @Test
  void whatIsNotFinishedIsNoTable() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Batch batch = RandomTables.ofAllTypes(1, 10);
    try (TableWriter writer = new TableWriter(out, batch.schema())) {
      writer.write(batch);
    }

    assertThatExceptionOfType(UserFault.class).isThrownBy(() -> Tables.read(out.toByteArray()));
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() throws IOException {
    TableSchema schema = Tables.schema("n", ColumnType.Simple.INT32);
    try (TableWriter writer = new TableWriter(new ByteArrayOutputStream(), schema)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(RandomTables.ofAllTypes(1, 1)));
    }
  }
}
