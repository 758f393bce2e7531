// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The one way in which JSON becomes bytes that an id is taken of.
 *
 * <p>UTF-8, no white space, object members sorted by the UTF-16 code units of their names and
 * strings escaped as in <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>. Numbers are
 * integers only: how a fraction is printed differs between languages, so fractions are strings.
 */
public final class CanonicalJson {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  // What has an escape of its own in JSON, and its letters.
  private static final String ESCAPED = "\"\\\b\f\n\r\t";
  private static final String ESCAPES = "\"\\bfnrt";

  private CanonicalJson() {}

  /** An empty object to fill. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * The canonical bytes of {@code node}.
   *
   * @throws IllegalArgumentException if it holds a number that is not an integer, or half of a
   *     surrogate pair
   */
  public static byte[] bytes(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8);
  }

  /** The canonical text of {@code node}; throws as {@link #bytes} does. */
  public static String text(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out);
    return out.toString();
  }

  /** The SHA-256 of the canonical bytes of {@code node}. */
  public static Sha256 digest(JsonNode node) {
    return Sha256.of(bytes(node));
  }

  /**
   * Reads one JSON document; a member named twice and anything after the document are errors.
   *
   * @throws JsonProcessingException with line and column, if it is not that
   */
  public static JsonNode parse(byte[] json) throws JsonProcessingException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      JsonNode document = MAPPER.readTree(parser.getCodec() == null ? withCodec(parser) : parser);
      if (document == null) {
        throw new JsonParseException(parser, "there is no JSON");
      }
      return document;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads JSON documents that stand one after the other; a member named twice is an error.
   *
   * @throws JsonProcessingException with line and column, if it is not that
   */
  public static List<JsonNode> parseAll(byte[] json) throws JsonProcessingException {
    ObjectReader reader = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    try (JsonParser parser = FACTORY.createParser(json)) {
      List<JsonNode> documents = new ArrayList<>();
      JsonNode document = reader.readTree(parser);
      while (document != null) {
        documents.add(document);
        document = reader.readTree(parser);
      }
      return documents;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What {@code reader} makes of {@code json}.
   *
   * @throws IllegalArgumentException if a member is absent, of another kind, or no time: nothing of
   *     what is read from a store is to be trusted
   */
  public static <T> T read(JsonNode json, Function<JsonNode, T> reader) {
    try {
      return reader.apply(json);
    } catch (DateTimeException | NullPointerException e) {
      // The textValue() of what is no text is null.
      throw new IllegalArgumentException("a member is not what it should be", e);
    }
  }

  /**
   * The member {@code name} of {@code json}, a number from 0 to 2^63 - 1.
   *
   * @throws IllegalArgumentException if it is anything else: Jackson would take a guess
   */
  public static long count(JsonNode json, String name) {
    return count(json.required(name));
  }

  /** {@code number} itself, as {@link #count(JsonNode, String)}. */
  public static long count(JsonNode number) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw new IllegalArgumentException("not a number from 0 to 2^63 - 1: " + number);
    }
    return number.longValue();
  }

  /** {@code number} likewise, up to 2^31 - 1. */
  public static int smallCount(JsonNode number) {
    if (count(number) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a number from 0 to 2^31 - 1: " + number);
    }
    return number.intValue();
  }

  /**
   * The member {@code name} of {@code json}, true or false.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static boolean flag(JsonNode json, String name) {
    JsonNode flag = json.required(name);
    if (!flag.isBoolean()) {
      throw new IllegalArgumentException("neither true nor false: " + flag);
    }
    return flag.booleanValue();
  }

  private static JsonParser withCodec(JsonParser parser) {
    parser.setCodec(MAPPER);
    return parser;
  }

  // By hand, because Jackson writes characters above U+FFFF as two escapes, and escapes in
  // capitals.
  private static void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> writeObject(node, out);
      case ARRAY -> writeArray(node, out);
      case STRING -> writeString(node.textValue(), out);
      case BOOLEAN, NULL -> out.append(node.asText());
      case NUMBER -> writeNumber(node, out);
      case MISSING, BINARY, POJO ->
          throw new IllegalArgumentException("not a JSON value: " + node.getNodeType());
    }
  }

  private static void writeObject(JsonNode node, StringBuilder out) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    Collections.sort(names);
    char before = '{';
    for (String name : names) {
      writeString(name, out.append(before));
      write(node.required(name), out.append(':'));
      before = ',';
    }
    out.append(names.isEmpty() ? "{}" : "}");
  }

  private static void writeArray(JsonNode node, StringBuilder out) {
    char before = '[';
    for (JsonNode element : node) {
      write(element, out.append(before));
      before = ',';
    }
    out.append(node.isEmpty() ? "[]" : "]");
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char ch = text.charAt(i);
      int escape = ESCAPED.indexOf(ch);
      if (escape >= 0) {
        out.append('\\').append(ESCAPES.charAt(escape));
      } else if (ch < ' ') {
        out.append(String.format("\\u%04x", (int) ch));
      } else {
        out.append(ch);
      }
    }
    requireUnicode(text);
    out.append('"');
  }

  // Half of a pair has no UTF-8 form: the bytes would be those of another text.
  private static void requireUnicode(String text) {
    boolean half = text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff);
    if (half) {
      throw new IllegalArgumentException("not Unicode: half of a surrogate pair in " + text);
    }
  }

  private static void writeNumber(JsonNode node, StringBuilder out) {
    if (!node.isIntegralNumber()) {
      throw new IllegalArgumentException("canonical JSON holds integers only, not " + node);
    }
    out.append(node.bigIntegerValue());
  }
}
