// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkSubmitTest {

  @AfterEach
  void forget() {
    System.clearProperty("spark.master");
    System.clearProperty("spark.jars");
  }

  @Test
  void itsMasterIsThatOfTheProcess() {
    System.setProperty("spark.master", "spark://there:7077");
    assertThat(new SparkGraphRunner().masterOfProcess()).contains("spark://there:7077");
  }

  @Test
  void aProcessThatItDidNotStartHasNoMaster() {
    assertThat(new SparkGraphRunner().masterOfProcess()).isEmpty();
  }

  @Test
  void whatItSendsIsNotSentAgain() {
    List<Path> jars = List.of(Path.of("/jobs/a.jar"), Path.of("/jobs/b.jar"), Path.of("/c.jar"));
    assertThat(SparkSubmit.without(jars)).isEqualTo(jars);
    System.setProperty("spark.jars", "file:/jobs/a.jar,/c.jar,hdfs://there/jobs/b.jar");
    assertThat(SparkSubmit.without(jars)).containsExactly(Path.of("/jobs/b.jar"));
  }
}
