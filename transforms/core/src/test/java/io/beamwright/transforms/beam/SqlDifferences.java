// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Decimal;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.ColumnType.Timestamp;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TableWriter;
import io.beamwright.transforms.sql.InputFiles;
import io.beamwright.transforms.sql.SqlEngine;
import io.beamwright.transforms.sql.SqlLimits;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * Small tables of every type with nulls and extremes, and three ways to query them: the step {@code
 * Sql} on the DirectRunner, our engine of {@code sql} stages, and DuckDB by itself. Rows are texts
 * that tell apart all that is not equal: exact numbers by value, floating-point numbers to the last
 * bit and sign, all else by type.
 */
final class SqlDifferences {

  private static final String NAME = "Sql";
  private static final String W_MAX = "9999999999999999999999999999.9999999999";

  /** All types. */
  static final TableSchema T =
      schema(
          "id",
          Simple.INT32,
          false,
          "b",
          Simple.BOOLEAN,
          true,
          "i",
          Simple.INT32,
          true,
          "l",
          Simple.INT64,
          true,
          "n",
          new Decimal(18, 4),
          true,
          "m",
          new Decimal(9, 2),
          true,
          "w",
          new Decimal(38, 10),
          true,
          "f",
          Simple.FLOAT32,
          true,
          "d",
          Simple.FLOAT64,
          true,
          "x",
          Simple.FLOAT64,
          true,
          "s",
          Simple.TEXT,
          true,
          "g",
          Simple.TEXT,
          true,
          "j",
          Simple.INT32,
          true,
          "day",
          Simple.DATE,
          true,
          "wall",
          new Timestamp(false),
          true,
          "at",
          new Timestamp(true),
          true,
          "bin",
          Simple.BINARY,
          true);

  private static final Object[][] T_ROWS = {
    row(1, true, 0, 0L, "0.2500", "1.25", "0.0000000001", 0.5f, 0.0, 0.5, "a", "x", 0)
        .at("1970-01-01", "1970-01-01T00:00", "1970-01-01T00:00:00Z", 1, 0),
    row(2, false, 1, 1L, "1.2500", "-0.01", "1.2500000000", -1.5f, -0.0, 1.5, "", "x", 1)
        .at("2017-09-05", "2017-09-05T10:00", "2017-09-05T10:00:00.5Z"),
    row(3, null, null, null, "-0.5000", null, null, null, null, null, null, null, 2)
        .at(null, null, null),
    row(4, true, 2147483647, 9223372036854775807L, null, "9999999.99", W_MAX, 3.4028235e38f)
        .and(1.7976931348623157e308, 2.25, "𝒜b😀", "y", null)
        .at("9999-12-31", "9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999Z", 255),
    row(5, false, -2147483648, -9223372036854775808L, "0.5000", "-9999999.99", "-" + W_MAX)
        .and(-3.4028235e38f, -1.7976931348623157e308, -4.0, "e\u0301", "y", 0)
        .at("0001-01-01", "0001-01-01T00:00:00.000001", "0001-01-01T00:00:00Z", 0),
    row(
            6,
            true,
            -7,
            -7L,
            "1.2500",
            "0.50",
            "-0.5000000000",
            Float.NaN,
            Double.NaN,
            8.0,
            "B",
            "y",
            1)
        .at("1677-01-01", "1600-02-29T12:30:15", "1677-01-01T00:00:00Z", 1, 2, 3),
    row(7, null, 7, 9007199254740993L, "3.0000", "2.00", "3.0000000000", Float.POSITIVE_INFINITY)
        .and(Double.POSITIVE_INFINITY, 0.25, "a%_b", null, 2)
        .at("2262-04-12", "2300-01-01T00:00", "2262-04-12T00:00:00Z"),
    row(8, false, 7, 3L, "-2.7500", "-2.75", "-2.7500000000", Float.NEGATIVE_INFINITY)
        .and(Double.NEGATIVE_INFINITY, -0.75, "ÄÖß", "x", null)
        .at("2024-02-29", "2024-02-29T23:59:59", "2024-02-29T00:00:00Z", 9),
    row(9, true, 2, 2L, "0.0000", "0.00", "0.0000000000", 0.1f, 0.1, 1.0, "a", "", 1)
        .at("1969-12-31", "1969-12-31T23:59:59.5", "1969-12-31T23:59:59.999999Z", 0, 0),
    row(10, null, 2, 2L, "99999999999999.9999", "1.50", "2.0000000000", 1.5f, 1.0e-300, 1.0)
        .and("\uD83D\uDE00", "x", 0)
        .at("1970-01-01", "1970-01-01T00:00", "1970-01-01T00:00:00Z", 255, 255),
  };

  /** To join with. */
  static final TableSchema U =
      schema(
          "k",
          Simple.INT32,
          true,
          "q",
          new Decimal(10, 1),
          true,
          "z",
          Simple.FLOAT64,
          true,
          "name",
          Simple.TEXT,
          true,
          "day",
          Simple.DATE,
          true,
          "big",
          Simple.INT64,
          true);

