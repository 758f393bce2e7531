// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beamwright.tables.ColumnCondition.Operator;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** DuckDB says whether a file has rows that a planner would skip. */
class ColumnConditionProperties {

  private static final Map<Operator, String> SQL =
      Map.of(
          Operator.EQUAL, "=",
          Operator.NOT_EQUAL, "<>",
          Operator.LESS, "<",
          Operator.LESS_OR_EQUAL, "<=",
          Operator.GREATER, ">",
          Operator.GREATER_OR_EQUAL, ">=");

  // Set before any property runs.
  @SuppressWarnings("NullAway.Init")
  private static Connection duckDb;

  // Set before any property runs.
  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @BeforeContainer
  static void connect() throws Exception {
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
    folder = Files.createTempDirectory("conditions-");
  }

  @AfterContainer
  static void disconnect() throws Exception {
    duckDb.close();
    for (String name : new String[] {"ours", "theirs", "value"}) {
      Files.deleteIfExists(folder.resolve(name + ".parquet"));
    }
    Files.delete(folder);
  }

  @Property(tries = 120)
  void noFileThatIsLeftOutHasARowThatDuckDbFinds(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 4) int rows, @ForAll boolean theirs)
      throws Exception {
    Batch table = RandomTables.ofAllTypes(seed, rows);
    Batch values = RandomTables.ofAllTypes(seed + 1, 1);
    Path file = write("ours", table);
    Path value = write("value", values);
    if (theirs) {
      Path copy = folder.resolve("theirs.parquet");
      execute("COPY (FROM '%s') TO '%s' (FORMAT parquet)".formatted(file, copy));
      file = copy;
    }
    TableFacts facts = TableInspector.inspect(file);
    List<ColumnCondition> conditions = conditions(values);
    List<Boolean> found = findsAny(file, value, conditions);
    for (int i = 0; i < conditions.size(); i++) {
      assertThat(conditions.get(i).mayHoldIn(facts) || !found.get(i))
          .as("%s in %s", conditions.get(i), facts)
          .isTrue();
    }
  }

  private static List<ColumnCondition> conditions(Batch values) {
    List<ColumnCondition> conditions = new ArrayList<>();
    for (int i = 0; i < values.schema().width(); i++) {
      if (!values.column(i).isNull(0)) {
        String name = values.schema().column(i).name();
        Object value = CellValues.of(values.column(i), 0);
        for (Operator operator : Operator.values()) {
          conditions.add(new ColumnCondition(name, operator, value));
        }
      }
    }
    return conditions;
  }

  @Example
  void whereBoundsAreKnownFilesAreLeftOut() throws IOException {
    BatchBuilder rows =
        new BatchBuilder(Tables.schema("i", ColumnType.Simple.INT64, "t", ColumnType.Simple.TEXT));
    TableFacts facts =
        Tables.write(rows.appendRow(10L, "b").appendRow(20L, "ü").appendRow(null, null).build())
            .facts();

    assertThat(holds("i", Operator.EQUAL, 9L, facts)).isFalse();
    assertThat(holds("i", Operator.EQUAL, 10L, facts)).isTrue();
    assertThat(holds("i", Operator.EQUAL, 21L, facts)).isFalse();
    assertThat(holds("i", Operator.LESS, 10L, facts)).isFalse();
    assertThat(holds("i", Operator.LESS_OR_EQUAL, 10L, facts)).isTrue();
    assertThat(holds("i", Operator.GREATER, 20L, facts)).isFalse();
    assertThat(holds("i", Operator.GREATER_OR_EQUAL, 20L, facts)).isTrue();
    assertThat(holds("t", Operator.GREATER, "v", facts)).isTrue();
    assertThat(holds("t", Operator.LESS, "b", facts)).isFalse();
  }

  @Example
  void aColumnOfOneValueIsLeftOutWhereAnotherIsAskedFor() throws IOException {
    BatchBuilder rows = new BatchBuilder(Tables.schema("i", ColumnType.Simple.INT32));
    TableFacts facts =
        Tables.write(rows.appendRow(7).appendRow(7).appendRow((Object) null).build()).facts();

    assertThat(holds("i", Operator.NOT_EQUAL, 7, facts)).isFalse();
    assertThat(holds("i", Operator.NOT_EQUAL, 8, facts)).isTrue();
  }

  @Example
  void aColumnOfNullsAloneAndATableWithoutRowsFulfilNothing() throws IOException {
    TableSchema schema = Tables.schema("d", ColumnType.Simple.FLOAT64);
    TableFacts nulls =
        Tables.write(new BatchBuilder(schema).appendRow((Object) null).build()).facts();
    TableFacts none = Tables.write(new BatchBuilder(schema).build()).facts();

    for (Operator operator : Operator.values()) {
      assertThat(holds("d", operator, 1.0, nulls)).isFalse();
      assertThat(holds("d", operator, 1.0, none)).isFalse();
    }
  }

  @Example
  void aColumnThatIsNotThereOrAValueOfAnotherTypeIsRefused() throws IOException {
    TableFacts facts =
        Tables.write(
                new BatchBuilder(Tables.schema("i", ColumnType.Simple.INT32)).appendRow(7).build())
            .facts();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> holds("j", Operator.EQUAL, 7, facts))
        .withMessageContaining("there is no column \"j\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> holds("i", Operator.EQUAL, "7", facts))
        .withMessage("column \"i\" is int32, and is compared with a String");
  }

  private static boolean holds(String column, Operator operator, Object value, TableFacts facts) {
    return new ColumnCondition(column, operator, value).mayHoldIn(facts);
  }

  /** The values come from a file, so that no text of them stands between. */
  private static List<Boolean> findsAny(Path file, Path value, List<ColumnCondition> conditions)
      throws SQLException {
    String counts =
        conditions.stream()
            .map(
                condition ->
                    "count(*) FILTER (t.%1$s %2$s v.%1$s)"
                        .formatted(condition.column(), SQL.get(condition.operator())))
            .collect(Collectors.joining(", ", "SELECT 0, ", ""));
    try (Statement statement = duckDb.createStatement();
        ResultSet result =
            statement.executeQuery("%s FROM '%s' t, '%s' v".formatted(counts, file, value))) {
      result.next();
      List<Boolean> found = new ArrayList<>();
      for (int i = 0; i < conditions.size(); i++) {
        found.add(result.getLong(i + 2) > 0);
      }
      return found;
    }
  }

  private static Path write(String name, Batch batch) throws IOException {
    return Files.write(folder.resolve(name + ".parquet"), Tables.write(batch).bytes());
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(sql);
    }
  }
}
