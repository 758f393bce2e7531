// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.test.BeamwrightStore;
import io.beamwright.test.BeamwrightTest;
import io.beamwright.test.FinishedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second sample: a model is trained, and names the species of irises, one datum a file. */
@BeamwrightTest
class IrisTest {

  private static final Path SAMPLE = Bench.SAMPLES.resolve("iris");
  private static final Path SPEC = SAMPLE.resolve("pipeline.json");

  @TempDir Path temp;

  @BeforeEach
  void requireScikitLearn() throws Exception {
    boolean isThere = isThere("/usr/bin/python3", "-c", "import sklearn, pandas");
    String lacks =
        "The system's python3 lacks scikit-learn or pandas:"
            + " apt-get install python3-sklearn python3-pandas";
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(isThere).as(lacks).isTrue();
    }
    assumeTrue(isThere, lacks);
  }

  private static boolean isThere(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  @Test
  void theModelNamesTheSpeciesThatAreKnownAndANewFileIsOneDatum(BeamwrightStore store)
      throws Exception {
    Path attributes = Files.createDirectory(temp.resolve("attributes"));
    for (String name : new String[] {"1.csv", "2.csv"}) {
      Files.copy(SAMPLE.resolve("attributes").resolve(name), attributes.resolve(name));
    }
    store.put("training", SAMPLE.resolve("training"));
    store.put("attributes", attributes);

    FinishedRun first = store.run(SPEC);

    assertThat(first.states())
        .containsEntry("model", "SUCCESS ran 1 reused 0")
        .containsEntry("inference", "SUCCESS ran 2 reused 0");
    first.commit("model").assertFiles("/model.pkl");
    assertThat(species(first, "/1.txt")).containsExactly("virginica");
    assertThat(species(first, "/2.txt"))
        .containsExactly("versicolor", "virginica", "virginica", "virginica", "setosa", "setosa");

    Files.writeString(attributes.resolve("3.csv"), "5.0,3.4,1.5,0.2\n");
    store.put("training", SAMPLE.resolve("training"));
    store.put("attributes", attributes);
    FinishedRun next = store.run(SPEC);

    assertThat(next.states())
        .containsEntry("model", "REUSED")
        .containsEntry("inference", "SUCCESS ran 1 reused 2");
    assertThat(species(next, "/3.txt")).containsExactly("setosa");
  }

  /** The lines of an answer, without the prefix that some editions of the data have. */
  private static List<String> species(FinishedRun run, String path) {
    return run.commit("inference")
        .text(path)
        .lines()
        .map(line -> line.replace("Iris-", ""))
        .toList();
  }
}
