// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.ColumnType.Timestamp;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TableWriter;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FileEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The step {@code Sql} in a stage: types through and back, what is exact, what is a fault. */
final class SqlStepTest {

  private static final TableSchema SCHEMA =
      new TableSchema(
          List.of(
              new Column("b", Simple.BOOLEAN, true, 1),
              new Column("i", Simple.INT32, true, 2),
              new Column("l", Simple.INT64, false, 3),
              new Column("f", Simple.FLOAT32, true, 4),
              new Column("d", Simple.FLOAT64, true, 5),
              new Column("n", new ColumnType.Decimal(10, 2), true, 6),
              new Column("day", Simple.DATE, true, 7),
              new Column("at", new Timestamp(true), true, 8),
              new Column("wall", new Timestamp(false), true, 9),
              new Column("t", Simple.TEXT, true, 10),
              new Column("bin", Simple.BINARY, true, 11)));

  private static final Object[][] ROWS = {
    {
      true,
      1,
      1L,
      0.1f,
      1e300,
      new BigDecimal("1.25"),
      LocalDate.of(1969, 12, 31),
      Instant.parse("1969-12-31T23:59:59.999Z"),
      LocalDateTime.of(1970, 1, 1, 0, 0),
      "ä",
      new byte[] {1, 0}
    },
    {
      false,
      -2,
      2L,
      0.2f,
      1.0,
      new BigDecimal("-0.01"),
      LocalDate.of(2017, 9, 5),
      Instant.parse("2017-09-05T10:00:00Z"),
      LocalDateTime.of(2017, 9, 5, 10, 0),
      "",
      new byte[] {}
    },
    {null, null, 3L, null, -1e300, null, null, null, null, null, null},
  };

  @TempDir static Path folder;
  private static List<FileEntry> table;
  private static Stage.Results results;

  @BeforeAll
  static void runAll() throws IOException {
    table = List.of(new FolderStore(folder).put("/t.parquet", parquet(ROWS)));
    Stage stage = new Stage(folder, 2);
    stage.add("all", sql("SELECT b, i, l, f, d, n, `day`, `at`, t, bin FROM t"), 1, "t", table);
    stage.add("wall", sql("SELECT l, wall FROM t WHERE l = 2"), 1, "t", table);
    stage.add(
        "aggregates",
        sql(
            "SELECT SUM(d) AS s, AVG(d) AS m, MAX(d) AS g, MIN(f) AS f, SUM(n) AS n, COUNT(d) AS c,"
                + " SUM(f) AS sf FROM t"),
        1,
        "t",
        table);
    stage.add(
        "integers",
        sql(
            "SELECT SUM(i) AS s, AVG(i) AS m, SUM(l) AS sl, AVG(l) AS ml, MAX(i) AS g FROM t WHERE l"
                + " <> 2"),
        1,
        "t",
        table);
    stage.add(
        "beyond", sql("SELECT SUM(c) AS s FROM (SELECT 2147483647 AS c FROM t)"), 1, "t", table);
    stage.add(
        "no integers", sql("SELECT SUM(l) AS s, AVG(l) AS m FROM t WHERE l > 9"), 1, "t", table);
    stage.add("means", sql("SELECT AVG(i) AS mi, AVG(l) AS ml FROM t"), 1, "t", table);
    for (String type : List.of("inner", "left", "right", "full")) {
      stage.add(type, join("a.l AS l, b.l AS r", type, "a.t = b.t"), 1, "t", table);
    }
    stage.add(
        "pairs",
        sql(
            "SELECT a.l AS l, b.l AS r FROM (SELECT l, MOD(l, 2) AS k FROM t) a JOIN (SELECT l, MOD(l, 2) AS k FROM t) b ON a.k = b.k"),
        1,
        "t",
        table);
    stage.add("widths", join("a.l AS l, b.i AS r", "inner", "a.l = b.i"), 4, "t", table);
    stage.add("kinds", join("a.l AS l, b.l AS r", "inner", "a.l = b.d"), 1, "t", table);
    stage.add(
        "two keys", join("a.l AS l, b.l AS r", "inner", "a.t = b.t AND a.l = b.l"), 2, "t", table);
    stage.add(
        "floats",
        sql(
            "SELECT a.l AS l, b.l AS r FROM (SELECT l, d * 0 AS z FROM t WHERE l = 2) a JOIN (SELECT l, d * -0.0 AS z FROM t WHERE l = 2) b ON a.z = b.z"),
        1,
        "t",
        table);
    stage.add("none", sql("SELECT SUM(d) AS s, COUNT(*) AS c FROM t WHERE l > 9"), 1, "t", table);
    stage.add("limit", sql("SELECT l, t FROM t LIMIT 2"), 1, "t", table);
    stage.add("offset", sql("SELECT l FROM t ORDER BY l DESC LIMIT 1 OFFSET 1"), 1, "t", table);
    stage.add("distinct", sql("SELECT DISTINCT l > 1 AS big FROM t"), 1, "t", table);
    results = stage.run();
  }

