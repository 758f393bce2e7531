// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  static CsvNames of(CsvRecords records, TableFormat format) throws IOException, TextProblem {
    CsvNames names = named(records, format);
    records.expect(names.all.size());
    return names;
  }

  private static CsvNames named(CsvRecords records, TableFormat format)
      throws IOException, TextProblem {
    if (format.header() instanceof Header.Declared declared) {
      return new CsvNames(declared.names());
    }
    return format.header() instanceof Header.AsColumns
        ? new CsvNames(format.declaredNames())
        : inFile(records);
  }

  private static CsvNames inFile(CsvRecords records) throws IOException, TextProblem {
    if (!records.next()) {
      throw TextProblem.inFile(
          "the file is empty: it has not even a header, so its columns are not known.",
          "Give it a line of column names, declare them by \"header\", or leave the file out of the"
              + " input's glob.");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < records.size(); i++) {
      String name = records.text(i);
      if (name.isEmpty() || name.indexOf('\0') >= 0 || !seen.add(name)) {
        throw TextProblem.atLine(
            records.line(),
            wrongName(i, name),
            "Give every column a name of its own; or pass over the line by \"skip\" and declare the"
                + " names by \"header\".");
      }
      names.add(name);
    }
    return new CsvNames(names);
  }

  private static String wrongName(int index, String name) {
    if (name.isEmpty()) {
      return "column " + (index + 1) + " of the header has no name.";
    }
    return name.indexOf('\0') >= 0
        ? "the name of column " + (index + 1) + " has the character U+0000; is the file UTF-8?"
        : "two columns of the header are called \"" + name + "\".";
  }

  /** The places, from 0, of these columns in the file. */
  int[] places(List<FormatColumn> columns) throws TextProblem {
    Map<String, Integer> byName = new HashMap<>();
    for (String name : all) {
      byName.put(name, byName.size());
    }
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      Integer place = byName.get(columns.get(i).from());
      if (place == null) {
        throw TextProblem.inFile(
            "there is no column \"%s\"; the file has %s."
                .formatted(columns.get(i).from(), String.join(", ", all)),
            "Name the file's column by \"from\" in \"columns\".");
      }
      places[i] = place;
    }
    return places;
  }

  /** Makes sure that another file has the same names, in whatever order. */
  void requireSame(CsvNames others, String otherFile) throws TextProblem {
    Set<String> here = new HashSet<>(all);
    Set<String> there = new HashSet<>(others.all);
    for (String name : all) {
      if (!there.contains(name)) {
        throw differs("it has the column \"%s\", which %s has not.".formatted(name, otherFile));
      }
    }
    for (String name : others.all) {
      if (!here.contains(name)) {
        throw differs("it has no column \"%s\", which %s has.".formatted(name, otherFile));
      }
    }
  }

  private static TextProblem differs(String what) {
    return TextProblem.inFile(
        what,
        "All files of one input need the same columns: declare in \"columns\" those that are"
            + " wanted, or read the files in stages of their own.");
  }

  /** Makes sure that the current record has a cell for every column, and no more. */
  void requireAllCells(CsvRecords records) throws TextProblem {
    if (records.size() > all.size()) {
      throw TextProblem.atLine(
          records.line(),
          "the row has %d cells for %d columns; the first too many is \"%s\", column %d."
              .formatted(records.size(), all.size(), records.text(all.size()), all.size() + 1),
          "Quote cells that hold the delimiter, or correct the row.");
    }
    if (records.size() < all.size()) {
      throw TextProblem.atLine(
          records.line(),
          "the row has %d cells for %d columns; the first without a cell is \"%s\"."
              .formatted(records.size(), all.size(), all.get(records.size())),
          "Correct the row.");
    }
  }
}
