// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TableWriter;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FileEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole stages on the DirectRunner, all in two graphs: one reads CSV, one what that wrote. DuckDB
 * is the independent reader.
 */
final class BeamStageTest {

  private static final String CLEAN =
      """
      [{"type": "ReadFromCsv", "config": {"null": ["-"], "thousands": ",", "columns": [
        {"name": "date", "from": "Date", "type": "date", "format": "MMM dd, yyyy"},
        {"name": "open", "from": "Open", "type": "double"},
        {"name": "high", "from": "High", "type": "double"},
        {"name": "low", "from": "Low", "type": "double"},
        {"name": "close", "from": "Close", "type": "double"},
        {"name": "volume", "from": "Volume", "type": "int64"},
        {"name": "market_cap", "from": "Market Cap"}]}}]
      """;

  @TempDir static Path folder;
  private static Stage.Results read;
  private static Stage.Results queried;

  @BeforeAll
  static void runAll() throws IOException {
    FolderStore store = new FolderStore(folder);
    read = readCsv(store);
    queried = query(store, read.get("clean").files());
  }

  private static Stage.Results readCsv(FolderStore store) throws IOException {
    FileEntry first = store.put("/2017.csv", resource("bitcoin_price_2017-09-05.csv"));
    FileEntry second = store.put("/2018.csv", resource("bitcoin_price_2018-02-20.csv"));
    Stage stage = new Stage(folder, 2);
    stage.add("clean", CLEAN, 4, "prices", List.of(first));
    stage.add("both editions", CLEAN, 4, "prices", List.of(first, second));
    stage.add(
        "inferred",
        "[{\"type\": \"ReadFromCsv\", \"config\": {\"thousands\": \",\"}}]",
        1,
        "events",
        List.of(
            file(
                store,
                "/a.csv",
                "id,code,at,on,ok,x,n\n1,007,2017-09-05T10:00:00,2017-09-05,true,1,\n"),
            file(
                store,
                "/b.csv",
                "id,code,at,on,ok,x,n\n\"2,000\",8,2017-09-05 10:00,,FALSE,.5e1,\n"),
            file(store, "/c.csv", "id,code,at,on,ok,x,n\n"),
            file(store, "/d.csv", "n,x,ok,on,at,code,id\n,2.5,,2017-09-06,,9,-3\n")));
    stage.add(
        "nothing",
        "[{\"type\": \"ReadFromCsv\"}]",
        8,
        "empty",
        List.of(file(store, "/none.csv", "a,b\n")));
    stage.add(
        "bad",
        "[{\"type\": \"ReadFromCsv\", \"config\": {\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}]}}]",
        1,
        "numbers",
        List.of(
            file(store, "/good.csv", "a\n1\n"),
            file(store, "/z.csv", "a\n1\n2\nthree\nfour\n"),
            file(store, "/wide.csv", "a\n1\n1,2\n")));
    return stage.run();
  }

  private static Stage.Results query(FolderStore store, List<FileEntry> clean) throws IOException {
    Stage stage = new Stage(folder, 2);
    stage.add(
        "widened",
        sql("SELECT * FROM readings"),
        1,
        "readings",
        List.of(
            store.put("/a.parquet", table("x", Simple.INT64, 3L, "t", Simple.TEXT, "a")),
            store.put("/b.parquet", table("t", Simple.TEXT, "b", "x", Simple.FLOAT64, 0.5)),
            store.put("/c.parquet", table("x", Simple.INT32, 7, "t", Simple.TEXT, null))));
    stage.add(
        "yearly",
        sql(
            "SELECT EXTRACT(YEAR FROM `date`) AS y, COUNT(*) AS days, MAX(high) AS high FROM clean"
                + " GROUP BY EXTRACT(YEAR FROM `date`)"),
        4,
        "clean",
        clean);
    stage.add(
        "sums",
        sql(
            "SELECT SUM(`close`) AS s, AVG(`close`) AS m, MIN(low) AS l, COUNT(volume) AS v,"
                + " SUM(volume) AS total FROM PCOLLECTION"),
        1,
        "clean",
        clean);
    stage.add(
        "top",
        sql("SELECT `date`, `close` FROM clean ORDER BY `close` DESC LIMIT 3"),
        1,
        "clean",
        clean);
    stage.add(
        "multiplied",
        "[{\"type\": \"example:multiply:v1\", \"config\": {\"column\": \"close\", \"factor\": 2}}]",
        4,
        "clean",
        clean);
    stage.add(
        "copied",
        "[{\"type\": \"Sql\", \"config\": {\"query\": \"SELECT * FROM clean\"}}]",
        4,
        "clean",
        clean);
    stage.add(
        "chained",
        """
        [{"type": "Sql", "name": "big", "input": "prices",
          "config": {"query": "SELECT * FROM prices WHERE `close` > 4500"}},
         {"type": "example:multiply:v1", "config": {"column": "open", "factor": 0.5}},
         {"type": "Sql", "input": {"l": "big", "r": "example:multiply:v1"}, "config": {"query":
          "SELECT l.`date` AS d, l.`open` - 2 * r.`open` AS nothing FROM l JOIN r ON l.`date` = r.`date`"}}]
        """,
        2,
        "prices",
        clean);
    return stage.run();
  }

