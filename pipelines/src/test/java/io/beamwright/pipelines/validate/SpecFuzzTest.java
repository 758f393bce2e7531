// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.pipelines.spec.SpecReading;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.transforms.beam.StepCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a spec says, it is read or refused in words: nothing else is thrown. */
class SpecFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SPECS = 2_000;

  private static final String EVERYTHING =
      """
      [{"pipeline": {"name": "u"}, "salt": "s", "datum_timeout": "1h", "datum_tries": 2,
        "resource_requests": {"cpu": "500m", "memory": "1Gi", "gpu": {"type": "g", "number": 1}},
        "datum_set_spec": {"number": 3}, "parallelism_spec": {"constant": "2"},
        "runner": {"name": "direct", "options": {"a": 1}}, "metadata": {"a": {"b": [1, 1e5]}},
        "transform": {"sql": "SELECT 1"},
        "input": {"cross": [{"union": [
          {"pfs": {"repo": "a", "name": "n", "glob": "/(*)", "branch": "b",
            "format": {"header": ["x"], "columns": [{"name": "x", "type": "date", "format": "yyyy"}],
                       "null": ["-"], "skip": 1, "delimiter": ";", "quote": "", "thousands": "_"}}},
          {"cross": [{"pfs": {"repo": "c", "name": "n", "glob": "/{a,b}"}}]}]},
          {"atom": {"repo": "d", "glob": "/**"}}]}},
       {"pipeline": {"name": "p"}, "input": {"pfs": {"repo": "u", "glob": "/", "as": "csv"}},
        "transform": {"cmd": ["sh"], "stdin": ["x"], "env": {"A": "b"}, "accept_return_code": [1],
                      "environment": ["true"], "working_dir": "/tmp", "image": "i"}}]
      """;

  /** Each is JSON: what stands for a value, wherever it stands. */
  private static final List<String> ODD =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "0",
          "-1",
          "1.5",
          "1e400",
          "-1e400",
          "1e-400",
          "1e999999999",
          "99999999999999999999999999",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\ud83d\\ude00\"",
          "\"/\"",
          "\"..\"",
          "\"out\"",
          "\"/[\"",
          "\"{a,{b\"",
          "\"((((\"",
          "\"!(\"",
          "\"**/**/**\"",
          "\"\\\\\"",
          "\"$9\"",
          "\"1h\"",
          "\"9\"",
          "\"999999999999Pi\"",
          "\"\\u0000\\n\\r\\t\"",
          "[[[[[[]]]]]]",
          "[null]",
          "[{}]",
          "{\"\": {}}",
          "{\"pfs\": 1}",
          "{\"union\": [{\"union\": []}]}",
          "{\"\\ud800\": \"\\ud800\"}",
          "[1, \"a\", null, {}]",
          "\"__proto__\"",
          "\"a~b/c\"",
          "\"SELECT 'x\"",
          "\"ReadFromCsv\"",
          "\"Sql\"",
          "\"csv\"",
          "{\"type\": \"Sql\"}");

  private final Random random = new Random(12);

  @Test
  void aSpecIsReadOrRefusedInWords() throws IOException {
    List<SpecSource> samples = samples();
    StepCatalog steps = StepCatalog.load();
    int refused = 0;
    for (int i = 0; i < SPECS; i++) {
      SpecSource sample = samples.get(i % samples.size());
      String text = mutated(sample.text());
      if (isRefused(new SpecSource(sample.name(), sample.folder(), text), steps)) {
        refused++;
      }
    }
    assertThat(refused).as("specs that were refused").isBetween(SPECS / 2, SPECS - 10);
  }

  @Test
  void depthAndLengthAreRefusedInWords() throws IOException {
    SpecSource sample = samples().get(0);
    StepCatalog steps = StepCatalog.load();
    String pfs = "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/\"}}";
    for (int depth : List.of(10, 490, 510, 100_000)) {
      for (String kind : List.of("cross", "union")) {
        String input = ("{\"" + kind + "\":[").repeat(depth) + pfs + "]}".repeat(depth);
        String spec =
            "{\"pipeline\":{\"name\":\"p\"},\"transform\":{\"cmd\":[\"x\"]},\"input\":"
                + input
                + "}";
        assertThat(isRefused(new SpecSource("deep.json", sample.folder(), spec), steps))
            .as(kind + " " + depth)
            .isEqualTo(depth > 500);
      }
    }
    String digits = "{\"datum_tries\": " + "9".repeat(5_000) + "}";
    assertThat(isRefused(new SpecSource("long.json", sample.folder(), digits), steps)).isTrue();
  }

  /**
   * Whether it is refused, with at least one problem that has words; what else is thrown, fails.
   */
  private static boolean isRefused(SpecSource source, StepCatalog steps) {
    try {
      Pipeline unused =
          Pipeline.validate(
              SpecReading.of(List.of(source)), steps, Set.of("direct", "flink", "spark"));
      return false;
    } catch (SpecFault fault) {
      assertThat(fault.problems()).isNotEmpty().allMatch(problem -> !problem.problem().isBlank());
      return true;
    } catch (RuntimeException | Error bug) {
      throw new AssertionError(source.text(), bug);
    }
  }

  private static List<SpecSource> samples() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("sample-data"))) {
      folder = Objects.requireNonNull(folder.getParent());
    }
    List<SpecSource> samples = new ArrayList<>();
    for (String name : List.of("bitcoin", "flights", "iris")) {
      samples.add(
          SpecSource.of(folder.resolve("sample-data").resolve(name).resolve("pipeline.json")));
    }
    samples.add(new SpecSource("everything.json", folder, EVERYTHING));
    return samples;
  }

  private String mutated(String text) throws JsonProcessingException {
    JsonNode root = JSON.readTree(text);
    int changes = 1 + random.nextInt(3);
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      String mark = "@@" + i + "@@";
      change(root, mark);
      marks.add(mark);
    }
    String changed = JSON.writeValueAsString(root);
    for (String mark : marks) {
      changed = changed.replace("\"" + mark + "\"", ODD.get(random.nextInt(ODD.size())));
    }
    return random.nextInt(20) == 0 ? cut(changed) : changed;
  }

  private String cut(String text) {
    int at = random.nextInt(text.length());
    return text.substring(0, at) + text.substring(Math.min(text.length(), at + random.nextInt(4)));
  }

  /** Puts a mark somewhere, as a value or a name, or takes something away. */
  private void change(JsonNode root, String mark) {
    List<ContainerNode<?>> containers = new ArrayList<>();
    collect(root, containers);
    if (containers.isEmpty()) {
      return;
    }
    ContainerNode<?> at = containers.get(random.nextInt(containers.size()));
    if (at instanceof ArrayNode array) {
      int place = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(place);
        case 1 -> array.set(place, JSON.getNodeFactory().textNode(mark));
        default -> array.add(array.get(place).deepCopy());
      }
    } else if (at instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(name + "x", object.get(name).deepCopy());
        default -> object.put(name, mark);
      }
    }
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
    if (node instanceof ContainerNode<?> container && !container.isEmpty()) {
      containers.add(container);
    }
    node.forEach(child -> collect(child, containers));
  }
}
