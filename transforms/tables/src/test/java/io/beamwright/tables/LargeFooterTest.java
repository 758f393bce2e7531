// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeFooterTest {

  @TempDir Path folder;

  @Test
  void theFactsOfAThousandColumnsComeBackAsTheyWere() throws Exception {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      columns.add(new Column("column " + i, ColumnType.Simple.TEXT, true, i));
    }
    BatchBuilder rows = new BatchBuilder(new TableSchema(columns));
    rows.appendRow(Collections.nCopies(1_000, "value").toArray());
    Tables.Written written = Tables.write(rows.build());
    Files.write(folder.resolve("wide.parquet"), written.bytes());

    try (StoredTables tables = new StoredTables()) {
      Tree built = tables.tree(folder);
      Tree read = tables.store().trees().open(built.id());
      TableFacts facts =
          read.find(FilePath.of("/wide.parquet")).orElseThrow().file().table().orElseThrow();

      assertThat(facts).isEqualTo(written.facts());
      assertThat(facts.columns()).hasSize(1_000);
      assertThat(tables.objects()).as("the file and its facts").hasSize(2);
    }
  }

  @Test
  void aFooterThatIsTooLargeForMemoryIsRefusedUnread() {
    RandomAccessSource large =
        new RandomAccessSource() {
          @Override
          public long size() {
            return 1L << 40;
          }

          @Override
          public byte[] read(long offset, int length) {
            assertThat(length).isEqualTo(8);
            return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Integer.MAX_VALUE)
                .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                .array();
          }
        };

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> TableInspector.inspect("large.parquet", large))
        .withMessage(
            "large.parquet: not a whole Parquet file: its footer has 2147483647 bytes, and 134217728"
                + " are the most that are read.");
  }
}
