// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TableFormatTest {

  private static TableFormat format(String json) {
    try {
      return TableFormat.of(
          (ObjectNode)
              CanonicalJson.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
          "/input/pfs/format");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'skip':2}",
        "{'header':['a','b'],'null':['-','NA'],'thousands':','}",
        "{'columns':[{'name':'a','type':'int64'}],'header':false}",
        "{'columns':[{'format':'dd/MM/yyyy','from':'A','name':'a','type':'date'}],'type':'json'}",
        "{'comment':'#','delimiter':';','quote':'','type':'csv'}",
      })
  void whatIsDeclaredIsReadBack(String json) {
    TableFormat format = format(json);

    assertThat(CanonicalJson.text(format.toJson())).isEqualTo(json.replace('\'', '"'));
    assertThat(format(CanonicalJson.text(format.toJson()))).isEqualTo(format);
  }

  @Test
  void formatsThatSayTheSameAreEqual() {
    assertThat(format("{'header': true, 'quote': '\\\"', 'skip': 0, 'null': ['b', 'a', 'b']}"))
        .isEqualTo(format("{'null': ['a', 'b']}"));
    assertThat(format("{'columns': [{'name': 'a', 'type': 'double'}]}"))
        .isEqualTo(format("{'columns': [{'name': 'a', 'from': 'a', 'type': 'float64'}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "{'skip': -1}; /input/pfs/format: \"skip\" is -1.",
        "{'skip': 'x'}; /input/pfs/format: \"skip\" is \"x\".",
        "{'skip': 4294967296}; /input/pfs/format: \"skip\" is 4294967296.",
        "{'type': 'xml'}; /input/pfs/format: \"type\" is \"xml\".",
        "{'type': 'json', 'skip': 1}; /input/pfs/format: \"skip\" says nothing of JSON.",
        "{'type': 'json', 'delimiter': '|'}; /input/pfs/format: \"delimiter\" says nothing of JSON.",
        "{'delimiter': '§'}; /input/pfs/format: \"delimiter\" is \"§\".",
        "{'delimiter': ''}; /input/pfs/format: \"delimiter\" is \"\".",
        "{'delimiter': '\\u0000'}; /input/pfs/format: \"delimiter\" is \"\\u0000\".",
        "{'header': []}; /input/pfs/format: \"header\" is [].",
        "{'header': ['a', 1]}; /input/pfs/format: \"header\" is [\"a\",1].",
        "{'header': ['\\ud800']}; /input/pfs/format: \"header\" is [\"\ud800\"].",
        "{'columns': {}}; /input/pfs/format: \"columns\" is {}.",
        "{'columns': [{'name': 'a', 'from': 'x'}, {'name': 'b', 'from': 'x'}], 'header': false};"
            + " /input/pfs/format: \"columns\" has the name \"x\" twice.",
        "{'columns': [1]}; /input/pfs/format: \"columns/0\" is 1.",
        "{'columns': [{'name': ''}]}; /input/pfs/format: \"columns\" has the name \"\" for a column.",
      })
  void whatItCannotBeIsNamed(String json, String message) {
    assertThatThrownBy(() -> format(json)).isInstanceOf(UserFault.class).hasMessage(message);
  }

  /** The name of a zone says no one offset, and JDKs read it without telling. */
  @ParameterizedTest
  @ValueSource(strings = {"yyyy-MM-dd HH:mm z", "yyyy-MM-dd HH:mm v", "yyyy-MM-dd HH:mm['('VV')']"})
  void aFormatThatReadsANameOfAZoneIsRefused(String pattern) {
    for (String type : List.of("timestamp[us]", "timestamp[us,UTC]")) {
      assertThatThrownBy(() -> column(type, pattern))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(
              "the format \"" + pattern + "\" of column \"t\" reads the name of a")
          .hasMessageEndingWith("(" + pattern.replaceAll(".*([zvV]).*", "$1") + ").");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yyyy-MM-dd HH:mm", "yyyy-MM-dd[ a]", "yyyy-MM-ddX", "yyyy-MM-dd'T'A"})
  void aDateWhoseFormatReadsATimeIsRefused(String pattern) {
    assertThatThrownBy(() -> column("date", pattern))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("of column \"t\", a date, reads a time (");
  }

  @Test
  void lettersInQuotesReadNothing() {
    assertThat(column("date", "'Zeit: 'yyyy''MM-dd' z'").columns()).hasSize(1);
    assertThat(column("timestamp[us,UTC]", "yyyy-MM-dd'T'HH:mm:ssXXX").columns()).hasSize(1);
  }

  private static TableFormat column(String type, String pattern) {
    ObjectNode json = CanonicalJson.object();
    json.putArray("columns").addObject().put("name", "t").put("type", type).put("format", pattern);
    return TableFormat.of(json, "/input/pfs/format");
  }
}
