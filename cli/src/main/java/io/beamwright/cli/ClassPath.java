// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a process of the command has to load classes from: {@code small} or {@code full}, and what
 * was added: storages by the schemes of their URIs, and a runner by its name. The launcher makes
 * each of these when it is first asked for.
 *
 * @param full whether Beam, Parquet and DuckDB are there
 * @param added the storages and the runner; {@code file} and {@code direct} are always there
 */
record ClassPath(boolean full, SortedSet<String> added) {

  /**
   * The runners that the launcher can add: one to a class path, for what they bring does not get on
   * with each other.
   */
  static final SortedSet<String> RUNNERS = new TreeSet<>(List.of("flink", "spark"));

  /** The system property in which the launcher tells a process what it has. */
  private static final String PROPERTY = "beamwright.classpath";

  private static final String SMALL = "small";
  private static final String FULL = "full";

  ClassPath {
    added = new TreeSet<>(added);
  }

  /** What the launcher says that this process has; the small one where there is no launcher. */
  static ClassPath ofProcess() {
    return parse(System.getProperty(PROPERTY, SMALL));
  }

  /** Reads what {@link #text} writes. */
  static ClassPath parse(String text) {
    List<String> words = List.of(text.strip().split(" +"));
    return new ClassPath(words.get(0).equals(FULL), new TreeSet<>(words.subList(1, words.size())));
  }

  /** This one with Beam and all that runs graphs and reads tables. */
  ClassPath withAll() {
    return new ClassPath(true, added);
  }

  /** This one with the storage for {@code scheme} too. */
  ClassPath withStorage(String scheme) {
    return with(full, scheme);
  }

  /** This one with all that {@code runner} needs, and no other runner but {@code direct}. */
  ClassPath withRunner(String runner) {
    if (!RUNNERS.contains(runner)) {
      return withAll();
    }
    SortedSet<String> others = new TreeSet<>(added);
    others.removeAll(RUNNERS);
    return new ClassPath(true, others).with(true, runner);
  }

  private ClassPath with(boolean all, String more) {
    SortedSet<String> grown = new TreeSet<>(added);
    grown.add(more);
    return new ClassPath(all, grown);
  }

  /** As the launcher reads it: {@code full flink hdfs}. */
  String text() {
    return String.join(" ", full ? FULL : SMALL, String.join(" ", added)).strip();
  }
}
