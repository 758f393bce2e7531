// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/**
 * What {@code spark-submit} says, where it started this process: it leaves Spark's configuration in
 * system properties, where every context looks.
 */
final class SparkSubmit {

  private static final String MASTER = "spark.master";
  private static final String JARS = "spark.jars";

  private SparkSubmit() {}

  /** The master that it was given; empty if it did not start this process. */
  static Optional<String> master() {
    SparkConf said = new SparkConf();
    return said.contains(MASTER) ? Optional.of(said.get(MASTER)) : Optional.empty();
  }

  /** Of {@code jars} those that it does not send to the workers itself. */
  static List<Path> without(List<Path> jars) {
    Set<Path> sent =
        Arrays.stream(new SparkConf().get(JARS, "").split(","))
            .filter(text -> !text.isBlank())
            .map(SparkSubmit::path)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    return jars.stream().filter(jar -> !sent.contains(jar.toAbsolutePath())).toList();
  }

  /** Of a file of this machine, as Spark writes it: a URI, or a path. */
  private static Optional<Path> path(String text) {
    if (!text.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
      return Optional.of(Path.of(text).toAbsolutePath());
    }
    URI uri = URI.create(text);
    return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
  }
}
