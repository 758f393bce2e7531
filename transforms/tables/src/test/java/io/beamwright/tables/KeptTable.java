// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the table of the kept stores, and what is known of it, for {@code StoreFixture}: {@code
 * main FOLDER} makes {@code prices.parquet} and {@code prices.parquet.json}.
 */
final class KeptTable {

  private KeptTable() {}

  public static void main(String[] words) throws IOException {
    Path folder = Path.of(words[0]);
    Tables.Written table = Tables.write(RandomTables.ofAllTypes(2, 100));
    Files.write(folder.resolve("prices.parquet"), table.bytes());
    Files.writeString(
        folder.resolve("prices.parquet.json"),
        CanonicalJson.text(table.facts().toJson()),
        StandardCharsets.UTF_8);
  }
}
