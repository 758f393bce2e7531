// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page about programs run, and all say the same. */
class ProgramsPageTest {

  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

  private record Block(String language, String text) {
    static Block of(MatchResult match) {
      return new Block(match.group(1), match.group(2));
    }
  }

  @TempDir Path folder;

  @Test
  void python() throws IOException {
    assertTotals("python", "totals.py");
  }

  @Test
  void r() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/Rscript")), "skipped: there is no R");
    assertTotals("r", "totals.R");
  }

  @Test
  void shell() throws IOException {
    assertTotals("sh", "totals.sh");
  }

  @Test
  void eachLanguageHasASpecOfItsOwn() throws IOException {
    assertThat(blocks().stream().map(Block::language).toList())
        .containsExactly("", "json", "python", "json", "r", "json", "sh");
  }

  private void assertTotals(String language, String file) throws IOException {
    List<Block> blocks = blocks();
    List<String> languages = blocks.stream().map(Block::language).toList();
    int program = languages.indexOf(language);
    Files.writeString(folder.resolve(file), blocks.get(program).text());
    Path spec = Files.writeString(folder.resolve("totals.json"), blocks.get(program - 1).text());
    try (BeamwrightStore store = BeamwrightStore.in(folder)) {
      store.put("sales", Map.of("/monday.csv", blocks.get(languages.indexOf("")).text()));

      store.run(spec);

      store.commit("totals").assertText("/monday.csv", "shop,total\nnorth,3.75\nsouth,4\n");
    }
  }

  private static List<Block> blocks() throws IOException {
    return new ArrayList<>(
        BLOCK
            .matcher(Files.readString(Path.of("../../docs/programs.md")))
            .results()
            .map(Block::of)
            .toList());
  }
}
