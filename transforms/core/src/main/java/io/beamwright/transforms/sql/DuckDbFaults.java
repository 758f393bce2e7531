// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB reports, as faults of ours. */
final class DuckDbFaults {

  /** DuckDB's kinds of error that say that a query met a fault of the engine. */
  private static final Set<String> BROKEN = Set.of("INTERNAL", "FATAL");

  /** Its words for a query that was stopped from outside. */
  private static final Set<String> STOPPED = Set.of("Interrupt", "INTERRUPT");

  /** What it says of a machine without room, whatever the kind. */
  private static final Pattern NO_ROOM =
      Pattern.compile(
          "No space left|disk full|max_temp_directory_size|could not (write|create|allocate)|Too many"
              + " open files|Read-only file system",
          Pattern.CASE_INSENSITIVE);

  private static final String CORRECT_QUERY = "Correct the query; it is SQL as DuckDB has it.";

  private static final Pattern KIND = Pattern.compile("\"exception_type\":\"([^\"]*)\"");
  private static final Pattern MESSAGE =
      Pattern.compile("\"exception_message\":\"((?:[^\"\\\\]|\\\\.)*)");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DuckDbFaults() {}

  /** One error of DuckDB: its kind, its text, and the byte of the query that it points at. */
  record Report(String kind, String message, int position) {

    static Report of(SQLException e) {
      String text = Optional.ofNullable(e.getMessage()).orElse("");
      int brace = text.indexOf("{\"exception_type\"");
      if (brace < 0) {
        int colon = text.indexOf(" Error: ");
        return colon < 0
            ? new Report("", text, -1)
            : new Report(text.substring(0, colon), text.substring(colon + 8), -1);
      }
      String report = utf8(text.substring(brace));
      try {
        JsonNode json = JSON.readTree(report);
        return new Report(
            json.path("exception_type").asText(),
            json.path("exception_message").asText(),
            json.path("position").asInt(-1));
      } catch (JsonProcessingException incomplete) {
        return cutOff(report);
      }
    }

    // DuckDB's driver takes the bytes of UTF-8 for characters.
    private static String utf8(String text) {
      if (text.chars().anyMatch(c -> c > 0xff)) {
        return text;
      }
      String decoded =
          new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      return decoded.indexOf('\ufffd') >= 0 ? text : decoded;
    }

    // And it cuts off the end of a report that has any that are not ASCII.
    private static Report cutOff(String report) {
      Matcher kind = KIND.matcher(report);
      Matcher message = MESSAGE.matcher(report);
      String found = message.find() ? message.group(1) : report;
      return new Report(
          kind.find() ? kind.group(1) : "",
          found.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\"),
          -1);
    }

    boolean isOfABrokenEngine() {
      return BROKEN.contains(kind);
    }

    boolean isOfAStop() {
      return STOPPED.contains(kind);
    }

    boolean isOfTheMachine() {
      return kind.equals("Out of Memory") || NO_ROOM.matcher(message).find();
    }
  }

  /** A failure that no query and no file explains. */
  static RuntimeException unexpected(String doing, SQLException e) {
    Report report = Report.of(e);
    return report.isOfTheMachine()
        ? noRoom(report, e)
        : new IllegalStateException("DuckDB failed while " + doing + ": " + e.getMessage(), e);
  }

  /**
   * A failure of the user's query; {@code text} is what the positions refer to, after as many ASCII
   * characters {@code before} it.
   */
  static RuntimeException inQuery(
      String text, int before, List<InputTable> tables, SQLException e) {
    Report report = Report.of(e);
    if (report.isOfAStop() || report.isOfTheMachine()) {
      return unexpected("running the query", e);
    }
    if (report.isOfABrokenEngine()) {
      // Whoever ran it ends the instance, and the next query opens another.
      return new UserFault(
          inQueryText(text, "DuckDB breaks at it by a fault of its own: " + report.message(), -1),
          "Write the query in another way; DuckDB's makers want to hear of it.",
          e);
    }
    for (InputTable table : tables) {
      if (table.isNamedIn(report.message())) {
        return table.fault(report.message(), e);
      }
    }
    int position = characterOf(text, report.position() - before);
    return new UserFault(inQueryText(text, report.message(), position), remedyFor(report), e);
  }

  static UserFault inQuery(String text, String message, int position, String remedy) {
    return new UserFault(
        inQueryText(text, message, position), remedy.isEmpty() ? CORRECT_QUERY : remedy);
  }

  private static String remedyFor(Report report) {
    return switch (report.kind()) {
      case "Conversion", "Out of Range", "Invalid Input" ->
          "Correct the value in the input, or let the query expect it, with TRY_CAST or a wider"
              + " type.";
      default -> CORRECT_QUERY;
    };
  }

  private static String inQueryText(String text, String message, int position) {
    return (place(text, position) + oneLine(message)).strip();
  }

  /** {@code Line 2, column 5 of the query: } for a character of the text, or -1. */
  private static String place(String text, int character) {
    if (character < 0) {
      return "The query fails: ";
    }
    String before = text.substring(0, character);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = 1 + before.length() - (before.lastIndexOf('\n') + 1);
    return "Line " + line + ", column " + column + " of the query: ";
  }

  /** Where the parser counts characters, everything after it counts bytes of UTF-8, from 0. */
  private static int characterOf(String text, int position) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return position < 0 || position > utf8.length
        ? -1
        : new String(utf8, 0, position, StandardCharsets.UTF_8).length();
  }

  /** DuckDB's text without its advice to change settings, which nobody can follow here. */
  private static String oneLine(String message) {
    int advice = message.indexOf("\n\nUse \"SET");
    String kept = advice < 0 ? message : message.substring(0, advice);
    return kept.strip().replaceAll("\\s*\\n\\s*", " ");
  }

  private static EnvironmentFault noRoom(Report report, SQLException e) {
    boolean isMemory = report.kind().equals("Out of Memory");
    return new EnvironmentFault(
        (isMemory ? "The query does not fit in its memory: " : "The query has no room on disk: ")
            + oneLine(report.message()),
        isMemory
            ? "Give it more memory, or let it keep fewer rows at a time."
            : "Free space in the worker's temporary folder, or put that elsewhere.",
        e);
  }
}
