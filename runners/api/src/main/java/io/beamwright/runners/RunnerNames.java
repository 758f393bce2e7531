// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of the runners on a class path, as data: a spec is validated without a class of Beam.
 * The jar of a runner names it in {@value #RESOURCE}; where jars were made one, theirs are its
 * lines.
 */
public final class RunnerNames {

  static final String RESOURCE = "META-INF/beamwright/runner";

  private RunnerNames() {}

  /** The names that the jars of {@code loader} declare. */
  public static SortedSet<String> onClassPath(ClassLoader loader) {
    SortedSet<String> names = new TreeSet<>();
    try {
      for (URL resource : Collections.list(loader.getResources(RESOURCE))) {
        try (InputStream in = resource.openStream()) {
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .forEach(names::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }
}