  /** A table of one row of two columns, each by its name, type and value. */
  private static byte[] table(@Nullable Object... columns) throws IOException {
    TableSchema schema =
        new TableSchema(
            List.of(
                new Column((String) columns[0], (ColumnType) columns[1], true, 1),
                new Column((String) columns[3], (ColumnType) columns[4], true, 2)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableWriter writer = new TableWriter(out, schema)) {
      writer.write(new BatchBuilder(schema).appendRow(columns[2], columns[5]).build());
      writer.finish();
    }
    return out.toByteArray();
  }

  private static String sql(String query) {
    return "[{\"type\": \"Sql\", \"config\": {\"query\": \"" + query + "\"}}]";
  }

  private static FileEntry file(FolderStore store, String path, String content) {
    return store.put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BeamStageTest.class.getResourceAsStream("/bitcoin/" + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void theCleanTableHasTheRowsOfTheFile() throws SQLException {
    assertThat(read.get("clean").failures()).isEmpty();
    assertThat(
            duckDb(
                read.get("clean"),
                "SELECT count(*), round(sum(close), 2), count(*) - count(volume), max(close),"
                    + " arg_max(date, close), typeof(any_value(market_cap)) FROM $t"))
        .containsExactly("1592|1052053.77|243|4892.01|2017-09-01|BIGINT");
    assertThat(duckDb(read.get("clean"), "SELECT * FROM $t LIMIT 1"))
        .containsExactly("2017-09-05|4228.29|4427.84|3998.11|4376.53|2697970000|69954400000");
    assertThat(read.get("clean").files())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.path().text()).isEqualTo("/part-00000.parquet");
              assertThat(part.file().table().orElseThrow().rows()).isEqualTo(1_592);
            });
  }

  @Test
  void eachFileGoesToAPartOfItsOwn() throws SQLException {
    List<FileEntry> parts = read.get("both editions").files();

    assertThat(parts.stream().map(part -> part.path().text()))
        .containsExactly("/part-00000.parquet", "/part-00001.parquet");
    assertThat(parts.get(0).sha256()).isEqualTo(read.get("clean").files().get(0).sha256());
    assertThat(
            duckDb(
                read.get("both editions"),
                "SELECT count(*), round(sum(close), 2) FROM $t WHERE filename LIKE '%"
                    + parts.get(1).sha256()
                    + "'"))
        .containsExactly("1760|2614914.72");
  }

  @Test
  void typesAreInferredFromEveryCellOfEveryFile() throws SQLException {
    assertThat(columns(read.get("inferred").schema()))
        .containsExactly(
            "id int64",
            "code text",
            "at timestamp[us]",
            "on date",
            "ok boolean",
            "x text",
            "n text");
    assertThat(duckDb(read.get("inferred"), "SELECT id, code, \"at\", \"on\", ok, x, n FROM $t"))
        .containsExactly(
            "1|007|2017-09-05 10:00:00.0|2017-09-05|true|1|null",
            "2000|8|2017-09-05 10:00:00.0|null|false|.5e1|null",
            "-3|9|null|2017-09-06|null|2.5|null");
  }

  @Test
  void aTableWithoutRowsIsOneEmptyPart() throws SQLException {
    assertThat(read.get("nothing").files()).hasSize(1);
    assertThat(duckDb(read.get("nothing"), "SELECT count(*) FROM $t")).containsExactly("0");
    assertThat(columns(read.get("nothing").schema())).containsExactly("a text", "b text");
  }

  @Test
  void faultsInTheDataAreElementsThatNameFileLineAndColumn() {
    assertThat(read.get("bad").failures().stream().map(StageFailure::what))
        .containsExactly(
            "numbers:/wide.csv: line 3: the row has 2 cells for 1 columns; the first too many is"
                + " \"2\", column 2.",
            "numbers:/z.csv: line 4: column \"a\" has \"three\", which is no int64.");
  }

