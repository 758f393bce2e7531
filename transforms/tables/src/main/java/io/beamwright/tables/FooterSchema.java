// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The top-level columns of any Parquet file, those that tables do not have included.
 *
 * @param fields the columns in their order
 */
record FooterSchema(List<Field> fields) {

  FooterSchema {
    fields = List.copyOf(fields);
  }

  /**
   * A column.
   *
   * @param type as in {@link TableSchema#json}: a type's name, or {@link TableSchema#FOREIGN} and
   *     what Parquet calls it
   * @param column the column as ours, if it can be
   */
  record Field(int id, String name, boolean nullable, String type, Optional<Column> column) {

    private ObjectNode json() {
      ObjectNode json = CanonicalJson.object();
      return json.put("id", id).put("name", name).put("nullable", nullable).put("type", type);
    }
  }

  /**
   * The columns of {@code parquet}.
   *
   * @param file the file's name, for the message
   * @throws UserFault if two columns have one name, or a name that none can have
   */
  static FooterSchema of(MessageType parquet, String file) {
    boolean ownIds = ParquetSchemas.hasFieldIds(parquet);
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Type type : parquet.getFields()) {
      int id = ownIds ? type.getId().intValue() : fields.size() + 1;
      if (!names.add(type.getName())) {
        throw new UserFault(
            file + ": two columns are called \"" + type.getName() + "\".", "Rename one.");
      }
      fields.add(field(type, id, file));
    }
    return new FooterSchema(fields);
  }

  private static Field field(Type type, int id, String file) {
    boolean nullable = type.isRepetition(Type.Repetition.OPTIONAL);
    Optional<Column> column = ParquetSchemas.column(type, id, file);
    String text =
        column
            .map(ours -> ours.type().text())
            .orElseGet(() -> TableSchema.FOREIGN + type.toString().replaceAll("\\s+", " ").trim());
    return new Field(id, type.getName(), nullable, text, column);
  }

  /** As {@link TableSchema#json}. */
  String json() {
    ObjectNode root = CanonicalJson.object();
    ArrayNode array = root.putArray("columns");
    fields.forEach(field -> array.add(field.json()));
    return CanonicalJson.text(root);
  }
}
