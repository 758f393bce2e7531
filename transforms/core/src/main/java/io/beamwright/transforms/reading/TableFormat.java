// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a table of text are read: what a spec declares, in the words of {@code
 * ReadFromCsv}; the rules decide the rest. Two formats are equal if they say the same.
 *
 * @param kind what the files are; told by their names if it is not given
 * @param delimiter between cells of CSV; a comma, or a tab for TSV, if it is not given
 * @param quote around cells of CSV that hold a delimiter, a quote (doubled) or a line end; if it is
 *     not given, quotes are text like any other
 * @param comment begins lines of CSV to pass over, at the start of a record
 * @param header where the names of CSV columns come from
 * @param skip how many lines of each CSV file to pass over before the header, counted as an editor
 *     counts them, whatever quotes they hold
 * @param nullTokens cells, or strings of JSON, that mean null besides the empty cell
 * @param thousands what groups the digits of numbers by three in CSV
 * @param columns the table's columns; empty for all of the files', with inferred types
 */
public record TableFormat(
    Optional<TextKind> kind,
    Optional<Character> delimiter,
    Optional<Character> quote,
    Optional<Character> comment,
    Header header,
    int skip,
    Set<String> nullTokens,
    Optional<Character> thousands,
    List<FormatColumn> columns) {

  private static final char USUAL_QUOTE = '"';

  /** What JSON files know nothing of. */
  private static final List<String> OF_CSV_ALONE =
      List.of("comment", "delimiter", "header", "quote", "skip", "thousands");

  /** Nothing declared: all is as the rules have it. */
  public static final TableFormat BY_THE_RULES = of(CanonicalJson.object(), "");

  /** Keeps the null tokens in an order of their own. */
  public TableFormat {
    nullTokens = Set.copyOf(nullTokens);
    columns = List.copyOf(columns);
  }

  /**
   * Reads the configuration of {@code ReadFromCsv}, or an input's {@code format}.
   *
   * @param json any of the members {@code columns}, {@code comment}, {@code delimiter}, {@code
   *     header}, {@code null}, {@code quote}, {@code skip}, {@code thousands} and {@code type}
   * @param who what messages begin with: the step's name, or where the format stands
   * @throws UserFault that names the member, its value and what it may be
   */
  public static TableFormat of(ObjectNode json, String who) {
    Members members = new Members(json, who, "");
    members.allow(
        "columns", "comment", "delimiter", "header", "null", "quote", "skip", "thousands", "type");
    List<FormatColumn> columns = columns(members);
    TableFormat format =
        new TableFormat(
            members.text("type").map(word -> kind(members, word)),
            members.character("delimiter"),
            quote(members),
            members.character("comment"),
            header(members, columns),
            members.count("skip"),
            new TreeSet<>(members.texts("null")),
            members.character("thousands").filter(c -> mayGroupDigits(members, c)),
            columns);
    format.requireDistinctCharacters(members);
    format.requireNothingOfCsv(members);
    return format;
  }

  /** What {@link #of} reads as an equal format: only what is declared, the same text for equals. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    kind.ifPresent(value -> json.put("type", value.word()));
    delimiter.ifPresent(value -> json.put("delimiter", value.toString()));
    if (!quote.equals(Optional.of(USUAL_QUOTE))) {
      json.put("quote", quote.map(String::valueOf).orElse(""));
    }
    comment.ifPresent(value -> json.put("comment", value.toString()));
    if (header instanceof Header.Declared declared) {
      ArrayNode names = json.putArray("header");
      declared.names().forEach(names::add);
    } else if (header instanceof Header.AsColumns) {
      json.put("header", false);
    }
    if (skip > 0) {
      json.put("skip", skip);
    }
    if (!nullTokens.isEmpty()) {
      ArrayNode tokens = json.putArray("null");
      new TreeSet<>(nullTokens).forEach(tokens::add);
    }
    thousands.ifPresent(value -> json.put("thousands", value.toString()));
    if (!columns.isEmpty()) {
      ArrayNode array = json.putArray("columns");
      columns.forEach(column -> array.add(column.toJson()));
    }
    return json;
  }

  /** This format with these columns in place of the declared ones. */
  TableFormat withColumns(List<FormatColumn> complete) {
    Header named =
        header instanceof Header.AsColumns ? new Header.Declared(declaredNames()) : header;
    return new TableFormat(
        kind, delimiter, quote, comment, named, skip, nullTokens, thousands, complete);
  }

  /** Whether every column of the table and its type are declared, so that no file must be read. */
  public boolean isComplete() {
    return !columns.isEmpty() && columns.stream().allMatch(column -> column.type().isPresent());
  }

  /**
   * The schema of the table; every column may hold nulls.
   *
   * @throws IllegalStateException if a type is not known yet
   */
  public TableSchema schema() {
    List<Column> typed = new ArrayList<>();
    for (FormatColumn column : columns) {
      ColumnType type =
          column.type().orElseThrow(() -> new IllegalStateException("no type: " + column));
      typed.add(new Column(column.name(), type, true, typed.size() + 1));
    }
    return new TableSchema(typed);
  }

  /** What the file calls the declared columns, in their order. */
  List<String> declaredNames() {
    return columns.stream().map(FormatColumn::from).toList();
  }

  private static TextKind kind(Members members, String word) {
    return TextKind.ofWord(word).orElseThrow(() -> members.wrong("type", "is csv, tsv or json"));
  }

  private static Optional<Character> quote(Members members) {
    Optional<String> text = members.text("quote");
    if (text.isEmpty()) {
      return Optional.of(USUAL_QUOTE);
    }
    return text.get().isEmpty() ? Optional.empty() : members.character("quote");
  }

  private static Header header(Members members, List<FormatColumn> columns) {
    JsonNode header = members.node("header");
    if (header.isMissingNode() || header.isNull() || (header.isBoolean() && header.asBoolean())) {
      return new Header.FirstRecord();
    }
    if (header.isArray()) {
      List<String> names = members.texts("header");
      if (names.isEmpty()) {
        throw members.wrong("header", "needs at least one name");
      }
      requireDistinct(members, names, "header");
      return new Header.Declared(names);
    }
    if (!header.isBoolean()) {
      throw members.wrong("header", "is true, false, or the list of the names");
    }
    if (columns.isEmpty()) {
      throw new UserFault(
          members.who() + ": \"header\" is false and no column has a name.",
          "Name the file's columns in their order: \"header\": [\"a\", \"b\"], or by \"columns\".");
    }
    // They are the places of the file, one after the other.
    requireDistinct(members, columns.stream().map(FormatColumn::from).toList(), "columns");
    return new Header.AsColumns();
  }

  private static List<FormatColumn> columns(Members members) {
    List<FormatColumn> columns = new ArrayList<>();
    for (Members column : members.objects("columns")) {
      column.allow("format", "from", "name", "type");
      columns.add(column(column));
    }
    requireDistinct(members, columns.stream().map(FormatColumn::name).toList(), "columns");
    return columns;
  }

  private static FormatColumn column(Members json) {
    String name = json.requiredText("name");
    Optional<ColumnType> type = json.text("type").map(text -> type(json.who(), text, name));
    Optional<String> format = json.text("format");
    if (format.isPresent()) {
      DateFormat.check(json.who(), name, type, format.get());
    }
    return new FormatColumn(name, json.text("from").orElse(name), type, format);
  }

  private static ColumnType type(String who, String text, String column) {
    return switch (text) {
      case "double" -> ColumnType.Simple.FLOAT64;
      case "float" -> ColumnType.Simple.FLOAT32;
      case "string" -> ColumnType.Simple.TEXT;
      case "timestamp" -> new ColumnType.Timestamp(false);
      case "binary" -> throw notAType(who, column, text, null);
      default -> {
        try {
          yield ColumnType.parse(text);
        } catch (IllegalArgumentException e) {
          throw notAType(who, column, text, e);
        }
      }
    };
  }

  private static UserFault notAType(
      String who, String column, String text, @Nullable Exception cause) {
    String what =
        who + ": the type of column \"" + column + "\" is \"" + text + "\", which is none.";
    String remedy =
        "The types are boolean, int32, int64, float32 (float), float64 (double), decimal(p,s),"
            + " date, timestamp[us] (timestamp), timestamp[us,UTC] and text (string).";
    return cause == null ? new UserFault(what, remedy) : new UserFault(what, remedy, cause);
  }

  private static void requireDistinct(Members members, List<String> names, String member) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !seen.add(name)) {
        throw new UserFault(
            "%s: \"%s\" has the name \"%s\" %s"
                .formatted(
                    members.who(), member, name, name.isEmpty() ? "for a column." : "twice."),
            "Give every column a name of its own.");
      }
    }
  }

  private static boolean mayGroupDigits(Members members, char separator) {
    if (Character.isLetterOrDigit(separator) || "+-.".indexOf(separator) >= 0) {
      throw new UserFault(
          members.who() + ": \"thousands\" is \"" + separator + "\", which is a part of numbers.",
          "Choose what groups the digits in the file, such as \",\".");
    }
    return true;
  }

  private void requireDistinctCharacters(Members members) {
    List<Character> given = new ArrayList<>();
    given.add(delimiter.orElse(kind.equals(Optional.of(TextKind.TSV)) ? '\t' : ','));
    quote.ifPresent(given::add);
    comment.ifPresent(given::add);
    if (new HashSet<>(given).size() < given.size()) {
      throw new UserFault(
          members.who()
              + ": \"delimiter\", \"quote\" and \"comment\" are not different characters.",
          "Choose another for one of them.");
    }
  }

  private void requireNothingOfCsv(Members members) {
    if (!kind.equals(Optional.of(TextKind.JSON))) {
      return;
    }
    ofCsvAlone()
        .ifPresent(
            name -> {
              throw new UserFault(
                  members.who() + ": \"" + name + "\" says nothing of JSON.",
                  "Leave it out; JSON takes \"columns\" and \"null\".");
            });
  }

  /** A member that says how CSV is read and cannot be followed for JSON, if one is given. */
  Optional<String> ofCsvAlone() {
    ObjectNode json = toJson();
    return OF_CSV_ALONE.stream().filter(json::has).findFirst();
  }
}
