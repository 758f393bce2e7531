// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of one input, and what a table of them is: exact types and rows, or the end of a message.
 */
final class ReadingCase {

  final String name;
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<String> rows = new ArrayList<>();
  String format = "{}";
  String columns = "";
  String message = "";

  /** Whether types are told again from what {@code as} writes. */
  boolean inferable = true;

  private ReadingCase(String name) {
    this.name = name;
  }

  static ReadingCase of(String name) {
    return new ReadingCase(name);
  }

  /** A case of one CSV file. */
  static ReadingCase csv(String name, String content) {
    return of(name).file("d.csv", content);
  }

  /** A case of one JSON file. */
  static ReadingCase json(String name, String content) {
    return of(name).file("d.json", content.replace('\'', '"'));
  }

  ReadingCase file(String fileName, String content) {
    return file(fileName, content.getBytes(StandardCharsets.UTF_8));
  }

  ReadingCase file(String fileName, byte[] content) {
    files.put(fileName, content);
    return this;
  }

  ReadingCase format(String json) {
    format = json.replace('\'', '"');
    return this;
  }

  /** {@code expected}: columns and types such as {@code a:int64 b:text}. */
  ReadingCase has(String expected, String... expectedRows) {
    columns = expected;
    rows.addAll(List.of(expectedRows));
    return this;
  }

  ReadingCase isRefused(String expected) {
    message = expected;
    return this;
  }

  ReadingCase notInferable() {
    inferable = false;
    return this;
  }

  /** JSON tells the text {@code 1} from the number, which CSV does not. */
  boolean isInferableFrom(String extension) {
    return inferable && !rows.isEmpty() && (extension.equals("json") || kind() != TextKind.JSON);
  }

  TableFormat tableFormat() {
    try {
      return TableFormat.of(
          (ObjectNode) CanonicalJson.parse(format.getBytes(StandardCharsets.UTF_8)), "format");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  TextKind kind() {
    return tableFormat()
        .kind()
        .orElseGet(() -> TextKind.ofName(files.keySet().iterator().next()).orElseThrow());
  }

  @Override
  public String toString() {
    return name;
  }
}
