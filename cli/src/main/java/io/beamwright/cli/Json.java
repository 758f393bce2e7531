// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.History;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.util.Map;

/** How things that several commands print look in JSON. */
final class Json {

  private Json() {}

  /** A commit with its id, and otherwise as it is stored. */
  static void write(JsonGenerator json, History.Named commit) throws IOException {
    json.writeStartObject();
    writeMembers(json, commit);
    json.writeEndObject();
  }

  /** The same as members of the object that is being written. */
  static void writeMembers(JsonGenerator json, History.Named commit) throws IOException {
    ObjectNode stored = commit.commit().toJson();
    json.writeStringField("id", commit.id().hex());
    for (Map.Entry<String, JsonNode> field : stored.properties()) {
      json.writeFieldName(field.getKey());
      write(json, field.getValue());
    }
  }

  /** What is known of a file, but for its path, as members of the object that is being written. */
  static void writeFile(JsonGenerator json, FileEntry file) throws IOException {
    json.writeNumberField("size", file.size());
    json.writeStringField("sha256", file.sha256().hex());
    json.writeBooleanField("executable", file.executable());
    if (file.file().table().isPresent()) {
      json.writeFieldName("table");
      write(json, file.file().table().get().toJson());
    }
  }

  /** Any JSON value. */
  static void write(JsonGenerator json, JsonNode value) throws IOException {
    if (value.isObject()) {
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        json.writeFieldName(field.getKey());
        write(json, field.getValue());
      }
      json.writeEndObject();
    } else if (value.isArray()) {
      json.writeStartArray();
      for (JsonNode element : value) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value.isIntegralNumber()) {
      json.writeNumber(value.bigIntegerValue());
    } else if (value.isBoolean()) {
      json.writeBoolean(value.booleanValue());
    } else if (value.isNull()) {
      json.writeNull();
    } else {
      json.writeString(value.asText());
    }
  }
}
