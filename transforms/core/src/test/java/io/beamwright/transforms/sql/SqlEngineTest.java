// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlEngineTest {

  private static final int DAYS = 1_592;

  @TempDir Path folder;
  private Path spill;
  private int runs;

  @BeforeEach
  void makeSpillFolder() throws IOException {
    spill = Files.createDirectory(folder.resolve("spill"));
  }

  /** Prices as the sample pipeline has them after cleaning. */
  private record Day(LocalDate date, double open, double high, double low, double close) {}

  private static List<Day> days() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < DAYS; i++) {
      double open = 100 + 50 * Math.sin(i / 30.0) + i * 0.37;
      double close = open + Math.cos(i) * 3;
      days.add(
          new Day(
              LocalDate.of(2013, 4, 28).plusDays(i),
              open,
              Math.max(open, close) + 1,
              Math.min(open, close) - 1,
              close));
    }
    return days;
  }

  private Path prices() throws IOException {
    StringBuilder csv = new StringBuilder("date,open,high,low,close,volume\n");
    for (Day day : days()) {
      // The newest first, as the original has it.
      csv.insert(
          csv.indexOf("\n") + 1,
          "%s,%s,%s,%s,%s,%s\n"
              .formatted(
                  day.date(),
                  day.open(),
                  day.high(),
                  day.low(),
                  day.close(),
                  day.date().getDayOfMonth() == 1 ? "" : "1000000007"));
    }
    return write("prices.csv", csv.toString());
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private List<Path> run(String query, Map<String, List<Path>> inputs) {
    return run(query, inputs, SqlLimits.DEFAULT_MEMORY_BYTES);
  }

  private List<Path> run(String query, Map<String, List<Path>> inputs, long memoryBytes) {
    try {
      Path output = Files.createDirectory(folder.resolve("out" + runs++));
      try (SqlEngine engine = new SqlEngine(new SqlLimits(memoryBytes, spill), folder)) {
        return engine.run(SqlQuery.parse(query), OwnDuckDb.inputs(inputs), output);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> rows(String query, Map<String, List<Path>> inputs) {
    return OwnDuckDb.rowsOf(run(query, inputs));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFault(
      String query, Map<String, List<Path>> inputs) {
    return assertThatThrownBy(() -> run(query, inputs)).isInstanceOf(UserFault.class);
  }

  @Test
  void featuresAreNormalisedOverTheWholeInput() throws IOException {
    List<Path> parts =
        run(
            """
            SELECT date,
                   (open - min(open) OVER ()) / (max(open) OVER () - min(open) OVER ()) AS open_norm
            FROM clean ORDER BY date
            """,
            Map.of("clean", List.of(prices())));

    assertThat(parts).containsExactly(folder.resolve("out0/part-00000.parquet"));
    double least = days().stream().mapToDouble(Day::open).min().orElseThrow();
    double most = days().stream().mapToDouble(Day::open).max().orElseThrow();
    List<String> expected =
        days().stream()
            .map(day -> day.date() + "|" + (day.open() - least) / (most - least))
            .toList();
    assertThat(OwnDuckDb.rowsOf(parts)).isEqualTo(expected);
    assertThat(
            OwnDuckDb.rows(
                "SELECT min(open_norm), max(open_norm), count(*) FROM " + OwnDuckDb.table(parts)))
        .containsExactly("0.0|1.0|" + DAYS);
  }

  @Test
  void monthsOpenWithTheirFirstDayAndCloseWithTheirLast() throws IOException {
    Map<String, List<Day>> byMonth = new TreeMap<>();
    days()
        .forEach(
            d ->
                byMonth
                    .computeIfAbsent(d.date().toString().substring(0, 7), m -> new ArrayList<>())
                    .add(d));
    List<String> expected = new ArrayList<>();
    byMonth.forEach(
        (month, list) ->
            expected.add(
                "%s|%s|%s|%s|%s|%s"
                    .formatted(
                        month,
                        list.get(0).open(),
                        list.stream().mapToDouble(Day::high).max().orElseThrow(),
                        list.stream().mapToDouble(Day::low).min().orElseThrow(),
                        list.get(list.size() - 1).close(),
                        list.stream().filter(d -> d.date().getDayOfMonth() != 1).count()
                            * 1_000_000_007L)));

    assertThat(
            rows(
                """
                SELECT strftime(date, '%Y-%m') AS month, arg_min(open, date) AS open,
                       max(high) AS high, min(low) AS low, arg_max(close, date) AS close,
                       sum(volume) AS volume
                FROM clean GROUP BY month
                """,
                Map.of("clean", List.of(prices()))))
        .isEqualTo(expected);
  }

  @Test
  void sumsAgreeWithPlainJava() throws IOException {
    double sum = days().stream().mapToDouble(Day::close).sum();

    String row = rows("SELECT sum(close) AS s FROM p", Map.of("p", List.of(prices()))).get(0);

    assertThat(Double.parseDouble(row)).isCloseTo(sum, within(1e-6));
  }

  @Test
  void rowsThatTieAreInTheOrderOfAllTheirColumns() throws IOException {
    Path csv = write("t.csv", "k,v\n1,d\n0,z\n1,b\n1,c\n1,a\n");

    assertThat(rows("SELECT k, v FROM t ORDER BY k", Map.of("t", List.of(csv))))
        .containsExactly("0|z", "1|a", "1|b", "1|c", "1|d");
    assertThat(rows("SELECT k, v FROM t ORDER BY k LIMIT 3", Map.of("t", List.of(csv))))
        .containsExactly("0|z", "1|a", "1|b");
    assertThat(rows("SELECT v, k FROM t LIMIT 2 -- the least", Map.of("t", List.of(csv))))
        .containsExactly("a|1", "b|1");
    assertThat(rows("SELECT v FROM t ORDER BY k DESC LIMIT 2 OFFSET 1;", Map.of("t", List.of(csv))))
        .containsExactly("b", "c");
  }

  @Test
  void twoInputsAreJoined() throws IOException {
    Path orders = write("orders.csv", "id,customer,amount\n1,7,10.5\n2,8,1.5\n3,7,2\n");
    Path customers = folder.resolve("customers.parquet");
    OwnDuckDb.writeParquet(
        customers, "SELECT * FROM (VALUES (7, 'Ann'), (8, 'Bo')) AS c(id, name)");

    assertThat(
            rows(
                "SELECT name, sum(amount) AS total FROM orders JOIN \"our-customers\" c"
                    + " ON customer = c.id GROUP BY name",
                Map.of("orders", List.of(orders), "our-customers", List.of(customers))))
        .containsExactly("Ann|12.5", "Bo|1.5");
  }

  @Test
  void filesOfOneInputAreOneTableInTheirOrder() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path file = folder.resolve("part" + i + ".parquet");
      OwnDuckDb.writeParquet(file, "SELECT " + i + " AS file, i AS row FROM range(3) t(i)");
      files.add(0, file);
    }

    assertThat(rows("SELECT list(file * 10 + row)::VARCHAR AS all_rows FROM t", Map.of("t", files)))
        .containsExactly("[20, 21, 22, 10, 11, 12, 0, 1, 2]");
  }

  @Test
  void jsonAndTsvAreTables() throws IOException {
    Path lines = write("a.jsonl", "{\"id\":1,\"tags\":[\"x\",\"y\"]}\n{\"id\":2,\"tags\":[]}\n");
    Path array = write("b.json", "[{\"id\":1,\"who\":{\"name\":\"Ann\"}}]");
    Path tsv = write("c.tsv", "id\tnote\n1\ta, \"quoted\" note\n");

    assertThat(rows("SELECT id, json_array_length(tags) AS n FROM a", Map.of("a", List.of(lines))))
        .containsExactly("1|2", "2|0");
    assertThat(rows("SELECT id, who->>'name' AS name FROM b", Map.of("b", List.of(array))))
        .containsExactly("1|Ann");
    assertThat(rows("SELECT id, note FROM c", Map.of("c", List.of(tsv))))
        .containsExactly("1|a, \"quoted\" note");
  }

  @Test
  void typesOfTextAreToldFromAllRows() throws IOException {
    String many = "1\n".repeat(30_000);
    Path integers = write("i.csv", "x\n" + many);
    Path doubles = write("d.csv", "x\n" + many + "2.5\n");
    Path texts = write("t.csv", "x\n" + many + "n/a\n");
    String query = "SELECT DISTINCT typeof(x) AS t FROM t";

    assertThat(rows(query, Map.of("t", List.of(integers)))).containsExactly("BIGINT");
    assertThat(rows(query, Map.of("t", List.of(doubles)))).containsExactly("DOUBLE");
    assertThat(rows(query, Map.of("t", List.of(texts)))).containsExactly("VARCHAR");
    assertThat(rows(query, Map.of("t", List.of(integers, doubles)))).containsExactly("DOUBLE");
  }

  @Test
  void theFirstLineOfACsvIsItsHeaderAlsoIfAllIsText() throws IOException {
    Path csv = write("t.csv", "name,city\nAnn,Oslo\n");

    assertThat(rows("SELECT city FROM t WHERE name = 'Ann'", Map.of("t", List.of(csv))))
        .containsExactly("Oslo");
  }

  @Test
  void anInputWithoutRowsGivesATableWithoutRows() throws IOException {
    Path csv = write("t.csv", "a,b\n");
    Path parquet = folder.resolve("t.parquet");
    OwnDuckDb.writeParquet(parquet, "SELECT 1 AS a, 'x' AS b WHERE false");

    for (Path file : List.of(csv, parquet)) {
      List<Path> parts = run("SELECT a, b FROM t", Map.of("t", List.of(file)));
      assertThat(parts).hasSize(1);
      assertThat(OwnDuckDb.rowsOf(parts)).isEmpty();
      assertThat(OwnDuckDb.rows("SELECT name FROM parquet_schema('" + parts.get(0) + "') OFFSET 1"))
          .containsExactly("a", "b");
      assertThat(rows("SELECT count(*) AS n FROM t", Map.of("t", List.of(file))))
          .containsExactly("0");
    }
  }

  @Test
  void anInputWithoutFilesIsRefusedWhereItIsRead() throws IOException {
    Path csv = write("t.csv", "a\n1\n");
    Map<String, List<Path>> inputs = Map.of("t", List.of(csv), "none", List.of());

    assertFault("SELECT * FROM none", inputs)
        .hasMessageContaining("\"none\"")
        .hasMessageContaining("no file");
    assertThat(rows("SELECT * FROM t", inputs)).containsExactly("1");
  }

  @Test
  void anEmptyFileIsRefusedByName() throws IOException {
    Path csv = write("sub/t.csv", "");

    assertFault("SELECT * FROM t", Map.of("t", List.of(csv)))
        .hasMessageContaining("Input \"t\", file t.csv: the file is empty");
  }

  @Test
  void filesOfSeveralKindsAreRefusedByName() throws IOException {
    Path csv = write("a.csv", "a\n1\n");
    Path json = write("b.json", "{\"a\":1}");
    Path text = write("notes.txt", "hello");

    assertFault("SELECT * FROM t", Map.of("t", List.of(csv, json)))
        .hasMessage("Input \"t\" mixes files of several kinds: CSV (a.csv), JSON (b.json).");
    assertFault("SELECT * FROM t", Map.of("t", List.of(csv, text)))
        .hasMessageContaining("notes.txt, which is no table");
    assertThat(rows("SELECT * FROM t", Map.of("t", List.of(csv), "unread", List.of(json, text))))
        .containsExactly("1");
  }

  @Test
  void inputsThatAreOneNameInSqlAreRefused() throws IOException {
    Path csv = write("a.csv", "a\n1\n");

    assertFault("SELECT * FROM t", Map.of("t", List.of(csv), "T", List.of(csv)))
        .hasMessageContaining("are one name in SQL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true                                   | BOOLEAN                  | true
          (-3)::TINYINT                          | INTEGER                  | -3
          200::UTINYINT                          | INTEGER                  | 200
          60000::USMALLINT                       | INTEGER                  | 60000
          7                                      | INTEGER                  | 7
          4000000000::UINTEGER                   | BIGINT                   | 4000000000
          9223372036854775807                    | BIGINT                   | 9223372036854775807
          18446744073709551615::UBIGINT          | DECIMAL(20,0)            | 18446744073709551615
          sum(7)                                 | BIGINT                   | 7
          (-9223372036854775808)::HUGEINT        | BIGINT                   | -9223372036854775808
          sum(1.25)                              | DECIMAL(38,2)            | 1.25
          1.25::FLOAT                            | FLOAT                    | 1.25
          avg(7)                                 | DOUBLE                   | 7.0
          'NaN'::DOUBLE                          | DOUBLE                   | NaN
          1.50::DECIMAL(5,2)                     | DECIMAL(5,2)             | 1.50
          -1.5::DECIMAL(38,10)                   | DECIMAL(38,10)           | -1.5000000000
          DATE '0044-03-15'                      | DATE                     | 0044-03-15
          TIMESTAMP '1500-01-02 03:04:05.123456' | TIMESTAMP                | 1500-01-02 03:04:05.123456
          '2017-07-01 03:04:05+02'::TIMESTAMPTZ  | TIMESTAMP WITH TIME ZONE | 2017-07-01T01:04:05Z
          DATE '1582-10-10'                      | DATE                     | 1582-10-10
          'zoë 😀'                               | VARCHAR                  | zoë 😀
          'b'::ENUM('a', 'b')                    | VARCHAR                  | b
          to_json([1, 2])                        | VARCHAR                  | [1,2]
          NULL                                   | INTEGER                  | null
          """)
  void aTypeOfTheResultIsOneThatTablesHave(String expression, String type, String value) {
    List<Path> parts = run("SELECT " + expression + " AS x", Map.of());

    assertThat(OwnDuckDb.rows("SELECT typeof(x), x FROM " + OwnDuckDb.table(parts)))
        .containsExactly(type + "|" + value);
  }

  @Test
  void bytesStayBytesAndNullsNulls() {
    List<Path> parts =
        run(
            """
            SELECT * FROM (VALUES
              ('\\xAA\\x00'::BLOB, 1::HUGEINT, 1.5::DOUBLE, 1.5::FLOAT, true, 1::BIGINT,
               DATE '2017-01-01', TIMESTAMP '2017-01-01', 'a', 1.5::DECIMAL(4,2)),
              (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS t(a,b,c,d,e,f,g,h,i,j)
            """,
            Map.of());

    assertThat(OwnDuckDb.rows("SELECT hex(a), COLUMNS(* EXCLUDE a) FROM " + OwnDuckDb.table(parts)))
        .containsExactly(
            "AA00|1|1.5|1.5|true|1|2017-01-01|2017-01-01 00:00:00.0|a|1.50",
            "null|null|null|null|null|null|null|null|null|null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1, 2]                               | INTEGER[], which tables have not: they hold no nested
          {'a': 1}                             | STRUCT(a INTEGER), which tables have not: they hold no nested
          MAP {'a': 1}                         | MAP(VARCHAR, INTEGER), which tables have not: they hold no
          TIME '10:00'                         | TIME, which tables have not
          INTERVAL 1 DAY                       | INTERVAL, which tables have not
          '2017-01-01'::TIMESTAMP_NS           | TIMESTAMP_NS, which tables have not: theirs have micro
          '2017-01-01'::TIMESTAMP_S            | TIMESTAMP_S, which tables have not: theirs have micro
          'infinity'::DATE                     | infinite date
          '-infinity'::DATE                    | infinite date
          'infinity'::TIMESTAMP                | infinite date
          '-infinity'::TIMESTAMPTZ             | infinite date
          9223372036854775808::HUGEINT         | has 9223372036854775808, which is no int64
          """)
  void whatTablesCannotHoldIsRefusedWithTheColumn(String expression, String message) {
    assertFault("SELECT " + expression + " AS \"the column\"", Map.of())
        .hasMessageContainingAll("the column", message);
  }

  @Test
  void datesBeforeTheCommonEraAreKept() {
    List<Path> parts = run("SELECT '0044-03-15 (BC)'::DATE AS ides", Map.of());

    assertThat(OwnDuckDb.rows("SELECT ides::VARCHAR FROM " + OwnDuckDb.table(parts)))
        .containsExactly("0044-03-15 (BC)");
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    assertFault("SELECT 1 AS a, 2 AS A", Map.of()).hasMessageContaining("two columns called \"A\"");
  }

  @Test
  void anUnknownColumnIsToldWithTheNearMisses() throws IOException {
    assertFault("SELECT date,\n       clos FROM clean", Map.of("clean", List.of(prices())))
        .hasMessageStartingWith(
            "Line 2, column 8 of the query: Referenced column \"clos\" not found")
        .hasMessageContaining("\"close\"");
    assertFault("SELECT 'ä', lenght('x')", Map.of())
        .hasMessageStartingWith("Line 1, column 13 of the query: ")
        .hasMessageContaining("length");
    assertFault("SELECT * FROM claen", Map.of("clean", List.of(prices())))
        .hasMessageContaining("claen");
  }

  @Test
  void aValueThatDoesNotFitIsTold() throws IOException {
    Path csv = write("t.csv", "a\nx\n");

    assertFault("SELECT CAST(a AS INTEGER) AS n FROM t", Map.of("t", List.of(csv)))
        .hasMessageContaining("Could not convert string 'x' to INT32");
    assertFault("SELECT error('no data for ' || a) FROM t", Map.of("t", List.of(csv)))
        .hasMessageContaining("no data for x");
    assertFault("SELECT (SELECT i FROM range(2) t(i)) AS x", Map.of())
        .hasMessageContaining("More than one row returned by a subquery")
        .hasMessageNotContaining("SET ");
  }

  @Test
  void aCsvRowWithTooManyCellsIsToldWithFileAndLine() throws IOException {
    Path good = write("in/2016/a.csv", "a,b\n1,x\n");
    Path small = write("in/2017/a.csv", "a,b\n1,x\n2,y,z\n3,w\n");
    Path large = write("in/2018/a.csv", "a,b\n" + "1,x\n".repeat(50_000) + "2,y,z\n3,w\n");
    Path few = write("in/2019/a.csv", "a,b\n1,x\n2\n");
    Path quote = write("in/2020/a.csv", "a,b\n1,\"x\n");

    assertFault("FROM t", Map.of("t", List.of(good, small)))
        .hasMessageContaining("Input \"t\", file 2017/a.csv: line 3: ")
        .hasMessageContaining("the row has 3 cells for 2 columns");
    assertFault("FROM t", Map.of("t", List.of(good, large)))
        .hasMessageContaining("Input \"t\", file 2018/a.csv: line 50002: ");
    assertFault("FROM t", Map.of("t", List.of(few)))
        .hasMessageContaining("Input \"t\", file a.csv: line 3: ");
    assertFault("FROM t", Map.of("t", List.of(quote)))
        .hasMessageContaining("Input \"t\", file a.csv: line 2: ");
  }

  @Test
  void aFileThatIsNotWhatItsNameSaysIsTold() throws IOException {
    Path parquet = write("x/a.parquet", "this is not a parquet file at all");
    Path json = write("x/b.json", "{\"a\":");
    Path latin1 = Files.write(folder.resolve("c.csv"), new byte[] {'a', '\n', (byte) 0xe4, '\n'});

    assertFault("FROM t", Map.of("t", List.of(parquet)))
        .hasMessageContaining("Input \"t\"")
        .hasMessageContaining("a.parquet")
        .hasMessageNotContaining(folder.toString());
    assertFault("FROM t", Map.of("t", List.of(json)))
        .hasMessageContaining("b.json")
        .hasMessageNotContaining(folder.toString());
    assertFault("FROM t", Map.of("t", List.of(latin1))).hasMessageContaining("c.csv");
  }

  @Test
  void filesOfOneInputNeedTheSameColumns() throws IOException {
    Path one = folder.resolve("one.parquet");
    Path two = folder.resolve("two.parquet");
    OwnDuckDb.writeParquet(one, "SELECT 1 AS a, 2 AS b");
    OwnDuckDb.writeParquet(two, "SELECT 1 AS a");
    Path csv = write("one.csv", "a,b\n1,2\n");
    Path otherCsv = write("two.csv", "a,c\n1,2\n");

    assertFault("FROM t", Map.of("t", List.of(one, two)))
        .hasMessageContaining("two.parquet")
        .hasMessageNotContaining("union_by_name")
        .hasMessageNotContaining(folder.toString());
    assertFault("FROM t", Map.of("t", List.of(csv, otherCsv)))
        .hasMessageContaining("two.csv")
        .hasMessageNotContaining("union_by_name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.csv",
        "it's.csv",
        "zoë 😀.csv",
        "a[1].csv",
        "what?.csv",
        "all*.csv",
        "{a,b}.csv",
        "x[!a].csv",
        "a\\b.csv",
        "$HOME.csv",
        "~.csv",
        "sub/../a.csv",
        "**/a.csv",
        "A.CSV",
        "é.csv"
      })
  void aFileMayHaveAnyName(String name) throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Path csv = write(name, "a\nright\n");
    for (String other : List.of("a1.csv", "whatx.csv", "allx.csv", "xb.csv")) {
      write(other, "a\nwrong\n");
    }

    assertThat(rows("FROM t", Map.of("t", List.of(csv)))).containsExactly("right");
  }

  @Test
  void theFolderOfAFileAddsNoColumn() throws IOException {
    Path file = write("year=2017/t.csv", "a\n1\n");

    assertThat(rows("SELECT * FROM t", Map.of("t", List.of(file)))).containsExactly("1");
  }

  @Test
  void aLargeResultIsCutIntoFilesThatTogetherAreInOrder() {
    List<Path> parts = run("SELECT i, i % 7 AS k FROM range(200000) t(i)", Map.of());

    assertThat(parts).hasSizeGreaterThan(2);
    assertThat(parts.get(1).getFileName()).hasToString("part-00001.parquet");
    assertThat(
            OwnDuckDb.rows(
                "SELECT count(*), sum(i), bool_and(i = n - 1) FROM (SELECT i, row_number() OVER ()"
                    + " AS n FROM "
                    + OwnDuckDb.table(parts)
                    + ")"))
        .containsExactly("200000|19999900000|true");
  }

  @Test
  void tooLittleMemoryIsTheEnvironmentsFault() {
    assertThatThrownBy(
            () ->
                run(
                    "SELECT len(string_agg(repeat('x', 1000), ',')) AS n FROM range(1000000) t(i)",
                    Map.of(),
                    64L << 20))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("does not fit in its memory");
  }

  @Test
  void whatDoesNotFitInMemorySpillsWhereItMay() {
    List<Path> parts =
        run(
            "SELECT hash(i)::VARCHAR || repeat('x', 100) AS s FROM range(1000000) t(i)"
                + " ORDER BY s DESC LIMIT 600000 OFFSET 399999",
            Map.of(),
            100L << 20);

    assertThat(OwnDuckDb.rows("SELECT count(*) FROM " + OwnDuckDb.table(parts)))
        .containsExactly("600000");
    assertThat(spill).isEmptyDirectory();
  }

  @Test
  void anOutputThatCannotBeWrittenIsTheEnvironmentsFault() {
    Path missing = folder.resolve("missing");

    try (SqlEngine engine =
        new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder)) {
      assertThatThrownBy(() -> engine.run(SqlQuery.parse("SELECT 1 AS a"), Map.of(), missing))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(missing.toString());
    }
  }

  @Test
  void aZeroKeepsItsSignInAColumnThatIsSortedBy() throws IOException {
    Path file = write("d.csv", "x,k\n0.0,1\n-0.0,2\n-0.0,1\nNaN,1\n");
    Map<String, List<Path>> inputs = Map.of("d", List.of(file));

    assertThat(rows("SELECT x, k FROM d ORDER BY k, x", inputs))
        .containsExactly("-0.0|1", "0.0|1", "NaN|1", "-0.0|2");
    assertThat(rows("WITH n AS (SELECT 3) SELECT x, k FROM d LIMIT (FROM n)", inputs)).hasSize(3);
  }

  @Test
  void aFailurePointsIntoTheTextOfTheQueryWhoseRowsAreOrderedOutside() throws IOException {
    Path file = write("d.csv", "x,s\n0.5,1\n1.5,oh\n");

    assertFault("SELECT x,\n  CAST(s AS INTEGER) AS n FROM d", Map.of("d", List.of(file)))
        .hasMessageStartingWith("Line 2, column 3 of the query: ");
  }

  @Test
  void aLimitCountsTheRowsOfTheQuerysOwnTable() throws IOException {
    Path d = write("d.csv", "k,x\n1,0.5\n2,1.5\n2,2.5\n1,3.5\n2,4.5\n");

    assertThat(
            rows(
                "WITH d AS (SELECT * FROM d WHERE k = 1)"
                    + " SELECT t.x::DOUBLE AS x FROM range(5) t(x)"
                    + " LIMIT (SELECT count(*) FROM d)",
                Map.of("d", List.of(d))))
        .containsExactly("0.0", "1.0");
    assertThat(
            rows(
                "WITH c AS (SELECT * FROM d), d AS (SELECT * FROM d WHERE k = 1)"
                    + " SELECT x FROM c ORDER BY x DESC LIMIT (SELECT count(*) FROM d)",
                Map.of("d", List.of(d))))
        .containsExactly("4.5", "3.5");
  }

  @Test
  void anOrderByMeansWhatItMeansInTheQuery() throws IOException {
    Path d = write("d.csv", "k,x\n3,1.5\n2,2.5\n1,3.5\n");

    assertThat(
            rows(
                "SELECT s.x FROM (SELECT {'x': x} AS s, k AS x FROM d) ORDER BY x LIMIT 2",
                Map.of("d", List.of(d))))
        .containsExactly("3.5", "2.5");
    assertThat(
            rows(
                "SELECT d.x FROM d RIGHT JOIN (VALUES (0e0), (2.5)) v(x) USING (x)"
                    + " ORDER BY x LIMIT 1",
                Map.of("d", List.of(d))))
        .containsExactly("null");
  }
}
