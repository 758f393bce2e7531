// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.transforms.reading.TextKind;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One input of a query: files of one kind, seen as one table. */
abstract sealed class InputTable permits ParquetInput, TextInput {

  private static final String PARQUET = "Parquet";

  private final String name;
  private final InputFiles input;

  InputTable(String name, InputFiles input) {
    this.name = name;
    this.input = input;
  }

  /**
   * The input of this name over these files.
   *
   * @throws UserFault if there is no file, or they are of several kinds or of one that is no table
   */
  static InputTable of(String name, InputFiles input) {
    if (input.files().isEmpty()) {
      throw new UserFault(
          "The query reads \"" + name + "\", which has no file here, so its columns are not known.",
          "Let the input's glob match at least one Parquet, CSV or JSON file.");
    }
    Optional<TextKind> declared = input.format().flatMap(TableFormat::kind);
    if (declared.isPresent()) {
      return new TextInput(name, input, declared.get());
    }
    Map<String, Path> kinds = new TreeMap<>();
    for (Path file : input.files()) {
      kinds.putIfAbsent(kindOf(name, file), file);
    }
    if (kinds.size() > 1) {
      throw mixed(name, kinds);
    }
    Optional<TextKind> text = TextKind.ofName(fileName(input.files().get(0)));
    return text.isPresent()
        ? new TextInput(name, input, text.get())
        : new ParquetInput(name, input);
  }

  private static String kindOf(String name, Path file) {
    boolean isParquet = fileName(file).toLowerCase(Locale.ROOT).endsWith(".parquet");
    return isParquet
        ? PARQUET
        : TextKind.ofName(fileName(file)).orElseThrow(() -> noTable(name, file)).displayName();
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static UserFault noTable(String name, Path file) {
    return new UserFault(
        "Input \"" + name + "\" has the file " + file.getFileName() + ", which is no table.",
        "Let the input's glob match only files that end in .parquet, .csv, .tsv, .json, .jsonl or"
            + " .ndjson (text may be packed: .csv.gz, .csv.zst); or declare the \"type\" in its"
            + " format.");
  }

  private static UserFault mixed(String name, Map<String, Path> kinds) {
    String list =
        kinds.entrySet().stream()
            .map(kind -> kind.getKey() + " (" + kind.getValue().getFileName() + ")")
            .collect(Collectors.joining(", "));
    return new UserFault(
        "Input \"" + name + "\" mixes files of several kinds: " + list + ".",
        "Let the input's glob match files of one kind, such as /*.parquet.");
  }

  String name() {
    return name;
  }

  InputFiles input() {
    return input;
  }

  /**
   * Makes the table in DuckDB, under its name and for this connection alone.
   *
   * @throws UserFault if a file cannot be read as what it is; the message names it
   */
  final void create(DuckDb duckDb) throws SQLException {
    try {
      createFrom(duckDb);
    } catch (IOException e) {
      throw new EnvironmentFault(
          "Input \"" + name + "\" cannot be read: " + e.getMessage(),
          "See that the worker's disk is in order.",
          e);
    }
  }

  abstract void createFrom(DuckDb duckDb) throws SQLException, IOException;

  /** How messages name one of the files. */
  String place(Path file) {
    return "Input \"" + name + "\", file " + input.shown(file);
  }

  /** Whether a message of DuckDB names one of the files. */
  boolean isNamedIn(String message) {
    return input.files().stream().anyMatch(file -> message.contains(file.toString()));
  }

  /** What DuckDB says of the files, as a fault without the worker's folders. */
  UserFault fault(String message, SQLException e) {
    String told = message.lines().map(String::strip).collect(Collectors.joining(" "));
    for (Path file : input.files()) {
      told = told.replace(file.toString(), String.valueOf(input.shown(file)));
    }
    return new UserFault("Input \"" + name + "\" cannot be read: " + told, "Correct the file.", e);
  }
}
