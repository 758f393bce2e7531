// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the columns of one file, in the file's order.
 *
 * @param all the names, each once, none empty
 */
record CsvNames(List<String> all) {

  CsvNames {
    all = List.copyOf(all);
  }

  /** Reads the header, if there is one; the records after it are rows. */
  static CsvNames of(CsvRecords records, TableFormat config) throws CsvProblem {
    if (config.header() instanceof Header.Declared declared) {
      return new CsvNames(declared.names());
    }
    if (config.header() instanceof Header.AsColumns) {
      return new CsvNames(config.declaredNames());
    }
    if (!records.next()) {
      throw CsvProblem.inFile(
          "the file is empty and has no header.",
          "Give it a line of column names, or set \"header\" to the list of them.");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < records.size(); i++) {
      String name = records.text(i);
      if (name.isEmpty() || !seen.add(name)) {
        throw CsvProblem.atLine(
            records.line(),
            name.isEmpty()
                ? "column " + (i + 1) + " of the header has no name."
                : "two columns of the header are called \"" + name + "\".",
            "Give every column a name of its own, or set \"header\" to the list of names.");
      }
      names.add(name);
    }
    return new CsvNames(names);
  }

  /** The places, from 0, of these columns in the file. */
  int[] places(List<FormatColumn> columns, TableFormat config) throws CsvProblem {
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = all.indexOf(columns.get(i).from());
      if (places[i] < 0) {
        throw CsvProblem.inFile(
            "there is no column \"%s\"; the file has %s."
                .formatted(columns.get(i).from(), String.join(", ", all)),
            "Name the file's column by \"from\" in \"columns\".");
      }
    }
    if (config.columns().isEmpty() && all.size() != places.length) {
      throw CsvProblem.inFile(
          "the file has the columns %s, and another of the input's files has %s."
              .formatted(
                  String.join(", ", all),
                  String.join(", ", columns.stream().map(FormatColumn::from).toList())),
          "Declare in \"columns\" those that are wanted, or read the files in stages of their own.");
    }
    return places;
  }

  /** Makes sure that the current record has a cell for every column, and no more. */
  void requireAllCells(CsvRecords records) throws CsvProblem {
    if (records.size() > all.size()) {
      throw CsvProblem.atLine(
          records.line(),
          "the row has %d cells for %d columns; the first too many is \"%s\", column %d."
              .formatted(records.size(), all.size(), records.text(all.size()), all.size() + 1),
          "Quote cells that hold the delimiter, or correct the row.");
    }
    if (records.size() < all.size()) {
      throw CsvProblem.atLine(
          records.line(),
          "the row has %d cells for %d columns; the first without a cell is \"%s\"."
              .formatted(records.size(), all.size(), all.get(records.size())),
          "Correct the row.");
    }
  }
}