  private static byte[] parquet(Object[][] rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableWriter writer = new TableWriter(out, SCHEMA)) {
      BatchBuilder batch = new BatchBuilder(SCHEMA);
      for (Object[] row : rows) {
        batch.appendRow(row);
      }
      writer.write(batch.build());
      writer.finish();
    }
    return out.toByteArray();
  }

  private static String sql(String query) {
    return "[{\"type\": \"Sql\", \"config\": {\"query\": \"" + query + "\"}}]";
  }

  private static String join(String columns, String type, String condition) {
    return sql("SELECT %s FROM t a %s JOIN t b ON %s".formatted(columns, type, condition));
  }

  @Test
  void everyTypePassesThroughUnchanged() throws IOException {
    assertThat(results.get("all").schema().columns().stream().map(c -> c.type().text()))
        .containsExactly(
            "boolean",
            "int32",
            "int64",
            "float32",
            "float64",
            "decimal(10,2)",
            "date",
            "timestamp[us,UTC]",
            "text",
            "binary");
    assertThat(rows("all"))
        .containsExactlyInAnyOrder(
            "true|1|1|0.1|1.0E300|1.25|1969-12-31|1969-12-31T23:59:59.999Z|ä|[1, 0]",
            "false|-2|2|0.2|1.0|-0.01|2017-09-05|2017-09-05T10:00:00Z||[]",
            "null|null|3|null|-1.0E300|null|null|null|null|null");
  }

  @Test
  void aTimestampWithoutZonePassesThrough() throws IOException {
    assertThat(rows("wall")).containsExactly("2|2017-09-05T10:00");
    assertThat(results.get("wall").schema().column(1).type().text()).isEqualTo("timestamp[us]");
  }

  @Test
  void aggregatesOfFloatingPointNumbersAreExact() throws IOException {
    // Added in this order, 1e300 + 1 - 1e300 is 0.
    assertThat(rows("aggregates"))
        .containsExactly("1.0|0.3333333333333333|1.0E300|0.1|1.24|3|0.30000000447034836");
    assertThat(rows("none")).containsExactly("null|0");
  }

  @Test
  void meansOfIntegersAreDoublesAndSumsHave64Bits() throws IOException {
    assertThat(rows("integers")).containsExactly("1|1.0|4|2.0|1");
    assertThat(rows("means")).containsExactly("-0.5|2.0");
    assertThat(rows("beyond")).containsExactly("6442450941");
    assertThat(rows("no integers")).containsExactly("null|null");
    assertThat(results.get("means").schema().columns().stream().map(c -> c.type().text()))
        .containsExactly("float64", "float64");
  }

  @Test
  void aSumThat64BitsDoNotHoldIsAFault() {
    Stage stage = new Stage(folder, 1);
    stage.add(
        "s",
        sql("SELECT SUM(c) AS s FROM (SELECT 9223372036854775807 AS c FROM t)"),
        1,
        "t",
        table);

    assertThat(stage.run().get("s").failures().stream().map(StageFailure::what))
        .containsExactly(
            "Step Sql: a SUM of integers is 27670116110564327421, which 64 bits do not hold.");
  }

  @Test
  void aNullIsEqualToNothingInAJoin() throws IOException {
    assertThat(rows("inner")).containsExactlyInAnyOrder("1|1", "2|2");
    assertThat(rows("left")).containsExactlyInAnyOrder("1|1", "2|2", "3|null");
    assertThat(rows("right")).containsExactlyInAnyOrder("1|1", "2|2", "null|3");
    assertThat(rows("full")).containsExactlyInAnyOrder("1|1", "2|2", "3|null", "null|3");
  }

  @Test
  void aJoinGivesEveryPairOfEqualKeys() throws IOException {
    assertThat(rows("pairs")).containsExactlyInAnyOrder("1|1", "1|3", "2|2", "3|1", "3|3");
    assertThat(rows("widths")).containsExactlyInAnyOrder("1|1");
    assertThat(rows("kinds")).containsExactlyInAnyOrder("1|2");
    assertThat(rows("two keys")).containsExactlyInAnyOrder("1|1", "2|2");
    assertThat(rows("floats")).containsExactlyInAnyOrder("2|2");
  }

  @Test
  void aLimitTakesTheFirstRowsByAllColumns() throws IOException {
    assertThat(rows("limit")).containsExactlyInAnyOrder("1|ä", "2|");
    assertThat(rows("offset")).containsExactly("2");
    assertThat(rows("distinct")).containsExactlyInAnyOrder("false", "true");
  }

  private static List<String> rows(String stage) throws IOException {
    return rows(results.get(stage));
  }

  private static List<String> rows(Stage.Result result) throws IOException {
    assertThat(result.failures()).isEmpty();
    List<String> rows = new ArrayList<>();
    for (FileEntry file : result.files()) {
      try (TableReader reader = TableReader.open(new FolderStore(folder).path(file.file()))) {
        reader.next().ifPresent(batch -> rows.addAll(shown(batch)));
      }
    }
    return rows;
  }

  private static List<String> shown(Batch batch) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < batch.columns().size(); i++) {
        Object value = batch.column(i).valueAt(row);
        cells.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
      }
      rows.add(String.join("|", cells));
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "SELECT x FROM t; the query is wrong: line 1, column 8: Column 'x' not found in any table.",
        "SELECT * FROM nowhere; the query is wrong: line 1, column 15: Object 'nowhere' not found.",
        "SELECT * FROM t WHERE; the query is wrong: Encountered \"<EOF>\" at line 1, column 21.",
        "SELECT l FROM t ORDER BY l; ORDER BY without a LIMIT changes nothing: a table has no order.",
        "INSERT INTO t VALUES (1); the query is INSERT, which is no SELECT.",
        "SET x = 1; the query is SET_OPTION, which is no SELECT.",
      })
  void aWrongQueryIsOneFaultWithLineAndColumn(String query, String what) {
    assertThatThrownBy(() -> plan(query))
        .isInstanceOf(UserFault.class)
        .hasMessage("Step Sql: " + what);
  }

  /** On a thread as small as those that stages are planned on may be. */
  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1%s AS a FROM t", "SELECT a FROM t WHERE a = 1%s"})
  void aQueryThatNestsTooDeeplyIsRefused(String query) throws InterruptedException {
    for (String deep :
        List.of(
            query.formatted(" + 1".repeat(20_000)),
            query.replace("1%s", "(".repeat(20_000) + "1" + ")".repeat(20_000)))) {
      List<Throwable> thrown = new ArrayList<>();
      Thread small =
          new Thread(null, () -> thrown.add(catchThrowable(() -> plan(deep))), "s", 1 << 19);
      small.start();
      small.join();
      assertThat(thrown.get(0))
          .isInstanceOf(UserFault.class)
          .hasMessage("Step Sql: the query nests too deeply to be read.");
    }
  }

  @Test
  void timestampsKeepTheirMicrosecondsInAnyYear() throws IOException {
    Object[] row = ROWS[1].clone();
    row[7] = Instant.parse("9999-12-31T23:59:59.999999Z");
    row[8] = LocalDateTime.of(1, 1, 1, 0, 0, 0, 1_000);
    FileEntry fine = new FolderStore(folder).put("/fine.parquet", parquet(new Object[][] {row}));
    Stage stage = new Stage(folder, 1);
    stage.add("fine", sql("SELECT `at`, wall FROM t"), 1, "t", List.of(fine));

    assertThat(rows(stage.run().get("fine")))
        .containsExactly("9999-12-31T23:59:59.999999Z|0001-01-01T00:00:00.000001");
  }

  @Test
  void filesOfDifferentColumnsAreNamed() throws IOException {
    TableSchema other = new TableSchema(List.of(new Column("l", Simple.INT32, false, 1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableWriter writer = new TableWriter(out, other)) {
      writer.finish();
    }
    FileEntry odd = new FolderStore(folder).put("/u.parquet", out.toByteArray());
    FileEntry csv = new FolderStore(folder).put("/v.csv", new byte[] {'a', '\n'});

    assertThatThrownBy(
            () ->
                new Stage(folder, 1).add("s", sql("SELECT 1"), 1, "t", List.of(table.get(0), odd)))
        .isInstanceOf(UserFault.class)
        .hasMessage(
            "t:/u.parquet has no column \"b\", which t:/t.parquet has, and they are files of one"
                + " table.");
    assertThatThrownBy(() -> new Stage(folder, 1).add("s", sql("SELECT 1"), 1, "t", List.of(csv)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("t:/v.csv")
        .satisfies(
            e -> assertThat(((UserFault) e).remedy()).contains("begin with ReadFromCsv for CSV"));
  }

  private static void plan(String query) {
    new Stage(folder, 1).add("s", sql(query), 1, "t", table);
  }
}
