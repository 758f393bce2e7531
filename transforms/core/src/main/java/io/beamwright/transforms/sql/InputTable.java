// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One input of a query: files of one kind, seen as one table.
 *
 * @param name the input's name
 * @param format the kind of all the files
 * @param files absolute, in the order in which their rows come
 */
record InputTable(String name, InputFormat format, List<Path> files) {

  private static final Pattern CSV_ERROR =
      Pattern.compile("CSV Error on Line: (\\d+)\\n(?:Original Line: [^\\n]*\\n)?([^\\n]*)");

  /** Where DuckDB begins to say how to set it otherwise, which nobody can do here. */
  private static final Pattern ADVICE =
      Pattern.compile("union_by_name|^Potential Fixes|^Possible fixes|^This can happen when");

  private static final Pattern CSV_FILE = Pattern.compile("\\n\\s*file = ([^\\n]*)\\n");

  InputTable {
    files = List.copyOf(files);
  }

  /**
   * The input of this name over these files.
   *
   * @throws UserFault if there is no file, or they are of several kinds or of one that is no table
   */
  static InputTable of(String name, List<Path> files) {
    List<Path> absolute = files.stream().map(Path::toAbsolutePath).toList();
    if (absolute.isEmpty()) {
      throw new UserFault(
          "The query reads \"" + name + "\", which has no file here, so its columns are not known.",
          "Let the input's glob match at least one Parquet, CSV or JSON file.");
    }
    Map<InputFormat, Path> kinds = new TreeMap<>();
    for (Path file : absolute) {
      InputFormat format = InputFormat.of(file).orElseThrow(() -> noTable(name, file));
      kinds.putIfAbsent(format, file);
    }
    if (kinds.size() > 1) {
      throw mixed(name, kinds);
    }
    return new InputTable(name, kinds.keySet().iterator().next(), absolute);
  }

  private static UserFault noTable(String name, Path file) {
    return new UserFault(
        "Input \"" + name + "\" has the file " + file.getFileName() + ", which is no table.",
        "Let the input's glob match only files that end in .parquet, .csv, .tsv, .json, .jsonl or"
            + " .ndjson.");
  }

  private static UserFault mixed(String name, Map<InputFormat, Path> kinds) {
    String list =
        kinds.entrySet().stream()
            .map(kind -> kind.getKey().displayName() + " (" + kind.getValue().getFileName() + ")")
            .collect(Collectors.joining(", "));
    return new UserFault(
        "Input \"" + name + "\" mixes files of several kinds: " + list + ".",
        "Let the input's glob match files of one kind, such as /*.parquet.");
  }

  /**
   * Makes the table in DuckDB, under its name and for this connection alone.
   *
   * @throws UserFault if a file cannot be read as what its extension says; the message names it
   */
  void create(DuckDb duckDb) throws SQLException {
    requireHeaders();
    String kind = format.isText() ? "TABLE" : "VIEW";
    try {
      duckDb.execute(
          "CREATE TEMP %s %s AS SELECT * FROM %s"
              .formatted(kind, DuckDb.identifier(name), format.read(files)));
    } catch (SQLException e) {
      throw faultOf(duckDb, e);
    }
  }

  private void requireHeaders() {
    for (Path file : files) {
      if (format != InputFormat.PARQUET && isEmpty(file)) {
        throw new UserFault(
            place(file) + " is empty: it has not even a header, so its columns are not known.",
            "Write its header line, or leave the file out of the input's glob.");
      }
    }
  }

  private boolean isEmpty(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private RuntimeException faultOf(DuckDb duckDb, SQLException e) throws SQLException {
    DuckDbFaults.Report report = DuckDbFaults.Report.of(e);
    if (report.isOfTheEngine() || report.isOfTheMachine()) {
      return DuckDbFaults.unexpected("reading input \"" + name + "\"", e);
    }
    if (report.message().contains("CSV parsing dialect")) {
      // That it has no shape says nothing of where; reading it as texts does.
      return raggedLine(duckDb, e);
    }
    return fault(report.message(), e);
  }

  private RuntimeException raggedLine(DuckDb duckDb, SQLException e) throws SQLException {
    for (Path file : files) {
      try {
        duckDb.execute("SELECT count(*) FROM " + format.readAsTexts(file, headerWidth(file)));
      } catch (SQLException ragged) {
        return fault(DuckDbFaults.Report.of(ragged).message(), ragged);
      }
    }
    return fault("the file is not " + format.displayName() + " as RFC 4180 has it", e);
  }

  private int headerWidth(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      String header = reader.readLine();
      boolean quoted = false;
      int width = 1;
      for (char c : (header == null ? "" : header).toCharArray()) {
        quoted ^= c == '"';
        width += !quoted && c == format.delimiter() ? 1 : 0;
      }
      return width;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Whether a message of DuckDB names one of the files. */
  boolean isNamedIn(String message) {
    return files.stream().anyMatch(file -> message.contains(file.toString()));
  }

  /** What DuckDB says of the files, as a fault that names the file and, where it can, the line. */
  UserFault fault(String message, SQLException e) {
    Matcher csv = CSV_ERROR.matcher(message);
    if (csv.find()) {
      Matcher file = CSV_FILE.matcher(message);
      String place = file.find() ? place(Path.of(file.group(1))) : "Input \"" + name + "\"";
      return new UserFault(
          place + ", line " + csv.group(1) + ": " + csv.group(2).strip(), "Correct the file.", e);
    }
    return new UserFault(
        "Input \"" + name + "\" cannot be read: " + inTheirNames(firstLines(message)),
        "Correct the file; all files of one input need the same columns.",
        e);
  }

  private static String firstLines(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank())
        .takeWhile(line -> !ADVICE.matcher(line).find())
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  /** A message without the worker's folders, which say nothing to who wrote the query. */
  private String inTheirNames(String message) {
    String told = message;
    for (Path file : files) {
      told = told.replace(file.toString(), String.valueOf(shown(file)));
    }
    return told;
  }

  private String place(Path file) {
    return "Input \"" + name + "\", file " + shown(file);
  }

  /** The path below the folder that all the files share. */
  private Path shown(Path file) {
    Path folder = files.get(0).getParent();
    while (folder != null && !allBelow(folder)) {
      folder = folder.getParent();
    }
    return folder == null ? file : folder.relativize(file);
  }

  private boolean allBelow(Path folder) {
    return files.stream().allMatch(file -> file.startsWith(folder));
  }

  private EnvironmentFault unreadable(Path file, IOException e) {
    return new EnvironmentFault(
        place(file) + " cannot be read: " + e.getMessage(),
        "See that the worker's disk is in order.",
        e);
  }
}
