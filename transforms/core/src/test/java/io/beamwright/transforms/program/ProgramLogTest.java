// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgramLogTest {

  @Test
  void aLogWithinTheBoundIsKeptWhole() {
    assertThat(keptOf("0123456789", 5, 1)).isEqualTo("0123456789");
    assertThat(keptOf("0123456789", 5, 10)).isEqualTo("0123456789");
    assertThat(keptOf("01234", 5, 3)).isEqualTo("01234");
    assertThat(keptOf("", 5, 3)).isEmpty();
  }

  @Test
  void aLongerOneKeepsBothEndsWithAMark() {
    for (int step = 1; step <= 26; step++) {
      assertThat(keptOf("abcdefghijklmnopqrstuvwxyz", 5, step))
          .isEqualTo("abcde\n[beamwright: 16 bytes of the log are left out here]\nvwxyz");
    }
  }

  @Test
  void lastLinesAreFitForATerminal() {
    ProgramLog log = new ProgramLog();
    log.appendLine("one");
    log.appendLine("");
    log.appendLine("\u001b[31mtwo\tthree");
    log.appendLine("x".repeat(600));
    assertThat(log.lastLines(2)).containsExactly("?[31mtwo three", "x".repeat(500) + "…");
    assertThat(log.lastLines(9)).hasSize(3);
  }

  @Test
  void whatHasSettledIsTheBeginningOfWhatWillBeKept() {
    ProgramLog log = new ProgramLog(5);
    StringBuilder settled = new StringBuilder();
    for (char letter = 'a'; letter <= 'z'; letter++) {
      log.append(new byte[] {(byte) letter}, 0, 1);
      settled.append(new String(log.settled(settled.length(), 2), StandardCharsets.UTF_8));
      assertThat(new String(log.bytes(), StandardCharsets.UTF_8)).startsWith(settled);
    }
    assertThat(settled).hasToString("abcde");
    assertThat(log.settled(1, 3)).containsExactly('b', 'c', 'd');
    assertThat(log.settled(9, 3)).isEmpty();
  }

  private static String keptOf(String text, int half, int step) {
    ProgramLog log = new ProgramLog(half);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += step) {
      log.append(bytes, at, Math.min(step, bytes.length - at));
    }
    assertThat(log.written()).isEqualTo(bytes.length);
    return new String(log.bytes(), StandardCharsets.UTF_8);
  }
}
