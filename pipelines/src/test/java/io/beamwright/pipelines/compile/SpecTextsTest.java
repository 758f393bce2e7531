// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.transforms.beam.StepCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecTextsTest {

  private static final String ONE = "{\"pfs\": {\"repo\": \"in\", \"glob\": \"/\"}}";

  private static final String OTHER =
      "{\"pfs\": {\"repo\": \"in\", \"name\": \"other\", \"glob\": \"/\"}}";

  @Test
  void everyTextThatIsWrongIsToldWithItsPlace() {
    Pipeline pipeline =
        pipeline(
            stage("fine", ONE, "{\"cmd\": [\"cp\", \"a b\", \"c\"]}"),
            stage("q", ONE, "{\"sql\": \"SELECT x FROM \\\"in\\\" WHERE\"}"),
            stage("r", ONE, "{\"sql\": \"SELECT x FROM there\"}"),
            stage(
                "s",
                "{\"union\": [{\"cross\": [" + ONE + ", " + OTHER + "]}, " + OTHER + "]}",
                "{\"sql\": \"SELECT count(*) FROM \\\"in\\\"\"}"),
            stage(
                "t",
                ONE,
                "{\"beam\": [{\"type\": \"ReadFromCsv\", \"config\": {\"delimiter\": \"::\"}},"
                    + " {\"name\": \"u\", \"type\": \"Sql\", \"config\": {\"query\": \"SELECT x +"
                    + " FROM PCOLLECTION\"}}]}"));

    SpecFault fault = catchThrowableOfType(SpecFault.class, () -> SpecTexts.require(pipeline));

    assertThat(fault.problems())
        .extracting(SpecProblem::pointer)
        .containsExactly(
            "/1/transform/sql",
            "/2/transform/sql",
            "/3/transform/sql",
            "/4/transform/beam/0",
            "/4/transform/beam/1");
    assertThat(fault.problems())
        .allSatisfy(problem -> assertThat(problem.problem()).startsWith("is wrong: ").endsWith("."))
        .allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank());
    assertThat(fault.problems().get(1).problem()).contains("\"there\", which is no input");
    assertThat(fault.problems().get(4).problem()).contains("Step u: the query is wrong");
  }

  @Test
  void whatOnlyColumnsCanTellIsNotAskedHere() {
    Pipeline pipeline =
        pipeline(
            stage("q", ONE, "{\"sql\": \"SELECT nope, 1/0 FROM \\\"in\\\"\"}"),
            stage(
                "t",
                ONE,
                "{\"beam\": [{\"type\": \"ReadFromCsv\"}, {\"type\": \"Sql\", \"config\": {\"query\":"
                    + " \"SELECT nope + 1 AS n FROM nowhere\"}}]}"));

    assertThatCode(() -> SpecTexts.require(pipeline)).doesNotThrowAnyException();
  }

  private static String stage(String name, String input, String transform) {
    return "{\"pipeline\": {\"name\": \"%s\"}, \"input\": %s, \"transform\": %s}"
        .formatted(name, input, transform);
  }

  private static Pipeline pipeline(String... stages) {
    String spec = "[" + String.join(",\n", stages) + "]";
    return Corridor.read(
        List.of(new SpecSource("test.json", Path.of("").toAbsolutePath(), spec)),
        StepCatalog.load(),
        Set.of("direct"));
  }
}