  private static final Object[][] U_ROWS = {
    {0, dec("0.5"), -0.0, "a", LocalDate.of(1970, 1, 1), 0L},
    {1, dec("3.0"), 0.1, "", LocalDate.of(2017, 9, 5), 1L},
    {1, dec("0.0"), Double.NaN, "a", LocalDate.of(9999, 12, 31), 7L},
    {null, null, null, null, null, null},
    {7, dec("-0.5"), 1.0, "😀", LocalDate.of(1, 1, 1), 2L},
  };

  /** No rows. */
  static final TableSchema E = schema("k", Simple.INT32, true, "q", new Decimal(10, 1), true);

  /** A row of T in the making. */
  private static final class Cells {
    private final List<@Nullable Object> values = new ArrayList<>();

    Cells and(@Nullable Object... more) {
      values.addAll(Arrays.asList(more));
      return this;
    }

    Object[] at(@Nullable String day, @Nullable String wall, @Nullable String at, int... bytes) {
      values.add(day == null ? null : LocalDate.parse(day));
      values.add(wall == null ? null : LocalDateTime.parse(wall));
      values.add(at == null ? null : Instant.parse(at));
      byte[] binary = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        binary[i] = (byte) bytes[i];
      }
      values.add(day == null ? null : binary);
      for (int column : new int[] {4, 5, 6}) {
        Object text = values.get(column);
        values.set(column, text == null ? null : dec((String) text));
      }
      return values.toArray();
    }
  }

  private static Cells row(@Nullable Object... values) {
    return new Cells().and(values);
  }

  private static BigDecimal dec(String text) {
    return new BigDecimal(text);
  }

  private static TableSchema schema(Object... columns) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 3) {
      all.add(
          new Column(
              (String) columns[i],
              (ColumnType) columns[i + 1],
              (Boolean) columns[i + 2],
              i / 3 + 1));
    }
    return new TableSchema(all);
  }

  /** What a query gave: rows, sorted, or what was wrong. */
  record Answer(List<String> rows, Optional<String> fault) {
    static Answer of(Collection<String> rows) {
      return new Answer(rows.stream().sorted().toList(), Optional.empty());
    }

    static Answer failed(String fault) {
      return new Answer(List.of(), Optional.of(fault));
    }
  }

  private static final Map<String, Collection<Object>> COLLECTED = new ConcurrentHashMap<>();

  private final Map<String, Batch> tables = new LinkedHashMap<>();

  SqlDifferences() {
    tables.put("t", batch(T, T_ROWS));
    tables.put("u", batch(U, U_ROWS));
    tables.put("e", batch(E, new Object[0][]));
  }

  private static Batch batch(TableSchema schema, Object[][] rows) {
    BatchBuilder batch = new BatchBuilder(schema);
    for (Object[] row : rows) {
      batch.appendRow(row);
    }
    return batch.build();
  }

  /** The step's answers: all queries in one graph, after each other's fault is taken away. */
  Map<String, Answer> step(List<String> queries) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setTargetParallelism(2);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    Pipeline pipeline = Pipeline.create(options);
    Map<String, Dataset> sources = new LinkedHashMap<>();
    tables.forEach((name, rows) -> sources.put(name, source(pipeline, name, rows)));
    Map<String, Answer> answers = new LinkedHashMap<>();
    String run = java.util.UUID.randomUUID() + "/";
    for (int i = 0; i < queries.size(); i++) {
      try {
        add(pipeline, sources, queries.get(i), run + i);
        answers.put(queries.get(i), Answer.of(List.of()));
      } catch (UserFault e) {
        answers.put(queries.get(i), Answer.failed(e.getMessage() + " " + e.remedy()));
      }
    }
    pipeline.run().waitUntilFinish();
    for (int i = 0; i < queries.size(); i++) {
      Collection<Object> failures = collected(run + i + "/failures");
      if (!failures.isEmpty()) {
        StageFailure first = (StageFailure) failures.iterator().next();
        answers.put(queries.get(i), Answer.failed(first.what() + " " + first.remedy()));
      } else if (Objects.requireNonNull(answers.get(queries.get(i))).fault().isEmpty()) {
        List<String> rows = new ArrayList<>();
        collected(run + i + "/rows").forEach(batch -> rows.addAll(shown((Batch) batch)));
        answers.put(queries.get(i), Answer.of(rows));
      }
    }
    return answers;
  }

  private static Collection<Object> collected(String key) {
    Collection<Object> found = COLLECTED.remove(key);
    return found == null ? List.of() : found;
  }

  private static Dataset source(Pipeline pipeline, String name, Batch rows) {
    List<SourcedBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.rowCount(); from += 3) {
      Batch slice = rows.slice(from, Math.min(rows.rowCount(), from + 3));
      batches.add(new SourcedBatch(0, batches.size(), slice));
    }
    PCollection<SourcedBatch> elements =
        pipeline.apply(name, Create.of(batches).withCoder(new SourcedBatchCoder(rows.schema())));
    return new Dataset(rows.schema(), Ordering.BY_SOURCE, elements);
  }

  private static void add(
      Pipeline pipeline, Map<String, Dataset> tables, String query, String key) {
    StepContext context =
        new StepContext(
            key + "/",
            NAME,
            CanonicalJson.object().put("query", query),
            Map.of(),
            tables,
            () -> {
              throw new IllegalStateException("no store");
            },
            1);
    Dataset rows = new io.beamwright.transforms.beam.sql.Sql().expand(context);
    rows.batches().apply(key + "/Rows", ParDo.of(new Collect<>(key + "/rows")));
    if (!context.failures().isEmpty()) {
      PCollectionList.of(context.failures())
          .apply(key + "/Failures", Flatten.pCollections())
          .apply(key + "/Fails", ParDo.of(new Collect<>(key + "/failures")));
    }
  }

  private static final class Collect<T> extends DoFn<T, Void> {

    private static final long serialVersionUID = 1L;

    private final String key;

    Collect(String key) {
      this.key = key;
    }

    @ProcessElement
    public void process(@Element T element) {
      COLLECTED
          .computeIfAbsent(key, any -> new ConcurrentLinkedQueue<>())
          .add(element instanceof SourcedBatch batch ? batch.rows() : element);
    }
  }

  /** Writes the tables as Parquet files of their names. */
  void writeTo(Path folder) {
    tables.forEach(
        (name, rows) -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (TableWriter writer = new TableWriter(out, rows.schema())) {
            writer.write(rows);
            writer.finish();
            Files.write(folder.resolve(name + ".parquet"), out.toByteArray());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** What our engine of {@code sql} stages answers. */
  Map<String, Answer> stage(List<String> queries, Path folder) {
    Map<String, List<Path>> inputs = new LinkedHashMap<>();
    tables.keySet().forEach(name -> inputs.put(name, List.of(folder.resolve(name + ".parquet"))));
    Map<String, Answer> answers = new LinkedHashMap<>();
    SqlLimits limits = new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, folder.resolve("spill"));
    try (SqlEngine engine = new SqlEngine(limits, folder)) {
      for (String query : queries) {
        try {
          Path output = Files.createTempDirectory(folder, "out");
          List<Path> parts = engine.run(SqlQuery.parse(query), filesOf(inputs), output);
          List<String> rows = new ArrayList<>();
          parts.forEach(part -> rows.addAll(read(part)));
          answers.put(query, Answer.of(rows));
        } catch (UserFault e) {
          answers.put(query, Answer.failed(String.valueOf(e.getMessage())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }

  /** What DuckDB by itself answers. */
  Map<String, Answer> duckDb(List<String> queries, Path folder) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET threads = 1");
      for (String name : tables.keySet()) {
        statement.execute(
            "CREATE TABLE %s AS FROM '%s'".formatted(name, folder.resolve(name + ".parquet")));
      }
      for (String query : queries) {
        answers.put(query, duckDb(query, folder, connection));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return answers;
  }

  // A HUGEINT becomes a double in Parquet.
  private static Answer duckDb(String query, Path folder, Connection connection) {
    Path file = folder.resolve("answer.parquet");
    try (Statement statement = connection.createStatement()) {
      List<String> columns = new ArrayList<>();
      int place = 0;
      try (ResultSet described = statement.executeQuery("DESCRIBE " + query)) {
        while (described.next()) {
          String column = "c" + place++;
          columns.add(
              described.getString("column_type").equals("HUGEINT")
                  ? "CAST(%s AS DECIMAL(38, 0)) AS %s".formatted(column, column)
                  : column);
        }
      }
      List<String> names = new ArrayList<>();
      for (int i = 0; i < place; i++) {
        names.add("c" + i);
      }
      statement.execute(
          "COPY (SELECT %s FROM (%s) AS answer(%s)) TO '%s' (FORMAT parquet)"
              .formatted(String.join(", ", columns), query, String.join(", ", names), file));
      return Answer.of(read(file));
    } catch (SQLException | UserFault e) {
      return Answer.failed(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> read(Path file) {
    List<String> rows = new ArrayList<>();
    try (TableReader reader = TableReader.open(file)) {
      for (Optional<Batch> batch = reader.next(); batch.isPresent(); batch = reader.next()) {
        rows.addAll(shown(batch.get()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static List<String> shown(Batch batch) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < batch.columns().size(); i++) {
        cells.add(shown(batch.column(i).valueAt(row)));
      }
      rows.add(String.join("|", cells));
    }
    return rows;
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return String.valueOf(value);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
    if (value instanceof Double || value instanceof Float) {
      return "~" + ((Number) value).doubleValue();
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    return value instanceof byte[] bytes
        ? "x" + HexFormat.of().formatHex(bytes)
        : String.valueOf(value);
  }

  private static Map<String, InputFiles> filesOf(Map<String, List<Path>> inputs) {
    Map<String, InputFiles> files = new HashMap<>();
    inputs.forEach((name, paths) -> files.put(name, InputFiles.of(paths)));
    return files;
  }
}
