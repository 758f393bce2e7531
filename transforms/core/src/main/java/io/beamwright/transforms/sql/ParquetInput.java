// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.tables.ColumnType;
import io.beamwright.tables.CommonSchema;
import io.beamwright.tables.InPlaceReading;
import io.beamwright.tables.TableFile;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parquet files, which DuckDB reads in place, after what it does not look at was looked at. Where
 * they say different things of their columns, each file is cast to the common schema in our types,
 * which loses nothing.
 */
final class ParquetInput extends InputTable {

  ParquetInput(String name, InputFiles input) {
    super(name, input);
  }

  @Override
  void createFrom(DuckDb duckDb) throws SQLException, IOException {
    if (input().format().isPresent()) {
      throw new UserFault(
          place(input().files().get(0)) + " is Parquet, of which the input's format says nothing.",
          "Leave the format out, or let the glob match CSV or JSON.");
    }
    Map<String, RandomAccessSource> files = new LinkedHashMap<>();
    for (Path file : input().files()) {
      files.put(place(file), RandomAccessSource.of(file));
    }
    InPlaceReading reading = InPlaceReading.of(files);
    LoadedTable.requireDistinct(
        name(), reading.columns().stream().map(InPlaceReading.Field::name).toList());
    String rows = reading.isAlike() ? read(input().files()) : readEach(reading);
    rows = "SELECT *" + withoutBounds(reading.unboundedNan()) + " FROM (" + rows + ")";
    try {
      // A table has bounds of its own.
      String kind = reading.isToBeCopied() ? "TABLE" : "VIEW";
      duckDb.execute("CREATE TEMP %s %s AS %s".formatted(kind, DuckDb.identifier(name()), rows));
    } catch (SQLException e) {
      DuckDbFaults.Report report = DuckDbFaults.Report.of(e);
      throw report.isOfABrokenEngine() || report.isOfAStop() || report.isOfTheMachine()
          ? DuckDbFaults.unexpected("reading input \"" + name() + "\"", e)
          : fault(report.message(), e);
    }
  }

  /** The files that follow each other, are of one kind and are cast alike are read at once. */
  private String readEach(InPlaceReading reading) throws IOException {
    List<String> columns = columnsOfEach(reading);
    List<String> reads = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= input().files().size(); i++) {
      if (i == input().files().size()
          || !columns.get(i).equals(columns.get(from))
          || !reading.kinds().get(i).equals(reading.kinds().get(from))) {
        reads.add(
            "SELECT %s FROM (%s)"
                .formatted(columns.get(from), read(input().files().subList(from, i))));
        from = i;
      }
    }
    return String.join(" UNION ALL ", reads);
  }

  /** For each file its columns, cast to our types: DuckDB has several where we have one. */
  private List<String> columnsOfEach(InPlaceReading reading) throws IOException {
    List<TableFile> inspected = new ArrayList<>();
    for (Path file : input().files()) {
      inspected.add(TableFile.inspect(place(file), file));
    }
    if (inspected.stream().map(file -> file.facts().schemaJson()).distinct().count() == 1) {
      String columns =
          reading.columns().stream()
              .map(field -> column(field.name(), field.type()))
              .collect(Collectors.joining(", "));
      return Collections.nCopies(inspected.size(), columns);
    }
    CommonSchema common = CommonSchema.of(inspected);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < inspected.size(); i++) {
      columns.add(
          common.casts(i).stream()
              .map(cast -> column(cast.column(), Optional.of(cast.to())))
              .collect(Collectors.joining(", ")));
    }
    return columns;
  }

  private static String column(String name, Optional<ColumnType> type) {
    String column = DuckDb.identifier(name);
    return type.map(LoadedTable::duckDbType)
        .map(ours -> "CAST(%1$s AS %2$s) AS %1$s".formatted(column, ours))
        .orElse(column);
  }

  /** What reads files of one schema, in their order. */
  private static String read(List<Path> files) {
    // A folder called a=b would otherwise add a column, and the folder is the worker's.
    return files.stream()
        .map(file -> DuckDb.literal(DuckDb.pattern(file)))
        .collect(
            Collectors.joining(
                ", ", "SELECT * FROM read_parquet([", "], hive_partitioning = false)"));
  }

  /**
   * Negated twice, a floating number is exactly itself, but DuckDB does not know its bounds. So it
   * stands after the casts: the least integer has no negative.
   *
   * @param columns those whose bounds leave NaN out, which DuckDB takes for the greatest number: it
   *     would pass over rows that it should read
   */
  private static String withoutBounds(Set<String> columns) {
    return columns.isEmpty()
        ? ""
        : columns.stream()
            .map(DuckDb::identifier)
            .map("-(-%1$s) AS %1$s"::formatted)
            .collect(Collectors.joining(", ", " REPLACE (", ")"));
  }
}
