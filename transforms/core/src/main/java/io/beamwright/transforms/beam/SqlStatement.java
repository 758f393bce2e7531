// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What can be said of the query of a step {@code Sql} without the classes that read it: whether it
 * is one query at all. Holds no class of Beam.
 */
public final class SqlStatement {

  /** The step whose configuration has a query. */
  public static final String STEP = "Sql";

  /** The member of its configuration that holds the query. */
  public static final String FIELD = "query";

  private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE");

  private final String text;
  private int at;

  private SqlStatement(String text) {
    this.text = text;
  }

  /** What is wrong with a query, as the end of a sentence that begins with its place. */
  public static Optional<String> problem(String query) {
    if (query.isBlank()) {
      return Optional.of("is empty.");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(query)) {
      return Optional.of("has half of a surrogate pair.");
    }
    return new SqlStatement(query).problem();
  }

  private Optional<String> problem() {
    String first = "";
    while (at < text.length()) {
      int start = at;
      char c = text.charAt(at);
      if (isComment() || Character.isWhitespace(c)) {
        skipBlank();
      } else if (c == '\'' || c == '`' || c == '"') {
        if (!skipQuoted(c)) {
          return Optional.of("has a " + c + " at " + place(start) + " that is never closed.");
        }
        first = first.isEmpty() ? text.substring(start, at) : first;
      } else if (c == ';') {
        return Optional.of("has a ; at " + place(at) + ", and a query is one without it.");
      } else if (Character.isLetter(c)) {
        skipWord();
        first = first.isEmpty() ? text.substring(start, at) : first;
      } else {
        at++;
        first = first.isEmpty() && c != '(' ? String.valueOf(c) : first;
      }
    }
    return QUERIES.contains(first.toUpperCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of("begins with " + (first.isEmpty() ? "nothing" : first) + ", not SELECT.");
  }

  private boolean isComment() {
    return text.startsWith("--", at) || text.startsWith("//", at) || text.startsWith("/*", at);
  }

  private void skipBlank() {
    if (text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      at = end < 0 ? text.length() : end + 2;
    } else if (isComment()) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    } else {
      at++;
    }
  }

  private boolean skipQuoted(char quote) {
    int end = text.indexOf(quote, at + 1);
    at = end + 1;
    return end >= 0;
  }

  private void skipWord() {
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
  }

  private String place(int character) {
    String before = text.substring(0, character);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return "line " + line + ", column " + (before.length() - before.lastIndexOf('\n'));
  }
}
