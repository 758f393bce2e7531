// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;

/**
 * Knows one format of table files, such as Parquet, and reads what a file says of its table. Found
 * by {@link java.util.ServiceLoader}, so that a store needs no library of any format. Instances are
 * safe for several threads and hold nothing open.
 */
public interface FileInspector {

  /** How many bytes of a file's beginning {@link #claims} is given, at most. */
  int BEGINNING = 4;

  /** What the format is called in messages: {@code Parquet}. */
  String format();

  /**
   * Whether a file that begins so says that it is of this format. Nothing else decides, least of
   * all the file's name. Needs no library.
   *
   * @param beginning the first {@link #BEGINNING} bytes of the file, or all if it has fewer
   */
  boolean claims(byte[] beginning);

  /** Whether the libraries that the other methods need are on the class path. */
  boolean isReady();

  /**
   * What the file says of its table; reads its metadata and no row. What it says of a column and
   * cannot be trusted is left out.
   *
   * @param name the file's name, for messages
   * @throws UserFault if the file is not whole, naming it and what is wrong with it
   * @throws IOException if its bytes cannot be read
   */
  TableFacts inspect(String name, RandomAccessSource file) throws IOException;

  /**
   * The same, with every row read: its facts have the digest of the rows, and every page of the
   * file can be read.
   *
   * @throws UserFault also if a page is damaged, or a row cannot be read
   * @throws IOException if its bytes cannot be read
   */
  TableFacts inspectRows(String name, RandomAccessSource file) throws IOException;
}
