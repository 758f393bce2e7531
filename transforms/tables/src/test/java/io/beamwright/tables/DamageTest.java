// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DamageTest {

  @Test
  void aFileCutShortAnywhereIsAFaultThatNamesIt() throws IOException {
    byte[] file = Tables.write(RandomTables.ofAllTypes(1, 50)).bytes();
    for (int length = 0; length < file.length; length += 5) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatExceptionOfType(UserFault.class)
          .isThrownBy(() -> Tables.read(cut))
          .withMessageStartingWith("t.parquet: not a whole Parquet file: ");
    }
  }

  @Test
  void aChangedByteOfAPageIsFoundByItsChecksum() throws IOException {
    BatchBuilder rows = new BatchBuilder(Tables.schema("b", ColumnType.Simple.BINARY));
    byte[] noise = new byte[4_000];
    new Random(1).nextBytes(noise);
    byte[] file = Tables.write(rows.appendRow(noise).build()).bytes();
    for (int at = 200; at < 4_000; at += 97) {
      byte[] changed = file.clone();
      changed[at] ^= 0x10;
      assertThatExceptionOfType(UserFault.class)
          .isThrownBy(() -> Tables.read(changed))
          .withMessageContaining("t.parquet")
          .withMessageContaining("CRC checksum verification failed");
    }
  }

  @Test
  void aChangedBitAnywhereIsAFaultOrChangesNothing() throws IOException {
    Batch batch = RandomTables.ofAllTypes(2, 40);
    Tables.Written written = Tables.write(batch);
    int faults = 0;
    for (int at = 0; at < written.bytes().length; at++) {
      byte[] changed = written.bytes().clone();
      changed[at] ^= (byte) (1 << at % 8);
      try {
        assertThat(Tables.read(changed)).as("byte " + at).isEqualTo(batch);
        TableFacts facts = TableInspector.inspect("t.parquet", RandomAccessSource.of(changed));
        assertThat(facts.columns()).as("byte " + at).isEqualTo(written.facts().columns());
        // Where the writer's name is damaged, the file passes for another program's.
        assertThat(facts.rowDigest().or(() -> written.facts().rowDigest()))
            .isEqualTo(written.facts().rowDigest());
      } catch (UserFault e) {
        assertThat(e).hasMessageStartingWith("t.parquet: ");
        faults++;
      }
    }

    assertThat(faults).isGreaterThan(written.bytes().length / 2);
  }

  @Test
  void whatIsNoParquetIsSaidSo() {
    byte[] csv = "date,open,high\n2017-09-05,1,2\n".getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> Tables.read(csv))
        .withMessage("t.parquet: not a whole Parquet file: it does not end in PAR1.");
  }

  @Test
  void aSourceThatFailsIsNotTakenForDamage() throws IOException {
    byte[] file = Tables.write(RandomTables.ofAllTypes(3, 10)).bytes();
    RandomAccessSource failing =
        new RandomAccessSource() {
          @Override
          public long size() {
            return file.length;
          }

          @Override
          public byte[] read(long offset, int length) throws IOException {
            if (offset < file.length / 4) {
              throw new IOException("the disk is gone");
            }
            return RandomAccessSource.of(file).read(offset, length);
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Tables.read(TableReader.open("t.parquet", failing)))
        .withMessage("the disk is gone");
  }
}
