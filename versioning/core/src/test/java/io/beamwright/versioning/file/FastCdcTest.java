// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Sha256;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares with what make-chunks-golden.py, a second implementation, says. */
class FastCdcTest {

  @Test
  void aFileIsCutWhereTheSecondImplementationCutsIt() throws Exception {
    assertThat(cuts(counted(80 << 20), 1 << 20)).isEqualTo(golden("counted"));
    assertThat(cuts(new byte[40 << 20], 1 << 20)).isEqualTo(golden("zeros"));
  }

  @Test
  void whereItIsCutDoesNotDependOnHowItIsRead() {
    byte[] content = counted(60 << 20);
    List<Integer> cuts = cuts(content, 1 << 20);

    assertThat(cuts(content, 65_521)).isEqualTo(cuts);
    Random random = new Random(1);
    FastCdc cdc = new FastCdc();
    List<Integer> found = new ArrayList<>();
    for (int at = 0; at < content.length; ) {
      int to = Math.min(content.length, at + 1 + random.nextInt(300_000));
      int cut = cdc.scan(content, at, to);
      at = cut < 0 ? to : cut;
      if (cut >= 0) {
        found.add(cut);
      }
    }
    assertThat(found).isEqualTo(cuts);
  }

  /** Ends of the chunks but of the last. */
  private static List<Integer> cuts(byte[] content, int step) {
    FastCdc cdc = new FastCdc();
    List<Integer> cuts = new ArrayList<>();
    for (int from = 0; from < content.length; from += step) {
      int to = Math.min(content.length, from + step);
      int at = from;
      for (int cut = cdc.scan(content, at, to); cut >= 0; cut = cdc.scan(content, at, to)) {
        cuts.add(cut);
        at = cut;
      }
    }
    return cuts;
  }

  /** The digests of 0, 1, 2, … as eight bytes each, one after the other. */
  private static byte[] counted(int size) {
    ByteBuffer content = ByteBuffer.allocate(size);
    for (long i = 0; content.hasRemaining(); i++) {
      content.put(Sha256.of(ByteBuffer.allocate(8).putLong(i).array()).bytes());
    }
    return content.array();
  }

  private static List<Integer> golden(String name) throws Exception {
    try (InputStream in = FastCdcTest.class.getResourceAsStream("/golden/chunks.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .filter(words -> words[0].equals(name))
          .map(words -> Integer.valueOf(words[1]))
          .toList();
    }
  }
}
