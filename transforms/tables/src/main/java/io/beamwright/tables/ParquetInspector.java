// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.FileInspector;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells Parquet files by their first bytes, {@code PAR1}, and reads them by {@link TableInspector}.
 * Loads no class of Parquet until it must.
 */
public final class ParquetInspector implements FileInspector {

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final String LIBRARY = "org/apache/parquet/hadoop/ParquetFileReader.class";

  /** For {@link java.util.ServiceLoader}. */
  public ParquetInspector() {}

  @Override
  public String format() {
    return "Parquet";
  }

  @Override
  public boolean claims(byte[] beginning) {
    return Arrays.equals(beginning, MAGIC);
  }

  @Override
  public boolean isReady() {
    return ParquetInspector.class.getClassLoader().getResource(LIBRARY) != null;
  }

  @Override
  public TableFacts inspect(String name, RandomAccessSource file) throws IOException {
    return TableInspector.inspect(name, file);
  }

  @Override
  public TableFacts inspectRows(String name, RandomAccessSource file) throws IOException {
    return TableInspector.inspectRows(name, file);
  }
}
