// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Orders a query's rows from outside, so that the sort keeps {@code -0.0}. DuckDB gives the columns
 * that it sorts by back out of its sort keys, in which both zeros are one; so the keys of floating
 * columns are expressions here, and the columns pass beside them. Rows that differ in nothing but
 * the sign of a zero have an order too: {@code -0.0} comes first.
 *
 * <p>As in {@link TotalOrder} the text is edited, and the place is right if DuckDB's parser then
 * sees the tree that is wanted.
 */
final class KeptZeros {

  /** What stands before the user's text. */
  static final String BEFORE = "SELECT * FROM (";

  private static final Pattern ORDER_BY =
      Pattern.compile("\\bORDER\\b", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** The kinds of expressions that ask no table, if none in them does. */
  private static final Set<String> FIXED = Set.of("CONSTANT", "CAST", "FUNCTION");

  /** Far more than a query has; each costs under a millisecond. */
  private static final int MOST_TRIES = 1_000;

  private final DuckDb duckDb;
  private final String text;
  private final SyntaxTree original;
  private final List<Column> columns;
  private int tries;

  private KeptZeros(DuckDb duckDb, String text, SyntaxTree original, List<Column> columns) {
    this.duckDb = duckDb;
    this.text = text;
    this.original = original;
    this.columns = columns;
  }

  /**
   * The text within brackets, and after them its own ORDER BY, all columns, the signs of zeros, and
   * what the text has after its ORDER BY. None if no column of the result is a floating number, or
   * the rows cannot be ordered from outside: an ORDER BY term is not a column of the result,
   * DISTINCT ON takes the first row by it, or LIMIT or OFFSET may ask a table, whose name can mean
   * another one outside.
   */
  static Optional<String> ordered(DuckDb duckDb, String text, List<Column> columns)
      throws SQLException {
    if (columns.stream().noneMatch(KeptZeros::isFloat)) {
      return Optional.empty();
    }
    SyntaxTree original = TotalOrder.tree(duckDb, text);
    if (hasDistinctOn(original) || !limits(original).stream().allMatch(KeptZeros::isFixed)) {
      return Optional.empty();
    }
    KeptZeros query = new KeptZeros(duckDb, text, original, columns);
    Optional<String> terms = query.terms();
    return terms.isPresent() ? query.edited(terms.get()) : Optional.empty();
  }

  private Optional<String> edited(String terms) throws SQLException {
    JsonNode expected = core(original);
    for (int end : TotalOrder.places(text)) {
      for (int begin : begins(end)) {
        String edited =
            "%s%s\n) AS q(%s) ORDER BY %s %s"
                .formatted(BEFORE, text.substring(0, begin), names(), terms, text.substring(end));
        if (++tries > MOST_TRIES) {
          return Optional.empty();
        }
        if (SyntaxTree.parse(duckDb, edited) instanceof SyntaxTree.Parsed.Select select
            && isWrapped(select.tree().withoutLocations(), expected)) {
          return Optional.of(edited);
        }
      }
    }
    return Optional.empty();
  }

  /** Where the query's own ORDER BY may begin, the last first; it has none if that is its end. */
  private List<Integer> begins(int end) {
    if (original.orderTerms().isEmpty()) {
      return List.of(end);
    }
    List<Integer> begins = new ArrayList<>();
    Matcher order = ORDER_BY.matcher(text).region(0, end);
    while (order.find()) {
      begins.add(0, order.start());
    }
    return begins;
  }

  private boolean isWrapped(SyntaxTree edited, JsonNode expected) {
    return edited.query().path("from_table").path("subquery").path("node").equals(expected)
        && limits(edited).equals(limits(original));
  }

  /** The query without what orders and limits it. */
  private static JsonNode core(SyntaxTree tree) {
    SyntaxTree copy = new SyntaxTree(tree.query().deepCopy());
    ArrayNode modifiers = (ArrayNode) copy.top().path("modifiers");
    for (int i = modifiers.size() - 1; i >= 0; i--) {
      if (!modifiers.get(i).path("type").asText().equals("DISTINCT_MODIFIER")) {
        modifiers.remove(i);
      }
    }
    return copy.query();
  }

  private static List<JsonNode> limits(SyntaxTree tree) {
    List<JsonNode> limits = new ArrayList<>();
    for (JsonNode modifier : tree.top().path("modifiers")) {
      if (modifier.path("type").asText().startsWith("LIMIT")) {
        limits.add(modifier);
      }
    }
    return limits;
  }

  /** Whether a LIMIT or OFFSET is made of numbers alone. */
  private static boolean isFixed(JsonNode limit) {
    String kind = limit.path("class").asText("CONSTANT");
    return FIXED.contains(kind)
        && StreamSupport.stream(limit.spliterator(), false).allMatch(KeptZeros::isFixed);
  }

  private static boolean hasDistinctOn(SyntaxTree tree) {
    for (JsonNode modifier : tree.top().path("modifiers")) {
      if (!modifier.path("distinct_on_targets").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private String names() {
    return IntStream.range(0, columns.size())
        .mapToObj(KeptZeros::name)
        .collect(Collectors.joining(", "));
  }

  private static String name(int column) {
    return "c" + column;
  }

  private static boolean isFloat(Column column) {
    return column.type() == ColumnType.Simple.FLOAT32 || column.type() == ColumnType.Simple.FLOAT64;
  }

  /** The terms of the outer ORDER BY; none if one of the query's own is no column of the result. */
  private Optional<String> terms() throws SQLException {
    return original.orderTerms().isEmpty()
        ? Optional.of(terms(List.of()))
        : BoundOrder.of(duckDb, text, columns.size()).map(this::terms);
  }

  private String terms(List<BoundOrder.Term> own) {
    List<String> terms = new ArrayList<>();
    own.forEach(term -> terms.add(key(term.column()) + " " + term.direction()));
    IntStream.range(0, columns.size()).mapToObj(this::key).forEach(terms::add);
    for (int i = 0; i < columns.size(); i++) {
      if (isFloat(columns.get(i))) {
        terms.add("signbit(" + name(i) + ") DESC");
      }
    }
    return String.join(", ", terms);
  }

  /** An expression of a column's order; negated twice, a floating number is exactly itself. */
  private String key(int column) {
    return isFloat(columns.get(column)) ? "-(-" + name(column) + ")" : name(column);
  }
}
