// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a process of the command has to load classes from: {@code small} or {@code full}, and the
 * storages that were added, by the schemes of their URIs. The launcher makes each of these when it
 * is first asked for.
 *
 * @param full whether Beam, Parquet and DuckDB are there
 * @param schemes of the added storages; {@code file} is always there
 */
record ClassPath(boolean full, SortedSet<String> schemes) {

  /** The system property in which the launcher tells a process what it has. */
  private static final String PROPERTY = "beamwright.classpath";

  private static final String SMALL = "small";
  private static final String FULL = "full";

  ClassPath {
    schemes = new TreeSet<>(schemes);
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
    return new ClassPath(true, schemes);
  }

  /** This one with the storage for {@code scheme} too. */
  ClassPath withStorage(String scheme) {
    SortedSet<String> more = new TreeSet<>(schemes);
    more.add(scheme);
    return new ClassPath(full, more);
  }

  /** As the launcher reads it: {@code full hdfs s3}. */
  String text() {
    return String.join(" ", full ? FULL : SMALL, String.join(" ", schemes)).strip();
  }
}
