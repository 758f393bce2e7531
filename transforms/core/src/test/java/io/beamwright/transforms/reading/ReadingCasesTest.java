// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.tables.Batch;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TextFormat;
import io.beamwright.tables.TextWriter;
import io.beamwright.transforms.sql.InputFiles;
import io.beamwright.transforms.sql.SqlEngine;
import io.beamwright.transforms.sql.SqlLimits;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case, as {@code ReadFromCsv} reads it, as {@code sql} does, and as {@code as} writes it. */
final class ReadingCasesTest {

  private static final SqlQuery ALL = SqlQuery.parse("SELECT * FROM d");

  @TempDir static Path folder;
  private static SqlEngine engine;
  private static int runs;

  @BeforeAll
  static void open() throws IOException {
    Path spill = Files.createDirectory(folder.resolve("spill"));
    engine = new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /** A schema and rows as texts. */
  private record Table(TableSchema schema, List<String> rows) {

    String columns() {
      return schema.columns().stream()
          .map(column -> column.name() + ":" + column.type().text())
          .collect(Collectors.joining(" "));
    }
  }

  static List<ReadingCase> tables() {
    return ReadingCases.all().stream().filter(c -> c.message.isEmpty()).toList();
  }

  static List<ReadingCase> refusals() {
    return ReadingCases.all().stream().filter(c -> !c.message.isEmpty()).toList();
  }

  @Test
  void thereAreEnoughCasesAndEachHasAName() {
    assertThat(ReadingCases.all()).hasSizeGreaterThan(100);
    assertThat(ReadingCases.all()).extracting(c -> c.name).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void ourReaderMakesTheseRows(ReadingCase one) throws IOException {
    Table table = read(one);

    assertThat(table.columns()).isEqualTo(one.columns);
    assertThat(table.rows()).isEqualTo(one.rows);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void sqlSeesTheSameRows(ReadingCase one) throws IOException {
    Table table = query(one);

    assertThat(table.columns()).isEqualTo(one.columns);
    assertThat(table.rows()).containsExactlyInAnyOrderElementsOf(one.rows);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void bothRefuseInTheSameWords(ReadingCase one) {
    assertThatThrownBy(() -> read(one))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(one.message);
    assertThatThrownBy(() -> query(one))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(one.message)
        .hasMessageStartingWith("Input \"d\", file ");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatAsWritesIsReadBackEqual(ReadingCase one) throws IOException {
    List<Batch> batches = new ArrayList<>();
    Table table = read(one, batches);
    for (TextFormat as : TextFormat.values()) {
      TextFile file = written(as, table.schema(), batches);
      TableFormat declared =
          TableFormat.BY_THE_RULES.withColumns(
              table.schema().columns().stream()
                  .map(column -> FormatColumn.ofFile(column.name()).withType(column.type()))
                  .toList());
      assertThat(read(declared, List.of(file), new ArrayList<>()).rows())
          .as(as.extension())
          .isEqualTo(one.rows);
      if (one.isInferableFrom(as.extension())) {
        Table told = read(TableFormat.BY_THE_RULES, List.of(file), new ArrayList<>());
        assertThat(told.columns()).as(as.extension()).isEqualTo(one.columns);
        assertThat(told.rows()).as(as.extension()).isEqualTo(one.rows);
      }
    }
  }

  private static TextFile written(TextFormat as, TableSchema schema, List<Batch> batches)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TextWriter writer = as.writer(schema, bytes);
    for (Batch batch : batches) {
      writer.write(batch);
    }
    writer.flush();
    return file("d." + as.extension(), bytes.toByteArray());
  }

  private static TextFile file(String name, byte[] bytes) {
    return new TextFile(
        "d:/" + name,
        TextKind.ofName(name).orElse(TextKind.CSV),
        () -> new ByteArrayInputStream(bytes));
  }

  private static Table read(ReadingCase one) throws IOException {
    return read(one, new ArrayList<>());
  }

  private static Table read(ReadingCase one, List<Batch> batches) throws IOException {
    List<TextFile> files =
        one.files.entrySet().stream().map(e -> file(e.getKey(), e.getValue())).toList();
    return read(one.tableFormat(), files, batches);
  }

  private static Table read(TableFormat format, List<TextFile> files, List<Batch> batches)
      throws IOException {
    TextTable table = new TextTable(TextTable.complete(format, files));
    for (TextFile file : files) {
      table.read(file, batches::add);
    }
    return new Table(table.schema(), rows(batches));
  }

  private static Table query(ReadingCase one) throws IOException {
    Path input = Files.createDirectory(folder.resolve("in" + runs));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : one.files.entrySet()) {
      files.add(Files.write(input.resolve(file.getKey()), file.getValue()));
    }
    Path output = Files.createDirectory(folder.resolve("out" + runs++));
    Optional<TableFormat> format = Optional.of(one.tableFormat());
    List<Path> parts = engine.run(ALL, Map.of("d", new InputFiles(files, format)), output);
    List<Batch> batches = new ArrayList<>();
    TableSchema schema = new TableSchema(List.of());
    for (Path part : parts) {
      try (TableReader reader = TableReader.open(part)) {
        schema = reader.schema();
        for (Optional<Batch> b = reader.next(); b.isPresent(); b = reader.next()) {
          batches.add(b.get());
        }
      }
    }
    return new Table(schema, rows(batches));
  }

  private static List<String> rows(List<Batch> batches) {
    List<String> rows = new ArrayList<>();
    for (Batch batch : batches) {
      for (int row = 0; row < batch.rowCount(); row++) {
        int at = row;
        rows.add(
            batch.columns().stream()
                .map(column -> column.isNull(at) ? "∅" : String.valueOf(column.valueAt(at)))
                .collect(Collectors.joining("|")));
      }
    }
    return rows;
  }
}
