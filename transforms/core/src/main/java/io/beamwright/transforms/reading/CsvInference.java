// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.ColumnType.Timestamp;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the columns and types that a spec does not declare, by one pass over every cell of every
 * file, so that the outcome depends on the content alone and not on which rows were looked at.
 *
 * <p>A column is the first of boolean, int64, float64, date, timestamp[us] and timestamp[us,UTC]
 * that all its cells are, and otherwise text; so is a column without any value. Codes such as
 * {@code 007} and integers beyond 64 bits are no numbers here: as such they would lose digits.
 */
final class CsvInference {

  /** What a column may be, in the order of preference. */
  private enum Candidate {
    BOOLEAN,
    INTEGER,
    NUMBER,
    DATE,
    LOCAL_TIMESTAMP,
    INSTANT;

    ColumnType type() {
      return switch (this) {
        case BOOLEAN -> Simple.BOOLEAN;
        case INTEGER -> Simple.INT64;
        case NUMBER -> Simple.FLOAT64;
        case DATE -> Simple.DATE;
        case LOCAL_TIMESTAMP -> new Timestamp(false);
        case INSTANT -> new Timestamp(true);
      };
    }
  }

  private final TableFormat config;
  private final List<Guess> guesses;

  private CsvInference(TableFormat config, List<Guess> guesses) {
    this.config = config;
    this.guesses = guesses;
  }

  /**
   * The format with all columns of the table, each with its type.
   *
   * @param files at least one
   * @throws UserFault if a file is not CSV or lacks a column
   */
  static TableFormat complete(TableFormat config, List<TextFile> files) throws IOException {
    CsvInference inference = new CsvInference(config, new ArrayList<>());
    for (TextFile file : files) {
      try (CsvRecords records = CsvRecords.of(file.content().open(), config)) {
        inference.read(records);
      } catch (CsvProblem e) {
        throw e.in(file.name());
      }
    }
    return config.withColumns(inference.guesses.stream().map(Guess::column).toList());
  }

  private void read(CsvRecords records) throws CsvProblem {
    CsvNames names = CsvNames.of(records, config);
    if (guesses.isEmpty()) {
      declaredOrAll(names).forEach(column -> guesses.add(new Guess(column, config)));
    }
    int[] places = names.places(guesses.stream().map(Guess::declared).toList(), config);
    while (records.next()) {
      names.requireAllCells(records);
      for (int i = 0; i < places.length; i++) {
        if (!records.isNull(places[i])) {
          guesses.get(i).see(records.text(places[i]));
        }
      }
    }
  }

  private List<FormatColumn> declaredOrAll(CsvNames names) {
    if (!config.columns().isEmpty()) {
      return config.columns();
    }
    return names.all().stream().map(FormatColumn::ofFile).toList();
  }

  /** What one column may still be. */
  private static final class Guess {

    private final FormatColumn declared;
    private final Map<Candidate, CellReader> candidates = new EnumMap<>(Candidate.class);
    private boolean hasValue;

    Guess(FormatColumn declared, TableFormat config) {
      this.declared = declared;
      if (declared.type().isEmpty()) {
        addAll(new Digits(config.thousands(), false));
      }
    }

    private void addAll(Digits digits) {
      candidates.put(Candidate.BOOLEAN, new CellReader.Booleans());
      candidates.put(
          Candidate.INTEGER, new CellReader.Integers(digits, Long.MIN_VALUE, Long.MAX_VALUE));
      candidates.put(Candidate.NUMBER, new CellReader.Doubles(digits, false));
      candidates.put(Candidate.DATE, new CellReader.Dates(DateTimeFormatter.ISO_LOCAL_DATE));
      candidates.put(
          Candidate.LOCAL_TIMESTAMP, timestamps(CellReader.Timestamps.Offset.MUST_NOT_BE));
      candidates.put(Candidate.INSTANT, timestamps(CellReader.Timestamps.Offset.MUST_BE));
    }

    private static CellReader timestamps(CellReader.Timestamps.Offset offset) {
      return new CellReader.Timestamps(IsoTimestamps.WITH_OR_WITHOUT_OFFSET, offset);
    }

    FormatColumn declared() {
      return declared;
    }

    void see(String cell) {
      hasValue = true;
      candidates.values().removeIf(reader -> !reader.reads(cell));
    }

    FormatColumn column() {
      ColumnType type =
          declared
              .type()
              .orElseGet(
                  () ->
                      hasValue && !candidates.isEmpty()
                          ? candidates.keySet().iterator().next().type()
                          : Simple.TEXT);
      return declared.withType(type);
    }
  }
}
