// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.TableFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The columns of a table in their order; names and field ids are unique.
 *
 * @param columns the columns; there may be none
 */
public record TableSchema(List<Column> columns) {

  /**
   * What the type of a column that tables do not have begins with in the schema of {@link
   * TableFacts}; then comes the column in the words of its file's format.
   */
  public static final String FOREIGN = "parquet: ";

  public TableSchema {
    columns = List.copyOf(columns);
    Set<String> names = new HashSet<>();
    Set<Integer> fieldIds = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("two columns are called \"" + column.name() + "\"");
      }
      if (!fieldIds.add(column.fieldId())) {
        throw new IllegalArgumentException(
            "column \"%s\": the field id %d is another column's"
                .formatted(column.name(), column.fieldId()));
      }
    }
  }

  /** How many columns there are. */
  public int width() {
    return columns.size();
  }

  /** The column at an index from 0. */
  public Column column(int index) {
    return columns.get(index);
  }

  /** The index of the column of this name, letter for letter. */
  public OptionalInt indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Canonical JSON: {@code {"columns":[{"id":1,"name":"a","nullable":true,"type":"int64"}]}}; equal
   * schemas give equal text.
   */
  public String json() {
    ObjectNode root = CanonicalJson.object();
    ArrayNode array = root.putArray("columns");
    for (Column column : columns) {
      ObjectNode node = array.addObject();
      node.put("id", column.fieldId());
      node.put("name", column.name());
      node.put("nullable", column.nullable());
      node.put("type", column.type().text());
    }
    return CanonicalJson.text(root);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException if the text is not the JSON of a schema
   */
  public static TableSchema parse(String json) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode node : root(json).get("columns")) {
      columns.add(column(node));
    }
    return new TableSchema(columns);
  }

  private static JsonNode root(String json) {
    JsonNode root;
    try {
      root = CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the schema is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.path("columns").isArray()) {
      throw new IllegalArgumentException("the schema has no list of columns: " + json);
    }
    return root;
  }

  /**
   * The schema of a table file.
   *
   * @param file the file's name, for the message
   * @param facts what is known of the file
   * @throws UserFault if it has a column that tables do not have, or no column
   */
  public static TableSchema of(String file, TableFacts facts) {
    return of(file, facts.schemaJson());
  }

  static TableSchema of(String file, String json) {
    JsonNode columns = root(json).get("columns");
    for (JsonNode column : columns) {
      String type = column.path("type").asText();
      if (type.startsWith(FOREIGN)) {
        throw foreign(file, column.path("name").asText(), type.substring(FOREIGN.length()));
      }
    }
    if (columns.isEmpty()) {
      throw new UserFault(file + ": the table has no columns.", "Write it with at least one.");
    }
    return parse(json);
  }

  /**
   * The column of this name; nothing if it is of a type that tables do not have.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Optional<Column> knownColumn(TableFacts facts, String name) {
    for (JsonNode column : root(facts.schemaJson()).get("columns")) {
      if (column.path("name").asText().equals(name)) {
        boolean foreign = column.path("type").asText().startsWith(FOREIGN);
        return foreign ? Optional.empty() : Optional.of(column(column));
      }
    }
    throw new IllegalArgumentException(
        "there is no column \"" + name + "\" in " + facts.schemaJson());
  }

  private static UserFault foreign(String file, String column, String type) {
    return type.contains("group ") || type.startsWith("repeated ")
        ? new UserFault(
            "%s: column \"%s\" is nested (a list, map or struct); tables have flat columns only."
                .formatted(file, column),
            "Unnest or drop the column where the file is written, for example with DuckDB's"
                + " unnest().")
        : new UserFault(
            "%s: column \"%s\" has the Parquet type \"%s\", which tables do not have."
                .formatted(file, column, type),
            "Cast the column where the file is written: to a number, text, date, timestamp,"
                + " decimal of at most 38 digits, boolean or binary.");
  }

  private static Column column(JsonNode node) {
    boolean wellFormed =
        node.path("id").isIntegralNumber()
            && node.path("id").canConvertToInt()
            && node.path("name").isTextual()
            && node.path("nullable").isBoolean()
            && node.path("type").isTextual();
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "a column of a schema is {\"id\":1,\"name\":\"a\",\"nullable\":true,\"type\":\"text\"}, not "
              + node);
    }
    return new Column(
        node.get("name").textValue(),
        ColumnType.parse(node.get("type").textValue()),
        node.get("nullable").booleanValue(),
        node.get("id").intValue());
  }
}
