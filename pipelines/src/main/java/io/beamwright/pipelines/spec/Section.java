// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields that one kind of object in a spec may have. */
final class Section {

  private final String name;
  private final String meaning;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  Section(String name, String meaning, List<Field> fields) {
    this.name = name;
    this.meaning = meaning;
    for (Field field : fields) {
      if (this.fields.put(field.name(), field) != null) {
        throw new IllegalArgumentException(name + "." + field.name() + " is declared twice");
      }
    }
  }

  /** The name of the objects, as in {@code not a field of transform}. */
  String name() {
    return name;
  }

  String meaning() {
    return meaning;
  }

  Collection<Field> fields() {
    return fields.values();
  }

  Collection<String> fieldNames() {
    return fields.keySet();
  }

  List<String> builtFieldNames() {
    return fields.values().stream().filter(Field::isRead).map(Field::name).toList();
  }

  /** What such an object looks like: what must be in it, or where nothing must, the first field. */
  String outline() {
    List<String> names =
        fields.values().stream()
            .filter(field -> field.presence().equals(Field.REQUIRED))
            .map(Field::name)
            .toList();
    return (names.isEmpty() ? builtFieldNames().subList(0, 1) : names)
        .stream()
            .map(field -> "\"" + field + "\": …")
            .collect(Collectors.joining(", ", "{ ", " }"));
  }

  /** The field that people call {@code typed}, in snake_case or camelCase. */
  Optional<Field> find(String typed) {
    return Optional.ofNullable(fields.get(snakeCase(typed)));
  }

  /**
   * The field of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Field field(String fieldName) {
    Field field = fields.get(fieldName);
    if (field == null) {
      throw new IllegalArgumentException(name + " has no field " + fieldName);
    }
    return field;
  }

  static String snakeCase(String typed) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < typed.length(); i++) {
      char ch = typed.charAt(i);
      if (i > 0 && ch >= 'A' && ch <= 'Z') {
        snake.append('_').append(String.valueOf(ch).toLowerCase(Locale.ROOT));
      } else {
        snake.append(ch);
      }
    }
    return snake.toString();
  }
}
