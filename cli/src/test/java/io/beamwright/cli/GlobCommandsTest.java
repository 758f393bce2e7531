// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about files whose paths are globs. */
class GlobCommandsTest {

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void putFiles() {
    store = new CliStore(folder);
    store.fine("create", "repo", "r");
    store.put("r@master:/2016/a.csv", "1");
    store.put("r@master:/2017/a.csv", "22");
    store.put("r@master:/2017/b.csv", "333");
    store.put("r@master:/2017/b.txt", "4444");
    store.put("r@master:/2017/deep/c.csv", "55555");
    store.put("r@master:/note[1].txt", "666666");
  }

  private String paths(String... words) throws Exception {
    StringBuilder paths = new StringBuilder();
    for (JsonNode file : store.json(words).path("files")) {
      paths.append(file.path("path").asText()).append(' ');
    }
    return paths.toString().strip();
  }

  @Test
  void aListHasWhatAGlobMatches() throws Exception {
    assertThat(paths("list", "file", "r@master:/2017/*.csv")).isEqualTo("/2017/a.csv /2017/b.csv");
    assertThat(paths("list", "file", "r@master:/*/?.csv"))
        .isEqualTo("/2016/a.csv /2017/a.csv /2017/b.csv");
    assertThat(paths("list", "file", "r@master:/**.csv"))
        .isEqualTo("/2016/a.csv /2017/a.csv /2017/b.csv /2017/deep/c.csv");
    assertThat(paths("list", "file", "r@master:/{2016,2017}")).isEqualTo("/2016 /2017");
    assertThat(paths("list", "file", "-r", "r@master:/{2016,2017/d*}"))
        .isEqualTo("/2016/a.csv /2017/deep/c.csv");
    JsonNode whole = store.json("list", "file", "r@master:/201[7-9]").path("files").get(0);
    assertThat(whole.path("files").asInt()).isEqualTo(4);
    assertThat(whole.path("size").asInt()).isEqualTo(14);
    store.refuses(
        Exit.USER,
        "Nothing in r@master matches \"/*.json\".\n  See what there is: beamwright list file"
            + " r@master. Quote a glob from the shell.",
        "list",
        "file",
        "r@master:/*.json");
  }

  @Test
  void whatIsCalledExactlySoIsNoGlob() throws Exception {
    assertThat(paths("list", "file", "r@master:/note[1].txt")).isEqualTo("/note[1].txt");
    assertThat(store.fine("get", "file", "r@master:/note[1].txt")).isEqualTo("666666");
  }

  @Test
  void whatMatchesIsWrittenIntoAFolder() throws Exception {
    Path out = folder.resolve("out");

    assertThat(store.fine("get", "file", "r@master:/2017/*.csv", "-o", out.toString()))
        .contains("2 files");

    assertThat(out.resolve("a.csv")).hasContent("22");
    assertThat(out.resolve("b.csv")).hasContent("333");
    Path deep = folder.resolve("deep");
    store.fine("get", "file", "-r", "r@master:/*", "-o", deep.toString());
    assertThat(deep.resolve("2017/deep/c.csv")).hasContent("55555");
    assertThat(deep.resolve("note[1].txt")).hasContent("666666");
    Path none = folder.resolve("none");
    store.refuses(
        Exit.USER,
        "/2016/a.csv and /2017/a.csv in r@master would both go to /a.csv.\n"
            + "  Take them one after the other, into different folders.",
        "get",
        "file",
        "r@master:/*/a.csv",
        "-o",
        none.toString());
    assertThat(Files.exists(none)).isFalse();
    store.refuses(
        Exit.USER,
        "\"/2017/*\" matches \"/2017/deep\" in r@master, which is a folder.\n"
            + "  Add -r to take folders with all that is in them.",
        "get",
        "file",
        "r@master:/2017/*",
        "-o",
        none.toString());
  }