  @Test
  void aPlainGroupByGivesOneRowAYear() throws SQLException {
    assertThat(duckDb(queried.get("yearly"), "SELECT y, days, high FROM $t ORDER BY y"))
        .containsExactlyElementsOf(
            duckDb(
                read.get("clean"),
                "SELECT year(date), count(*), max(high) FROM $t GROUP BY 1 ORDER BY 1"));
    assertThat(queried.get("yearly").files()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void sumsAndMeansOfDoublesAreExact() throws SQLException {
    BigDecimal sum =
        duckDb(read.get("clean"), "SELECT close FROM $t").stream()
            .map(close -> new BigDecimal(Double.parseDouble(close)))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal mean = sum.divide(BigDecimal.valueOf(1_592), MathContext.DECIMAL128);

    assertThat(duckDb(queried.get("sums"), "SELECT s, m FROM $t"))
        .containsExactly(sum.doubleValue() + "|" + mean.doubleValue());
    assertThat(duckDb(queried.get("sums"), "SELECT l, v, total FROM $t"))
        .containsExactlyElementsOf(
            duckDb(
                read.get("clean"), "SELECT min(low), count(volume), sum(volume)::BIGINT FROM $t"));
  }

  @Test
  void aLimitTakesTheFirstRows() throws SQLException {
    assertThat(duckDb(queried.get("top"), "SELECT * FROM $t ORDER BY close DESC"))
        .containsExactlyElementsOf(
            duckDb(
                read.get("clean"), "SELECT date, close FROM $t ORDER BY close DESC, date LIMIT 3"));
  }

  @Test
  void aSchemaTransformOfTheUsersIsAStep() throws SQLException {
    assertThat(duckDb(queried.get("multiplied"), "SELECT count(*), round(sum(close), 6) FROM $t"))
        .containsExactlyElementsOf(
            duckDb(read.get("clean"), "SELECT count(*), round(sum(close * 2), 6) FROM $t"));
    assertThat(columns(queried.get("multiplied").schema()))
        .isEqualTo(columns(read.get("clean").schema()));
  }

  @Test
  void afterAShuffleTheSameRowsAreThereInAnotherOrder() {
    assertThat(queried.get("copied").files()).hasSize(4);
    assertThat(digest(queried.get("copied"))).isEqualTo(digest(read.get("clean")));
  }

  private static String digest(Stage.Result result) {
    return result.files().stream()
        .map(part -> part.file().table().orElseThrow().rowDigest().orElseThrow())
        .map(io.beamwright.tables.RowDigest::parse)
        .reduce(io.beamwright.tables.RowDigest.EMPTY, io.beamwright.tables.RowDigest::plus)
        .text();
  }

  @Test
  void filesOfOneTableAreReadByTheirColumnsNamesAndWidened() throws SQLException {
    assertThat(columns(queried.get("widened").schema())).containsExactly("x float64", "t text");
    assertThat(duckDb(queried.get("widened"), "SELECT x, t FROM $t ORDER BY x"))
        .containsExactly("0.5|b", "3.0|a", "7.0|null");
  }

  @Test
  void stepsReadOtherStepsByTheirNames() throws SQLException {
    assertThat(duckDb(queried.get("chained"), "SELECT count(*), sum(abs(nothing)) FROM $t"))
        .containsExactlyElementsOf(
            duckDb(read.get("clean"), "SELECT count(*), 0.0 FROM $t WHERE close > 4500"));
  }

  @Test
  void aRowThatAQueryCannotComputeIsAFaultInTheData() {
    Stage stage = new Stage(folder, 1);
    stage.add(
        "fails",
        sql("SELECT CAST(CAST(`date` AS VARCHAR) AS INTEGER) AS i FROM clean"),
        1,
        "clean",
        read.get("clean").files());

    assertThat(stage.run().get("fails").failures().get(0).what())
        .startsWith("Step Sql: \"20")
        .endsWith("\" cannot be made an integer.");
  }

  @Test
  void aReferenceThatLeadsNowhereIsNamed() {
    assertThatThrownBy(
            () ->
                new Stage(folder, 1)
                    .add(
                        "s",
                        "[{\"type\": \"Sql\", \"input\": \"prcies\", \"config\": {\"query\": \"SELECT 1\"}}]",
                        1,
                        "prices",
                        read.get("clean").files()))
        .isInstanceOf(UserFault.class)
        .hasMessage("Step Sql reads \"prcies\", which is no input and no step before it.");
  }

  private static List<String> columns(TableSchema schema) {
    return schema.columns().stream().map(BeamStageTest::shown).toList();
  }

  private static String shown(Column column) {
    return column.name() + " " + column.type().text();
  }

  private static List<String> duckDb(Stage.Result stage, String query) throws SQLException {
    FolderStore store = new FolderStore(folder);
    List<String> paths =
        stage.files().stream().map(entry -> "'" + store.path(entry.file()) + "'").toList();
    String table = "read_parquet([" + String.join(",", paths) + "], filename = true)";
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                query.replace(
                    "$t",
                    query.contains("filename")
                        ? table
                        : "(SELECT * EXCLUDE filename FROM " + table + ")"))) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}
