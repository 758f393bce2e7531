// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.util.HexFormat;

/**
 * A program for a JVM of its own: prints a table file, or what needs no Parquet, in hexadecimal.
 */
final class TableBytes {

  private TableBytes() {}

  public static void main(String[] arguments) throws IOException {
    Batch batch = RandomTables.ofAllTypes(11, 500);
    String hex =
        arguments[0].equals("file")
            ? HexFormat.of().formatHex(inspected(Tables.write(batch)))
            : RowDigest.of(batch).text() + " " + batch.schema().json();
    System.out.println(hex);
  }

  private static byte[] inspected(Tables.Written written) throws IOException {
    if (!TableInspector.inspect("t", RandomAccessSource.of(written.bytes()))
        .equals(written.facts())) {
      throw new AssertionError("the inspector and the writer disagree");
    }
    return written.bytes();
  }
}
