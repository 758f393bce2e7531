// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.beamwright.versioning.fault.UserFault;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Completes a query's top ORDER BY with all of its columns, so that rows that tie have one order,
 * also where a LIMIT cuts between them.
 *
 * <p>The text is edited, not the tree: DuckDB can write a tree back as text, but not faithfully (a
 * double becomes a decimal, brackets are lost). Where the terms belong is found by trying: at the
 * end, and before what can follow an ORDER BY, and the place is right if DuckDB's parser then sees
 * the same tree but for the terms. So neither quotes nor comments nor nested queries can mislead.
 */
final class TotalOrder {

  /** What can stand after the ORDER BY of the whole. */
  private static final Pattern FOLLOWERS =
      Pattern.compile("\\b(?:LIMIT|OFFSET|FETCH)\\b|[;)]", Pattern.CASE_INSENSITIVE);

  /** Far more than a query has; each costs under a millisecond. */
  private static final int MOST_PLACES = 1_000;

  private TotalOrder() {}

  /**
   * The text with the positions of all {@code columns} columns as the last terms of its ORDER BY.
   *
   * @throws UserFault if the query is written so that there is no place for them
   */
  static String complete(DuckDb duckDb, String text, int columns) throws SQLException {
    SyntaxTree original = tree(duckDb, text);
    if (isOrderedByAll(original)) {
      return text;
    }
    String terms =
        IntStream.rangeClosed(1, columns)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String clause =
        original.orderTerms().isEmpty() ? " ORDER BY " + terms + " " : ", " + terms + " ";
    for (int place : places(text)) {
      // At the end there may be a comment to leave first.
      String separator = place == text.length() ? "\n" : "";
      String edited = text.substring(0, place) + separator + clause + text.substring(place);
      if (SyntaxTree.parse(duckDb, edited) instanceof SyntaxTree.Parsed.Select select
          && isCompleted(original, select.tree().withoutLocations(), columns)) {
        return edited;
      }
    }
    throw new UserFault(
        "The order of the query's rows cannot be completed with all of its columns.",
        "Write it as SELECT * FROM ( … ) and put ORDER BY and LIMIT after the bracket.");
  }

  /** The tree of a query that was checked. */
  static SyntaxTree tree(DuckDb duckDb, String text) throws SQLException {
    if (SyntaxTree.parse(duckDb, text) instanceof SyntaxTree.Parsed.Select select) {
      return select.tree().withoutLocations();
    }
    throw new IllegalStateException("the query was checked, and now is no SELECT: " + text);
  }

  /**
   * Where what follows an ORDER BY may begin, from the last to the first: the whole's clauses come
   * after those of its parts.
   */
  static List<Integer> places(String text) {
    List<Integer> places = new ArrayList<>();
    Matcher follower = FOLLOWERS.matcher(text);
    while (follower.find()) {
      places.add(follower.start());
    }
    places.add(text.length());
    Collections.reverse(places);
    return places.subList(0, Math.min(places.size(), MOST_PLACES));
  }

  /** ORDER BY ALL says it already, and stands alone. */
  private static boolean isOrderedByAll(SyntaxTree tree) {
    List<JsonNode> terms = tree.orderTerms();
    return terms.size() == 1
        && terms.get(0).path("expression").path("class").asText().equals("STAR")
        && terms.get(0).path("expression").path("expr").isNull();
  }

  private static boolean isCompleted(SyntaxTree original, SyntaxTree edited, int columns) {
    ArrayNode modifiers = (ArrayNode) edited.top().path("modifiers");
    int own = original.orderTerms().size();
    for (int i = 0; i < modifiers.size(); i++) {
      if (modifiers.get(i).path("orders") instanceof ArrayNode terms
          && terms.size() == own + columns) {
        IntStream.range(0, columns).forEach(term -> terms.remove(own));
        if (own == 0) {
          modifiers.remove(i);
        }
        // After a LIMIT it would order what the LIMIT has left.
        return (own > 0 || !hasLimitBefore(modifiers, i))
            && edited.query().equals(original.query());
      }
    }
    return false;
  }

  private static boolean hasLimitBefore(ArrayNode modifiers, int end) {
    return IntStream.range(0, end)
        .anyMatch(i -> modifiers.get(i).path("type").asText().startsWith("LIMIT"));
  }
}
