// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepCatalogTest {

  private static final String FILTER =
      """
      {"steps": [{"name": "Filter", "version": "3", "inputs": "rows", "description": "Keeps rows.",
        "config": [{"name": "keep", "type": "string|object", "required": true, "description": "which."}]}]}
      """;

  @TempDir Path folder;

  @Test
  void stepsComeFromEveryJarOfTheClassPath() throws IOException {
    try (URLClassLoader loader = loader(FILTER, FILTER.replace("Filter", "Explode"))) {
      StepCatalog catalog = StepCatalog.load(loader);
      assertThat(catalog.types()).containsExactly("Explode", "Filter");
      assertThat(catalog.find("Filter"))
          .contains(
              new StepDescription(
                  "Filter",
                  "3",
                  Takes.ROWS,
                  "Keeps rows.",
                  List.of(
                      new ConfigField(
                          "keep", List.of(JsonType.STRING, JsonType.OBJECT), true, "which."))));
      assertThat(catalog.find("filter")).isEmpty();
    }
  }

  @Test
  void aClassPathWithoutStepsIsAnEmptyCatalogue() throws IOException {
    try (URLClassLoader loader = loader()) {
      assertThat(StepCatalog.load(loader).types()).isEmpty();
    }
  }

  @Test
  void whereJarsWereMadeOneEachDeclaresItsSteps() throws IOException {
    try (URLClassLoader loader = loader(FILTER + "\n" + FILTER.replace("Filter", "Sieve"))) {
      assertThat(StepCatalog.load(loader).types()).containsExactly("Filter", "Sieve");
    }
  }

  @Test
  void aStepDeclaredTwiceNamesBothJars() throws IOException {
    try (URLClassLoader loader = loader(FILTER, FILTER)) {
      assertThatThrownBy(() -> StepCatalog.load(loader))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("The step Filter is declared by")
          .hasMessageContaining("/0/META-INF")
          .hasMessageContaining("/1/META-INF");
    }
  }

  @Test
  void aMalformedDeclarationNamesTheJarAndWhatIsWrong() throws IOException {
    for (String bad :
        List.of("{", "[]", FILTER.replace("rows", "rowz"), FILTER.replace("\"3\"", "3"))) {
      try (URLClassLoader loader = loader(bad)) {
        assertThatThrownBy(() -> StepCatalog.load(loader))
            .isInstanceOf(EnvironmentFault.class)
            .hasMessageContaining("/0/META-INF/beamwright/steps.json cannot be read: ");
      }
    }
  }

  @Test
  void theVersionOfAStepIsInTheKey() {
    assertThat(key("1")).isEqualTo(key("1")).isNotEqualTo(key("2"));
  }

  private static ObjectNode key(String version) {
    StepUse use =
        new StepUse(
            "Filter",
            CanonicalJson.object(),
            Optional.of("Filter"),
            new StepUse.Input.Named(Map.of("in", "in")));
    StepDescription step = new StepDescription("Filter", version, Takes.ROWS, "", List.of());
    return StepCatalog.of(List.of(step)).keyPart(List.of(use));
  }

  private URLClassLoader loader(String... resources) throws IOException {
    List<URL> roots = new ArrayList<>();
    for (String resource : resources) {
      roots.add(root(roots.size(), resource));
    }
    return new URLClassLoader(roots.toArray(URL[]::new), null);
  }

  private URL root(int index, String resource) throws IOException, MalformedURLException {
    Path root = folder.resolve(String.valueOf(index));
    Path file = root.resolve("META-INF/beamwright/steps.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, resource);
    return root.toUri().toURL();
  }
}
