// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.tables.ColumnType;
import io.beamwright.versioning.CanonicalJson;
import java.util.Optional;

/**
 * A column of the table as its spec declares it.
 *
 * @param name what it is called in the table
 * @param from what the file calls it
 * @param type what its cells are; inferred if it is not given
 * @param format the pattern of a date or timestamp
 */
record FormatColumn(String name, String from, Optional<ColumnType> type, Optional<String> format) {

  /** A column of the file, under its name, whose type is not known yet. */
  static FormatColumn ofFile(String name) {
    return new FormatColumn(name, name, Optional.empty(), Optional.empty());
  }

  FormatColumn withType(ColumnType found) {
    return new FormatColumn(name, from, Optional.of(found), format);
  }

  ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object().put("name", name);
    if (!from.equals(name)) {
      json.put("from", from);
    }
    type.ifPresent(value -> json.put("type", value.text()));
    format.ifPresent(value -> json.put("format", value));
    return json;
  }
}
