// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the columns and types of JSON files that a format does not declare, by one pass over every
 * member of every object. Columns come in the order in which their names first appear.
 */
final class JsonInference {

  private final TableFormat format;

  /** By the name in the file. */
  private final Map<String, ColumnGuess> guesses = new LinkedHashMap<>();

  private JsonInference(TableFormat format) {
    this.format = format;
    // A member of two columns, one of them with a type, is looked at for the other.
    format.columns().stream().filter(column -> column.type().isEmpty()).forEach(this::guess);
    format.columns().forEach(this::guess);
  }

  private ColumnGuess guess(FormatColumn column) {
    return guesses.computeIfAbsent(
        column.from(), from -> new ColumnGuess(column, Optional.empty()));
  }

  /**
   * The format with all columns of the table, each with its type.
   *
   * @param files at least one
   * @throws UserFault if a file is not JSON, or there is no member in all of them
   */
  static TableFormat complete(TableFormat format, List<TextFile> files) throws IOException {
    JsonInference inference = new JsonInference(format);
    for (TextFile file : files) {
      try (JsonRecords records = JsonRecords.of(file.content().open())) {
        inference.read(records);
      } catch (TextProblem e) {
        throw e.in(file.name());
      }
    }
    if (inference.guesses.isEmpty()) {
      throw new UserFault(
          files.get(0).name() + ": there is no object with a member, so the columns are not known.",
          "Declare the columns and their types in \"columns\", or leave the file out of the input's"
              + " glob.");
    }
    Map<String, FormatColumn> found = new LinkedHashMap<>();
    inference.guesses.forEach((from, guess) -> found.put(from, guess.column()));
    return format.withColumns(
        format.columns().isEmpty()
            ? List.copyOf(found.values())
            : format.columns().stream().map(c -> typed(c, found)).toList());
  }

  private static FormatColumn typed(FormatColumn declared, Map<String, FormatColumn> found) {
    return declared.type().isPresent()
        ? declared
        : declared.withType(
            Objects.requireNonNull(found.get(declared.from())).type().orElseThrow());
  }

  private void read(JsonRecords records) throws IOException, TextProblem {
    while (records.next()) {
      while (records.nextMember()) {
        String name = records.name();
        JsonRecords.Kind kind = records.value();
        ColumnGuess guess = guesses.get(name);
        if (guess == null && format.columns().isEmpty()) {
          requireName(name, records);
          guess = guess(FormatColumn.ofFile(name));
        }
        if (guess == null || guess.isSettled()) {
          records.skip(kind);
        } else {
          see(guess, kind, records);
        }
      }
    }
  }

  private static void requireName(String name, JsonRecords records) throws TextProblem {
    if (name.isEmpty()) {
      throw TextProblem.atLine(
          records.line(), "a member has no name.", "Give every member a name of its own.");
    }
    if (name.indexOf('\0') >= 0) {
      throw TextProblem.atLine(
          records.line(),
          "the name of a member holds the character NUL.",
          "Take it out: no column can be called so.");
    }
  }

  private void see(ColumnGuess guess, JsonRecords.Kind kind, JsonRecords records)
      throws IOException, TextProblem {
    switch (kind) {
      case NULL -> {}
      case BOOLEAN -> guess.seeBoolean();
      case NUMBER -> {
        byte[] bytes = records.text(kind).getBytes(StandardCharsets.UTF_8);
        guess.seeNumber(bytes, 0, bytes.length);
      }
      case STRING -> {
        String text = records.text(kind);
        if (!format.nullTokens().contains(text)) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          guess.seeString(bytes, 0, bytes.length);
        }
      }
      case NESTED -> {
        records.skip(kind);
        guess.seeNested();
      }
    }
  }
}
