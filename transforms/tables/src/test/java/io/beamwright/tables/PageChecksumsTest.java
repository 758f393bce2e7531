// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageChecksumsTest {

  @ParameterizedTest
  @ValueSource(strings = {"datapage_v1-corrupt-checksum", "rle-dict-uncompressed-corrupt-checksum"})
  void aPageThatIsNotWhatItsChecksumWasMadeOfIsRefusedWithItsColumn(String name) throws Exception {
    Path file = files().resolve(name + ".parquet");

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> PageChecksums.verify("in:/a", RandomAccessSource.of(file)))
        .withMessageStartingWith("in:/a: not a whole Parquet file: column \"")
        .withMessageEndingWith("CRC checksum verification failed.");
  }

  /** Of all files of other writers, only such are refused as our reader refuses too. */
  @Test
  void wholeFilesOfAllWritersPass() throws Exception {
    TreeSet<String> refused = new TreeSet<>();
    try (Stream<Path> all = Files.list(files())) {
      for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        try {
          ParquetFooter.read("f", RandomAccessSource.of(file));
        } catch (UserFault e) {
          continue;
        }
        try {
          PageChecksums.verify("f", RandomAccessSource.of(file));
        } catch (UserFault e) {
          refused.add(String.valueOf(file.getFileName()));
        }
      }
    }

    assertThat(refused)
        .containsExactlyInAnyOrderElementsOf(
            List.of(
                // Its headers lead beyond its end.
                "ARROW-RS-GH-6229-DICTHEADER.parquet",
                "nation.dict-malformed.parquet",
                "datapage_v1-corrupt-checksum.parquet",
                "rle-dict-uncompressed-corrupt-checksum.parquet"));
  }

  /** Our writer gives every page a checksum, so that no changed byte of a page passes. */
  @Test
  void aChangedByteOfAnyPageIsFound() throws Exception {
    byte[] table = Tables.write(RandomTables.ofAllTypes(3, 500)).bytes();
    PageChecksums.verify("t", RandomAccessSource.of(table));
    ParquetFooter footer = ParquetFooter.read("t", RandomAccessSource.of(table));
    Random random = new Random(1);
    footer
        .metadata()
        .getBlocks()
        .get(0)
        .getColumns()
        .forEach(
            column -> {
              // The last bytes of a chunk are those of a page, whatever is in its header.
              int at = (int) (column.getStartingPos() + column.getTotalSize()) - 1;
              byte[] changed = table.clone();
              changed[at] ^= (byte) (1 + random.nextInt(255));
              assertThatExceptionOfType(UserFault.class)
                  .isThrownBy(() -> PageChecksums.verify("t", RandomAccessSource.of(changed)))
                  .withMessageContaining("column \"" + column.getPath().toDotString() + "\"");
            });
  }

  private static Path files() throws IOException {
    try {
      return Path.of(
          Objects.requireNonNull(PageChecksumsTest.class.getResource("/parquet-testing")).toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
