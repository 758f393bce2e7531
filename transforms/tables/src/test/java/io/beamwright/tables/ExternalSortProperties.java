// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ExternalSortProperties {

  @Property(tries = 100)
  void whatIsSortedOnDiskIsSortedAsInMemory(
      @ForAll @Size(max = 60) List<byte[]> records,
      @ForAll @IntRange(min = 1, max = 400) int memory)
      throws IOException {
    assertThat(sorted(records, memory)).isEqualTo(inMemory(records));
  }

  @Example
  void moreRunsThanFilesMayBeOpenAreMergedBetween() throws IOException {
    Random random = new Random(3);
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] record = new byte[random.nextInt(4)];
      random.nextBytes(record);
      records.add(record);
    }
    assertThat(sorted(records, 1)).isEqualTo(inMemory(records));
  }

  private static List<String> sorted(List<byte[]> records, long memory) throws IOException {
    List<String> sorted = new ArrayList<>();
    try (ExternalSort sort = new ExternalSort(memory)) {
      for (byte[] record : records) {
        sort.add(record);
      }
      sort.sortTo(record -> sorted.add(Arrays.toString(record)));
    }
    return sorted;
  }

  private static List<String> inMemory(List<byte[]> records) {
    return records.stream().sorted(Arrays::compareUnsigned).map(Arrays::toString).toList();
  }
}
