// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What DuckDB's own parser makes of a text: the one SELECT's query node, as {@code
 * json_serialize_sql} writes it.
 */
record SyntaxTree(JsonNode query) {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          // What walks a tree calls itself: about 400 levels of expressions.
                          .maxNestingDepth(1_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .build();

  private static final Set<String> LOCATIONS = Set.of("query_location", "query_location_length");

  /** What the parser answers: a tree, or why there is none. */
  sealed interface Parsed {
    record Select(SyntaxTree tree) implements Parsed {}

    /** DuckDB parses it, but it is no SELECT, or it is not one. */
    record NotOneSelect(int statements) implements Parsed {}

    /** DuckDB does not parse it; {@code position} is a character of the text, or -1. */
    record Malformed(String message, int position) implements Parsed {}
  }

  static Parsed parse(DuckDb duckDb, String text) throws SQLException {
    JsonNode answer;
    try {
      answer = JSON.readTree(duckDb.text("SELECT json_serialize_sql(?::VARCHAR)", text));
    } catch (StreamConstraintsException e) {
      return new Parsed.Malformed("it is nested too deeply", -1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("DuckDB wrote a tree that is not JSON, of " + text, e);
    }
    if (answer.path("error").asBoolean()) {
      return answer.path("error_type").asText().equals("not implemented")
              && answer.path("error_message").asText().startsWith("Only SELECT")
          ? new Parsed.NotOneSelect(1)
          : new Parsed.Malformed(
              answer.path("error_message").asText(),
              characterOf(text, answer.path("position").asInt(-1)));
    }
    JsonNode statements = answer.path("statements");
    return statements.size() == 1
        ? new Parsed.Select(new SyntaxTree(statements.get(0).path("node")))
        : new Parsed.NotOneSelect(statements.size());
  }

  /** The plan that DuckDB's binder makes of a query; missing if it has none, or one too deep. */
  static JsonNode plan(DuckDb duckDb, String text) throws SQLException {
    String plan = "SELECT json_serialize_plan(?::VARCHAR, optimize := false)";
    try {
      return JSON.readTree(duckDb.text(plan, text)).path("plans").path(0);
    } catch (StreamConstraintsException e) {
      return MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("DuckDB wrote a plan that is not JSON, of " + text, e);
    }
  }

  /** The parser counts code points, from 0. */
  private static int characterOf(String text, int codePoint) {
    return codePoint < 0 || codePoint > text.codePointCount(0, text.length())
        ? -1
        : text.offsetByCodePoints(0, codePoint);
  }

  /** The node whose modifiers order and limit the whole: below the CTEs around it. */
  JsonNode top() {
    JsonNode node = query;
    while (node.path("type").asText().equals("CTE_NODE")) {
      node = node.path("child");
    }
    return node;
  }

  /** A copy without the places in the text that its nodes come from. */
  SyntaxTree withoutLocations() {
    JsonNode copy = query.deepCopy();
    removeLocations(copy);
    return new SyntaxTree(copy);
  }

  private static void removeLocations(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(LOCATIONS);
    }
    node.forEach(SyntaxTree::removeLocations);
  }

  /** The terms of the top ORDER BY; empty if there is none. */
  List<JsonNode> orderTerms() {
    for (JsonNode modifier : top().path("modifiers")) {
      if (modifier.path("type").asText().equals("ORDER_MODIFIER")) {
        List<JsonNode> terms = new ArrayList<>();
        modifier.path("orders").forEach(terms::add);
        return terms;
      }
    }
    return List.of();
  }
}
