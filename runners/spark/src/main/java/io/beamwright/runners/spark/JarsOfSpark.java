// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The jars that every installation of Spark has, by how their names begin. */
final class JarsOfSpark {

  private static final List<String> BEGINNINGS = read();

  private JarsOfSpark() {}

  static boolean haveOneLike(String jar) {
    return BEGINNINGS.stream().anyMatch(jar::startsWith);
  }

  private static List<String> read() {
    try (InputStream in = JarsOfSpark.class.getResourceAsStream("jars-of-spark")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
