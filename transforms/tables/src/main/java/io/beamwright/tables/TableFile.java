// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A Parquet file that holds some of a table's rows.
 *
 * @param name how messages call it; files of one table are ordered by it
 * @param facts what is known of it
 * @param source its bytes
 */
public record TableFile(String name, TableFacts facts, RandomAccessSource source) {

  /**
   * A file of which nothing is known yet: its footer is read.
   *
   * @throws UserFault if it is no whole Parquet file
   * @throws IOException if the source cannot be read
   */
  public static TableFile inspect(String name, RandomAccessSource source) throws IOException {
    return new TableFile(name, TableInspector.inspect(name, source), source);
  }

  /** As {@link #inspect(String, RandomAccessSource)}, of a local file that messages call so. */
  public static TableFile inspect(String name, Path file) throws IOException {
    return inspect(name, RandomAccessSource.of(file));
  }
}
