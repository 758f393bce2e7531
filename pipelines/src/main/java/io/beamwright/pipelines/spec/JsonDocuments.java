// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON documents of a file, one after the other.
 *
 * <p>Built from tokens by hand: an object mapper would cost a start more than all else that is read
 * here, would stop at the first member named twice, and would round fractions.
 */
final class JsonDocuments {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  /** A document, or with an empty root the place of one that could not be read. */
  record Document(Optional<JsonNode> root, Problems problems) {}

  private record Found(int document, Pointer at, String problem, String remedy) {}

  private final String text;
  private final List<JsonNode> roots = new ArrayList<>();
  private final List<Found> found = new ArrayList<>();

  private JsonDocuments(String text) {
    this.text = text;
  }

  /** All documents before the end or the first mistake in the JSON; that mistake is the last. */
  static List<Document> of(SpecSource source) {
    // A byte order mark is not JSON, but some editors write one.
    String text = source.text();
    JsonDocuments documents =
        new JsonDocuments(text.startsWith("\uFEFF") ? text.substring(1) : text);
    documents.read();
    return documents.named(source.name());
  }

  private List<Document> named(String source) {
    int last = found.stream().mapToInt(Found::document).max().orElse(0);
    int count = Math.max(roots.size(), last + 1);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Problems problems =
          new Problems(count == 1 ? source : source + " (document " + (i + 1) + ")");
      for (Found each : found) {
        if (each.document == i) {
          problems.add(each.at, each.problem, each.remedy);
        }
      }
      documents.add(
          new Document(i < roots.size() ? Optional.of(roots.get(i)) : Optional.empty(), problems));
    }
    return documents;
  }

  private void read() {
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        roots.add(value(parser, Pointer.ROOT));
      }
      if (roots.isEmpty()) {
        add(Pointer.ROOT, "holds no pipeline spec.", "Write a JSON object, or an array of them.");
      }
    } catch (JsonProcessingException e) {
      add(Pointer.ROOT, syntaxProblem(e), syntaxRemedy(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Pointer at, String problem, String remedy) {
    found.add(new Found(roots.size(), at, problem, remedy));
  }

  private JsonNode value(JsonParser parser, Pointer at) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, at);
      case START_ARRAY -> array(parser, at);
      case VALUE_STRING -> NODES.textNode(text(parser.getText(), at));
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new IllegalStateException("a value begins with " + parser.currentToken());
    };
  }

  private ObjectNode object(JsonParser parser, Pointer at) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName(), at);
      JsonLocation location = parser.currentTokenLocation();
      parser.nextToken();
      JsonNode value = value(parser, at.child(name));
      if (object.has(name)) {
        add(
            at.child(name),
            "is given twice, again at " + where(location, 0) + ".",
            "Remove one of the two.");
      } else {
        object.set(name, value);
      }
    }
    return object;
  }

  private ArrayNode array(JsonParser parser, Pointer at) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, at.child(array.size())));
    }
    return array;
  }

  /** {@code text}, which becomes arguments, paths, keys and tables: none of them can hold these. */
  private String text(String text, Pointer at) {
    if (text.indexOf('\0') >= 0) {
      add(at, "holds a NUL character.", "Take it out: no argument, path or text can hold one.");
    }
    int half = loneSurrogate(text);
    if (half >= 0) {
      add(
          at,
          "holds half of a character, \\u%04x.".formatted((int) text.charAt(half)),
          "Write both halves of the surrogate pair, or the character itself.");
      // What else is told of it can then be printed.
      return new String(text.getBytes(UTF_8), UTF_8);
    }
    return text;
  }

  /** Where the first half is of which the other is not beside it; negative if there is none. */
  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static String where(JsonLocation location, int behind) {
    return "line " + location.getLineNr() + ", column " + (location.getColumnNr() - behind);
  }

  private static String syntaxProblem(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    // The parser has read an unexpected character already, and stands behind it.
    int behind = e.getOriginalMessage().startsWith("Unexpected character") ? 1 : 0;
    String place = location == null ? "" : " at " + where(location, behind);
    return "is not JSON" + place + ": " + reason(e) + ".";
  }

  /** The parser's first sentence, without character codes, alternatives and excerpts. */
  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" \\('(.)' \\(code [0-9]+\\)\\)", " $1")
        .replaceFirst(":? (was expecting|expected a valid value) \\(JSON.*", "")
        .replaceFirst(" \\(start marker at .*", "")
        .replaceFirst("\\.$", "");
  }

  private String syntaxRemedy(JsonProcessingException e) {
    String start = text.strip();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return "A spec is JSON and begins with { or [. YAML is not built yet.";
    }
    if (reason(e).startsWith("Unrecognized token")) {
      return "A string stands in double quotes; the other words are true, false and null.";
    }
    int at = place(e.getLocation());
    return switch (at < 0 ? ' ' : text.charAt(at)) {
      case '\'' -> "JSON takes double quotes, not single ones.";
      case '#', '/' -> "JSON has no comments; write them into \"description\".";
      case '}', ']' ->
          text.substring(0, at).stripTrailing().endsWith(",")
              ? "Remove the comma before it."
              : "Look for what is missing before it.";
      default -> "Look just before that place for a comma, a colon, a quote or a bracket.";
    };
  }

  /** Where the character is that the parser did not expect; it stands behind it. */
  private int place(JsonLocation location) {
    int at = location == null ? -1 : (int) location.getCharOffset() - 1;
    return at < text.length() ? at : -1;
  }
}
