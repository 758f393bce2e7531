// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commits whose files a rule let go: {@code bytes} lost bytes alone, {@code trees} its trees too.
 */
class DroppedFilesTest {

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void dropTheFilesOfAllButTheHead() throws Exception {
    store = new CliStore(folder);
    for (String repo : List.of("bytes", "trees")) {
      store.fine("create", "repo", repo);
      store.put(repo + "@master:/note", "one of " + repo);
      put(repo, "t.parquet", new Object[][] {{1, 10.5}});
      store.put(repo + "@master:/note", "two of " + repo);
      put(repo, "t.parquet", new Object[][] {{1, 11.5}});
      store.put(repo + "@master:/more", "three of " + repo);
      put(repo, "t.parquet", new Object[][] {{1, 12.5}});
    }
    store.fine("set", "retention", "bytes", "--keep-last", "1", "--drop-data");
    store.fine("set", "retention", "trees", "--keep-last", "1");
    store.age(10);
    store.fine("gc");
    store.age(2);
    store.fine("gc");
  }

  private void put(String repo, String name, Object[][] rows) throws Exception {
    Path file = folder.resolve(repo).resolve(name);
    Files.deleteIfExists(file);
    TableCommandsTest.write(file, rows);
    store.fine("put", "file", repo + "@master:/" + name, "-f", file.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get file bytes@master^:/note",
        "get file bytes@master^:/ -r -o OUT",
        "copy file bytes@master^:/note bytes@other:/note",
        "commit bytes@other --ops OPS",
        "diff rows bytes@master^:/t.parquet bytes@master:/t.parquet --key day",
        "diff rows bytes@master:/t.parquet --key day",
        "revert bytes@master",
        "merge bytes@master^ bytes@other",
        "create branch bytes@old --head master^",
        "move branch bytes@master --to master^",
        "get file trees@master^:/note",
        "list file trees@master^",
        "inspect file trees@master^:/note",
        "copy file trees@master^:/note trees@other:/note",
        "commit trees@other --ops OPS",
        "diff file trees@master^ trees@master",
        "diff rows trees@master:/t.parquet --key day",
        "revert trees@master",
        "log trees:/note",
        "merge trees@master^ trees@other",
        "create branch trees@old --head master^"
      })
  void whateverNeedsThemIsRefusedByTheRulesName(String command) throws Exception {
    String repo = command.contains("bytes") ? "bytes" : "trees";
    store.put(repo + "@other:/first", "x");
    Path ops =
        store.file(
            "ops", "{\"op\":\"copy\",\"from\":\"" + repo + "@master^:/note\",\"path\":\"/n\"}");
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ")) {
      words.add(
          switch (word) {
            case "OUT" -> folder.resolve("out").toString();
            case "OPS" -> ops.toString();
            default -> word;
          });
    }
    var before = store.keys();

    Ran ran = store.run(words.toArray(String[]::new));

    assertThat(ran.err())
        .as("%s: %s", command, ran)
        .startsWith("error: ")
        .contains("The files of commit ", " of " + repo + " were dropped on ", "keep the last 1")
        .contains("Name a newer commit: beamwright list commit " + repo);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(store.keys()).isEqualTo(before);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void whatNeedsNoneOfThemGoesOn() throws Exception {
    assertThat(store.fine("list", "file", "bytes@master^")).contains("/note");
    assertThat(store.fine("diff", "file", "bytes@master^", "bytes@master")).contains("/t.parquet");
    assertThat(store.json("list", "commit", "trees").path("commits")).hasSize(6);
    assertThat(store.fine("inspect", "commit", "bytes@master^")).contains("files");
    assertThat(store.fine("log", "bytes:/note")).isNotEmpty();
    assertThat(store.fine("get", "file", "trees@master:/note")).isEqualTo("two of trees");
    assertThat(store.fine("fsck")).endsWith("sound\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "trees"})
  void whatIsPushedIsSoundAndSaysTheSameThere(String repo) throws Exception {
    CliStore there = new CliStore(folder.resolve("there"));

    store.fine("push", there.uri(), repo);

    assertThat(there.fine("fsck")).endsWith("sound\n");
    assertThat(there.fine("get", "file", repo + "@master:/note")).isEqualTo("two of " + repo);
    Ran dropped = there.run("get", "file", repo + "@master^:/note");
    assertThat(dropped.exit()).isEqualTo(Exit.USER);
    assertThat(dropped.err()).contains("were dropped on");
    assertThat(store.json("push", there.uri(), repo).path("commits").intValue()).isZero();
    store.put(repo + "@master:/note", "four");
    store.fine("push", there.uri(), repo);
    assertThat(there.fine("get", "file", repo + "@master:/note")).isEqualTo("four");
    assertThat(there.fine("fsck")).endsWith("sound\n");
  }
}
