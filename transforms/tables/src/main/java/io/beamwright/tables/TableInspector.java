// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads what the footer of a Parquet file says of its table, and no row.
 *
 * <p>The schema is that of {@link TableSchema#json}, with the file's own field ids if each column
 * has one, else the positions from 1. A column of a type that tables do not have is described in
 * Parquet's own words, and nothing more is said of it.
 *
 * <p>Per column: the number of nulls, and the least and the greatest value, each where the footer
 * has it for all row groups and it can be trusted. Bounds are in the text form of {@link
 * TextFormat}. They bound every value, NaN as the greatest number included: so a column in which
 * NaN may be has no greatest value, and of our own files no least one either. A bound of zero has
 * no sign; one that was cut short is left out; INT96 has none, for writers do not agree on its
 * order. The row digest is there if {@link TableWriter} wrote the file, or the rows were read.
 */
public final class TableInspector {

  private TableInspector() {}

  /**
   * What the footer says.
   *
   * @param name the file's name, for messages
   * @throws UserFault if the bytes are no whole Parquet file
   * @throws IOException if the source cannot be read
   */
  public static TableFacts inspect(String name, RandomAccessSource source) throws IOException {
    ParquetFooter footer = ParquetFooter.read(name, source);
    return ParquetFault.naming(name, () -> FooterFacts.of(footer));
  }

  /**
   * As {@link #inspect}, with every row read for the digest of all.
   *
   * @throws UserFault also if a column or value is one that tables do not have, a page is damaged,
   *     or the rows are not those that the digest in the footer was made of
   */
  public static TableFacts inspectRows(String name, RandomAccessSource source) throws IOException {
    TableFacts facts = inspect(name, source);
    RowDigest digest = RowDigest.EMPTY;
    try (TableReader rows = TableReader.open(name, source)) {
      for (Optional<Batch> batch = rows.next(); batch.isPresent(); batch = rows.next()) {
        digest = digest.plus(RowDigest.of(batch.get()));
      }
    }
    String text = digest.text();
    if (digest.rows() != facts.rows() || !facts.rowDigest().orElse(text).equals(text)) {
      throw new UserFault(
          name + ": its rows are not those that were written: their digest is " + text + ".",
          "Fetch or write the file again.");
    }
    return new TableFacts(facts.schemaJson(), facts.rows(), Optional.of(text), facts.columns());
  }

  /** As {@link #inspect(String, RandomAccessSource)}, of a local file. */
  public static TableFacts inspect(Path file) throws IOException {
    return inspect(file.toString(), RandomAccessSource.of(file));
  }
}