  @Test
  void aMatchInsideOfAnotherIsTakenOnce() throws Exception {
    Path out = folder.resolve("out");
    store.fine("get", "file", "-r", "r@master:/**", "-o", out.toString());

    assertThat(out.resolve("2017/a.csv")).hasContent("22");
    assertThat(out.resolve("a.csv")).doesNotExist();
    assertThat(paths("list", "file", "r@master:/**")).isEqualTo("/2016 /2017 /note[1].txt");

    store.put("r@master:/x/2017", "a file");
    Path none = folder.resolve("none");
    Ran ran = store.run("get", "file", "-r", "r@master:/{2017,x/*}", "-o", none.toString());
    assertThat(ran.err()).contains("/x/2017", "would both go to /2017.");
    assertThat(none).doesNotExist();
  }

  @Test
  void aNameWithBracketsThatIsNotThereIsNotDeletedAsAGlob() throws Exception {
    store.put("r@master:/note1.txt", "another");

    store.fine("delete", "file", "r@master:/note[1].txt");
    assertThat(store.fine("delete", "file", "r@master:/note[1].txt"))
        .startsWith("nothing changed: ");

    assertThat(store.fine("get", "file", "r@master:/note1.txt")).isEqualTo("another");
  }

  @Test
  void whatMatchesIsCopiedAndDeletedAsOneCommit() throws Exception {
    store.fine("copy", "file", "r@master:/2017/*.csv", "r@master:/both/");
    assertThat(paths("list", "file", "r@master:/both")).isEqualTo("/both/a.csv /both/b.csv");
    assertThat(store.json("list", "commit", "r").path("commits")).hasSize(7);

    store.fine("delete", "file", "r@master:/201?/*.csv");
    assertThat(paths("list", "file", "-r", "r@master:/2017"))
        .isEqualTo("/2017/b.txt /2017/deep/c.csv");
    assertThat(store.fine("delete", "file", "r@master:/*.json")).startsWith("nothing changed: ");
    store.refuses(
        Exit.USER,
        "\"/b*\" matches \"/both\" in r@master, which is a folder.\n"
            + "  Add -r to take folders with all that is in them.",
        "delete",
        "file",
        "r@master:/b*");
    store.fine("delete", "file", "-r", "r@master:/b*");
    assertThat(paths("list", "file", "r@master")).isEqualTo("/2017 /note[1].txt");
  }

  @Test
  void aFileOrFolderGetsAnotherPathAndNothingIsReplaced() throws Exception {
    store.fine("rename", "file", "r@master:/2017", "/years/2017");
    store.fine("rename", "file", "r@master:/2016/a.csv", "years/");
    assertThat(paths("list", "file", "-r", "r@master"))
        .isEqualTo(
            "/note[1].txt /years/2017/a.csv /years/2017/b.csv /years/2017/b.txt"
                + " /years/2017/deep/c.csv /years/a.csv");
    assertThat(store.fine("get", "file", "r@master:/years/2017/b.csv")).isEqualTo("333");
    store.refuses(
        Exit.CONFLICT,
        "There is a \"/years/a.csv\" in r@master already.\n  Choose another path, or delete it"
            + " first: beamwright delete file -r r@master:/years/a.csv",
        "rename",
        "file",
        "r@master:/note[1].txt",
        "/years/a.csv");
    store.refuses(
        Exit.USER,
        "\"/years/in\" lies in \"/years\" itself.\n  Name a path outside of it.",
        "rename",
        "file",
        "r@master:/years",
        "/years/in");
    assertThat(store.fine("rename", "file", "r@master:/years", "years"))
        .isEqualTo("nothing changed: it has that path already.\n");
    assertThat(store.run("rename", "file", "r@master:/yaers", "/x").err())
        .contains("/yaers", "Did you mean /years");
  }

  @Test
  void aGlobThatCannotBeReadIsToldAsOne() throws Exception {
    Ran ran = store.run("list", "file", "r@master:/[a");

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err()).startsWith("error: The glob \"/[a\" cannot be read: ");
  }
}
