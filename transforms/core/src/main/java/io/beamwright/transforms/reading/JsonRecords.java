// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The objects of one JSON file: those of one array, or one after the other. UTF-8 only, plain or
 * packed by gzip or zstd; one object is looked at at a time. A name may stand in an object once.
 */
final class JsonRecords implements Closeable {

  private static final int LONGEST_TEXT = 1 << 28;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
          // Names come from data: they are not to be kept for the life of the process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** What a member's value is. */
  enum Kind {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    NESTED
  }

  private final InputStream text;
  private final JsonParser parser;
  private final Set<String> seen = new HashSet<>();
  private boolean inArray;
  private boolean begun;
  private boolean done;
  private long line;

  private JsonRecords(InputStream text) throws IOException {
    this.text = text;
    this.parser =
        FACTORY.createParser(new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()));
  }

  /** Opens the objects of {@code file}; closing them closes it. */
  static JsonRecords of(InputStream file) throws IOException, TextProblem {
    try {
      return new JsonRecords(Utf8Input.of(Unpacked.ifPacked(file)));
    } catch (Unpacked.Damaged e) {
      file.close();
      throw TextProblem.damaged(e);
    }
  }

  /** Goes into the next object; false after the last. */
  boolean next() throws IOException, TextProblem {
    JsonToken token = token();
    if (!begun) {
      begun = true;
      inArray = token == JsonToken.START_ARRAY;
      token = inArray ? token() : token;
    }
    if (inArray && token == JsonToken.END_ARRAY) {
      done = true;
      token = token();
      if (token != null) {
        throw problem("something follows the array.", "Leave one array, or objects alone.");
      }
    }
    if (token == null) {
      return false;
    }
    line = parser.getTokenLocation().getLineNr();
    if (token != JsonToken.START_OBJECT || done) {
      throw problem(
          "there is " + word(token) + " where an object should be.",
          "Write a table as one array of objects, or as objects one after the other.");
    }
    seen.clear();
    return true;
  }

  private static String word(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "a number";
    };
  }

  /** Goes to the next member of the object; false after the last. */
  boolean nextMember() throws IOException, TextProblem {
    if (token() == JsonToken.END_OBJECT) {
      return false;
    }
    requireWellFormed(parser.currentName());
    if (!seen.add(parser.currentName())) {
      throw twice(parser.currentName());
    }
    return true;
  }

  private TextProblem twice(String name) {
    return problem(
        "an object has the member \"" + name + "\" twice.", "Give every member a name of its own.");
  }

  /** The name of the current member. */
  String name() throws IOException {
    return parser.currentName();
  }

  /** Reads the current member's value; {@link #text} is what it is as text then. */
  Kind value() throws IOException, TextProblem {
    return switch (token()) {
      case VALUE_NULL -> Kind.NULL;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
      case VALUE_STRING -> Kind.STRING;
      default -> Kind.NESTED;
    };
  }

  /**
   * The value as text: a string itself, an object or a list as compact JSON, all else as it is
   * written. To be called once.
   */
  String text(Kind kind) throws IOException, TextProblem {
    if (kind != Kind.NESTED) {
      return requireWellFormed(scalar());
    }
    StringWriter compact = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(compact)) {
      copy(generator);
    }
    return compact.toString();
  }

  /** Passes over the value. */
  void skip(Kind kind) throws IOException, TextProblem {
    if (kind == Kind.NESTED) {
      text(kind);
    }
  }

  private String scalar() throws TextProblem, IOException {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw problem(e);
    }
  }

  /** Copies the value that begins at the current token, numbers as they are written. */
  private void copy(JsonGenerator to) throws IOException, TextProblem {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        to.writeStartObject();
        Set<String> names = new HashSet<>();
        while (token() != JsonToken.END_OBJECT) {
          String name = requireWellFormed(parser.currentName());
          if (!names.add(name)) {
            throw twice(name);
          }
          to.writeFieldName(name);
          token();
          copy(to);
        }
        to.writeEndObject();
      }
      case START_ARRAY -> {
        to.writeStartArray();
        while (token() != JsonToken.END_ARRAY) {
          copy(to);
        }
        to.writeEndArray();
      }
      case VALUE_STRING -> to.writeString(requireWellFormed(scalar()));
      case VALUE_NULL -> to.writeNull();
      default -> to.writeRawValue(scalar());
    }
  }

  /** Half of a surrogate pair can be escaped, and is no character. */
  private String requireWellFormed(String value) throws TextProblem {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1));
        if (!isPair) {
          throw problem("a string has half of a surrogate pair.", "Correct it; it is no text.");
        }
        i++;
      }
    }
    return value;
  }

  private JsonToken token() throws IOException, TextProblem {
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw problem(e);
    }
  }

  private TextProblem problem(IOException e) throws IOException {
    if (e instanceof Utf8Input.Malformed malformed) {
      return TextProblem.notUtf8(
          String.valueOf(malformed.getMessage()), parser.getCurrentLocation().getLineNr());
    }
    if (e instanceof Unpacked.Damaged damaged) {
      return TextProblem.damaged(damaged);
    }
    if (e instanceof StreamConstraintsException || e instanceof JsonProcessingException) {
      String what = ((JsonProcessingException) e).getOriginalMessage();
      return problem("it is not JSON: " + what, "Correct the file.");
    }
    throw e;
  }

  private TextProblem problem(String what, String remedy) {
    return TextProblem.atLine(Math.max(1, parser.getCurrentLocation().getLineNr()), what, remedy);
  }

  /** The line, from 1, on which the current object begins. */
  long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    parser.close();
    text.close();
  }
}
