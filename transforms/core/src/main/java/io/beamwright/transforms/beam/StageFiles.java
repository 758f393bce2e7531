// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * What a step may do with the store, on the submitter and on workers: read files, add files.
 * Instances are safe for several threads.
 */
public interface StageFiles extends AutoCloseable {

  /** Opens a store wherever it is called; travels to workers by Java serialisation. */
  @FunctionalInterface
  interface Opener extends Serializable {

    /** Opens the store; the caller closes it. */
    StageFiles open();
  }

  /** Opens a file from its beginning, checked as it is read; the caller closes the stream. */
  InputStream open(StoredFile file);

  /** Reads anywhere in a file, until this store is closed. */
  RandomAccessSource randomAccess(StoredFile file);

  /**
   * Adds a table file as an object of its own, durable when this returns. Adding the same bytes
   * again is harmless and gives the same file.
   */
  StoredFile addTable(Path parquet, TableFacts facts);

  @Override
  void close();
}
