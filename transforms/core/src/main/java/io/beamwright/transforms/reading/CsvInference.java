// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns and types that a format does not declare, by one pass over every cell of every
 * file, so that the outcome depends on the content alone and not on which rows were looked at.
 */
final class CsvInference {

  private final TableFormat format;
  private final List<ColumnGuess> guesses = new ArrayList<>();
  private @Nullable CsvNames firstNames;
  private String firstFile = "";

  private CsvInference(TableFormat format) {
    this.format = format;
  }

  /**
   * The format with all columns of the table, each with its type.
   *
   * @param files at least one
   * @throws UserFault if a file is not CSV or lacks a column
   */
  static TableFormat complete(TableFormat format, List<TextFile> files) throws IOException {
    CsvInference inference = new CsvInference(format);
    for (TextFile file : files) {
      try (CsvRecords records = CsvRecords.of(file.content().open(), format, file.kind())) {
        inference.read(records, file.name());
      } catch (TextProblem e) {
        throw e.in(file.name());
      }
    }
    return format.withColumns(inference.guesses.stream().map(ColumnGuess::column).toList());
  }

  private void read(CsvRecords records, String file) throws IOException, TextProblem {
    CsvNames names = CsvNames.of(records, format);
    if (firstNames == null) {
      firstNames = names;
      firstFile = file;
      declaredOrAll(names)
          .forEach(column -> guesses.add(new ColumnGuess(column, format.thousands())));
    }
    if (format.columns().isEmpty()) {
      names.requireSame(Objects.requireNonNull(firstNames), firstFile);
    }
    int[] places = names.places(guesses.stream().map(ColumnGuess::declared).toList());
    while (records.next()) {
      names.requireAllCells(records);
      for (int i = 0; i < places.length; i++) {
        ColumnGuess guess = guesses.get(i);
        if (!guess.isSettled() && !records.isNull(places[i])) {
          guess.seeCell(records.bytes(), records.start(places[i]), records.end(places[i]));
        }
      }
    }
  }

  private List<FormatColumn> declaredOrAll(CsvNames names) {
    return format.columns().isEmpty()
        ? names.all().stream().map(FormatColumn::ofFile).toList()
        : format.columns();
  }
}
