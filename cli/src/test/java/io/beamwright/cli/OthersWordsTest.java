// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OthersWordsTest {

  static Stream<Map.Entry<String, String>> all() {
    return OthersWords.all().entrySet().stream();
  }

  @Test
  void theValueOfAnOptionIsNoCommand() {
    Ran ran = Ran.command("--context", "stage", "run", "s.json", "--detahc");

    assertThat(ran.err()).contains("\"--detahc\"").doesNotContain("Here it is");
  }

  /** What is not ours is answered by what is, and that is a command of ours. */
  @ParameterizedTest
  @MethodSource("all")
  void aCommandOfAnotherProgramIsAnsweredByOneOfOurs(Map.Entry<String, String> words) {
    List<String> typed = new ArrayList<>(List.of(words.getKey().split(" ")));
    typed.addAll(List.of("-x", "thing"));

    Ran ran = Ran.command(typed.toArray(String[]::new));

    assertThat(ran.exit()).isEqualTo(Exit.COMMAND_LINE);
    assertThat(ran.err()).contains("Here it is: beamwright " + words.getValue() + ".");
    String ours = words.getValue().replaceAll("[,;].*", "");
    String[] parts = ours.split(" ");
    assertThat(Commands.begin(parts[0]) || Commands.begin(parts[0] + " " + parts[1]))
        .as(ours)
        .isTrue();
    if (!Commands.nouns(parts[0]).isEmpty()) {
      assertThat(Commands.begin(parts[0] + " " + parts[1])).as(ours).isTrue();
    }
  }
}
