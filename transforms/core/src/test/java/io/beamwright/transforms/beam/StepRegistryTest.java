// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepRegistryTest {

  private static final String YAML_MAP =
      "beam:schematransform:org.apache.beam:yaml:map_to_fields-java:v1";
  private static final String MULTIPLY = "example:multiply:v1";

  @Test
  void theGeneratedCatalogueSaysWhatTheRegistrySays() {
    List<StepDescription> ours =
        StepRegistry.load().descriptions().stream()
            .filter(step -> !step.name().equals(MULTIPLY))
            .toList();
    assertThat(StepCatalog.load().all()).containsExactlyElementsOf(ours);
    assertThat(ours.stream().map(StepDescription::name)).contains("ReadFromCsv", "Sql");
  }

  @Test
  void aUsersSchemaTransformIsDescribedByItsSchema() {
    StepDescription step = StepRegistry.load().step(MULTIPLY).description();

    assertThat(step.takes()).isEqualTo(StepDescription.Takes.ROWS);
    assertThat(step.description()).isEqualTo("Multiplies a column.");
    assertThat(step.version()).matches("sha256:[0-9a-f]{64}\\+2");
    assertThat(step.config())
        .containsExactly(
            ConfigField.required("column", JsonType.STRING, ""),
            ConfigField.required("factor", JsonType.NUMBER, ""),
            ConfigField.optional("notes", List.of(JsonType.ARRAY), ""));
  }

  @Test
  void anUnknownStepAndOneThatLeavesTheStageAreRefused() {
    assertThatThrownBy(() -> StepRegistry.load().step("ReadCsv"))
        .isInstanceOf(UserFault.class)
        .hasMessage("There is no step \"ReadCsv\".");
    assertThatThrownBy(
            () -> StepRegistry.load().step("beam:schematransform:org.apache.beam:tfrecord_read:v1"))
        .hasMessageEndingWith("reads or writes outside of the stage.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "{'text': 'a', 'more': 1}; Step s has no \"more\".",
        "{}; Step s: \"text\" is missing.",
        "{'text': 1}; Step s: \"text\" is 1.",
        "{'text': 'a', 'small': 40000}; Step s: \"small\" is 40000.",
        "{'text': 'a', 'small': 1.5}; Step s: \"small\" is 1.5.",
        "{'text': 'a', 'list': [true, 0]}; Step s: \"list/1\" is 0.",
        "{'text': 'a', 'row': {'x': 'y'}}; Step s: \"row/x\" is \"y\".",
        "{'text': 'a', 'map': {'k': {}}}; Step s: \"map/k/x\" is missing.",
      })
  void aConfigurationThatDoesNotFitTheSchemaIsNamed(String json, String message) {
    assertThatThrownBy(() -> JsonToRow.of("s").read(parse(json), CONFIG))
        .isInstanceOf(UserFault.class)
        .hasMessage(message);
  }

  private static final Schema INNER = Schema.builder().addDoubleField("x").build();
  private static final Schema CONFIG =
      Schema.builder()
          .addStringField("text")
          .addNullableField("small", FieldType.INT16)
          .addNullableField("list", FieldType.array(FieldType.BOOLEAN))
          .addNullableField("row", FieldType.row(INNER))
          .addNullableField("map", FieldType.map(FieldType.STRING, FieldType.row(INNER)))
          .build();

  @Test
  void aConfigurationBecomesARow() {
    Row row =
        JsonToRow.of("s")
            .read(
                parse("{'text': 'a', 'small': -3, 'list': [true], 'map': {'k': {'x': 1}}}"),
                CONFIG);
    Row inner = Row.withSchema(INNER).addValue(1.0).build();
    assertThat(row)
        .isEqualTo(
            Row.withSchema(CONFIG)
                .addValues("a", (short) -3, List.of(true), null, java.util.Map.of("k", inner))
                .build());
  }

  @Test
  void aKeyChangesWithEverythingThatCanChangeTheTable() throws IOException {
    String chain = "[{'type': 'Sql', 'config': {'query': 'SELECT 1'}}]";
    Sha256 key = key(chain);

    assertThat(key(chain)).isEqualTo(key);
    assertThat(key(chain.replace("SELECT 1", "SELECT 2"))).isNotEqualTo(key);
    assertThat(key(chain.replace("'Sql'", "'Sql', 'input': 'a'"))).isNotEqualTo(key);
    assertThat(key(chain.replace("'Sql'", "'Sql', 'name': 'a'"))).isNotEqualTo(key);
    assertThat(key("[{'type': 'Sql', 'config': {'f': 0.5}}]"))
        .isNotEqualTo(key("[{'type': 'Sql', 'config': {'f': '0.5'}}]"))
        .isNotEqualTo(key("[{'type': 'Sql', 'config': {'f': {'fraction': '0.5'}}}]"));
    JsonNode part = StepCatalog.load().keyPart(Stage.chain(chain.replace('\'', '"')));
    assertThat(part.required("engine").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("beam", "parquet", "zstd");
    assertThat(part.required("engine").toString()).doesNotContain("$");
    assertThat(part.required("steps").get(0).required("version").textValue()).isEqualTo("4");
  }

  private static Sha256 key(String chain) {
    return CanonicalJson.digest(StepCatalog.load().keyPart(Stage.chain(chain.replace('\'', '"'))));
  }

  private static JsonNode parse(String json) {
    try {
      return CanonicalJson.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "Sql; {\"query\": \"SELECT a FROM t WHERE\"}; the query is wrong: Encountered",
        "Sql; {\"query\": \"SELECT RAND() FROM t\"}; RAND gives another value each run (line 1, column 8)",
        "Sql; {\"query\": \"SELECT a,\\n nope(a) FROM t\"}; Sql does not compute a function NOPE (line 2, column 2)",
        "Sql; {\"query\": \"SELECT a FROM t EXCEPT ALL SELECT b FROM t\"}; Sql does not compute EXCEPT ALL",
        "Sql; {\"query\": \"SELECT \\u0027ab\\u0027 \"}; null",
        "Sql; {\"query\": \"SELECT current_date FROM t\"}; CURRENT_DATE gives another value each run",
        "Sql; {\"query\": \"SELECT `current_date`, {fn ABS(a)} FROM t\"}; null",
        "Sql; {\"query\": \"SELECT YEAR(a), ABS(b) AS `over` FROM t\"}; null",
        "MAP; {\"fields\": {\"c\": {\"expression\": \"Change %\"}}}; null",
        "MAP; {\"fields\": {}, \"drop\": [\"x\"]}; \"config/drop\" changes nothing without",
        "MAP; {\"language\": \"python\", \"fields\": {}}; it runs expressions in Java alone.",
        "ReadFromCsv; {\"columns\": [{\"name\": \"a\", \"type\": \"int\"}]}; int",
        "ReadFromCsv; {\"delimiter\": \"|\"}; null",
      })
  void aConfigurationThatNoTableMakesRightIsRefusedWithoutOne(
      String type, String config, String what) throws IOException {
    String step = type.equals("MAP") ? YAML_MAP : type;
    ObjectNode read = (ObjectNode) new ObjectMapper().readTree(config);

    Throwable thrown = catchThrowable(() -> StepRegistry.load().step(step).check("s", read));

    if (what.equals("null")) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown).isInstanceOf(UserFault.class).hasMessageContaining(what);
    }
  }
}
