// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repos, branches, tags and commits. */
class RefCommandsTest {

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    assertThat(store.fine("create", "repo", "r", "-d", "what it is for"))
        .isEqualTo("created repo r\n");
  }

  @Test
  void reposAreListedAndInspected() throws Exception {
    store.fine("create", "repo", "a");
    store.put("r@master:/x", "1");

    assertThat(store.fine("list", "repo").replaceAll(TIME, "T"))
        .isEqualTo(
            "NAME  CREATED               BY   DESCRIPTION\na     T  ada\nr     T  ada  what it is for\n");
    JsonNode repos = store.json("list", "repo").path("repos");
    assertThat(repos).hasSize(2);
    assertThat(repos.get(1).path("id").asText()).hasSize(64);
    assertThat(repos.get(1).path("created_by").asText()).isEqualTo("ada");
    JsonNode repo = store.json("inspect", "repo", "r");
    assertThat(repo.path("description").asText()).isEqualTo("what it is for");
    assertThat(repo.path("branches").get(0).path("commit").asText()).isEqualTo(id("r"));
    assertThat(store.fine("inspect", "repo", "r"))
        .contains("repo         r\n", "branches     master " + id("r") + "\n");
  }

  @Test
  void aRepoExistsOnce() throws Exception {
    store.refuses(
        Exit.CONFLICT,
        "The repo \"r\" exists already.\n  Choose another name, or use it as it is.",
        "create",
        "repo",
        "r");
    store.refuses(
        Exit.USER,
        "\"a b\" is not a name for a repo.\n  Use 1 to 63 letters, digits, _ and -.",
        "create",
        "repo",
        "a b");
  }

  @Test
  void aRepoDeletedAndCreatedAgainIsAnother() throws Exception {
    store.put("r@master:/x", "1");

    assertThat(store.fine("delete", "repo", "r")).isEqualTo("deleted repo r\n");
    store.refuses(
        Exit.USER,
        "There is no repo \"r\" in " + store.uri() + ".\n  Try: beamwright list repo",
        "delete",
        "repo",
        "r");
    store.fine("create", "repo", "r");

    assertThat(store.json("list", "commit", "r").path("commits")).isEmpty();
    assertThat(store.json("list", "branch", "r").path("branches")).isEmpty();
  }

  @Test
  void aBranchStartsWhereItIsTold() throws Exception {
    store.put("r@master:/x", "1");
    store.put("r@master:/x", "2");

    assertThat(store.fine("create", "branch", "r@dev", "--head", "r@master^"))
        .isEqualTo("created branch r@dev\n");
    store.fine("create", "branch", "r@same", "--head", id("r").substring(0, 8));
    JsonNode empty = store.json("create", "branch", "r@new/empty");

    assertThat(id("r@dev")).isEqualTo(id("r@master^"));
    assertThat(id("r@same")).isEqualTo(id("r"));
    assertThat(empty.toString())
        .isEqualTo("{\"repo\":\"r\",\"branch\":\"new/empty\",\"commit\":null}");
    assertThat(store.fine("list", "branch", "r").lines().map(line -> line.split(" ")[0]))
        .containsExactly("NAME", "dev", "master", "new/empty", "same");
    store.refuses(
        Exit.USER,
        "The branch \"r@new/empty\" has no commit yet.\n"
            + "  Put a file: beamwright put file r@new/empty -f FILE",
        "list",
        "file",
        "r@new/empty");
    store.refuses(
        Exit.CONFLICT,
        "The branch \"r@dev\" exists already.\n"
            + "  Choose another name, or delete it first: beamwright delete branch r@dev",
        "create",
        "branch",
        "r@dev");
  }

  @Test
  void branchesMoveApart() {
    store.put("r@master:/x", "1");
    store.fine("create", "branch", "r@dev", "--head", "master");
    store.put("r@dev:/x", "2");

    assertThat(store.fine("get", "file", "r@master:/x")).isEqualTo("1");
    assertThat(store.fine("get", "file", "r@dev:/x")).isEqualTo("2");
    assertThat(store.fine("get", "file", "r@dev^:/x")).isEqualTo("1");
  }

  @Test
  void aBranchOfAnotherReposCommitIsRefused() throws Exception {
    store.fine("create", "repo", "q");
    store.put("q@master:/x", "1");

    store.refuses(
        Exit.USER,
        "\"q@master\" is not a commit of the repo r.\n"
            + "  Name one of its commits: beamwright list commit r",
        "create",
        "branch",
        "r@dev",
        "--head",
        "q@master");
    store.refuses(
        Exit.USER,
        "\"r@v1.2\" names a commit, and commits do not change.\n" + "  Name a branch, as in r@v1.",
        "create",
        "tag",
        "r@v1.2");
    store.refuses(
        Exit.USER,
        "\"r\" is not the name of a branch or tag.\n  Write REPO@NAME, as in r@master.",
        "create",
        "branch",
        "r");
  }

  @Test
  void aTagNamesTheHeadOfMasterByDefault() throws Exception {
    store.put("r@master:/x", "1");
    String first = id("r");
    store.fine("create", "tag", "r@v1");
    store.put("r@master:/x", "2");

    assertThat(id("r@v1")).isEqualTo(first);
    assertThat(store.fine("list", "tag", "r").replaceAll(TIME, "T"))
        .isEqualTo(
            "NAME  COMMIT        MOVED                 BY\nv1    "
                + first.substring(0, 12)
                + "  T  ada\n");
    store.refuses(
        Exit.CONFLICT,
        "The tag \"r@v1\" exists already.\n"
            + "  Choose another name, or delete it first: beamwright delete tag r@v1",
        "create",
        "tag",
        "r@v1");
    store.refuses(
        Exit.USER,
        "\"r@v1\" is a tag, not a branch.\n  Try: beamwright list branch r",
        "delete",
        "branch",
        "r@v1");
    assertThat(store.fine("delete", "tag", "r@v1"))
        .isEqualTo("deleted tag r@v1, which was " + first.substring(0, 12) + "\n");
    store.refuses(
        Exit.USER,
        "There is no tag \"v1\" in the repo r.\n  Try: beamwright list tag r",
        "delete",
        "tag",
        "r@v1");
  }

  @Test
  void aBranchGetsAnotherName() throws Exception {
    store.put("r@dev:/x", "1");
    store.put("r@other:/x", "2");
    String id = id("r@dev");

    assertThat(store.fine("rename", "branch", "r@dev", "topic/new"))
        .isEqualTo("renamed branch r@dev to topic/new\n");

    assertThat(id("r@topic/new")).isEqualTo(id);
    store.refuses(
        Exit.USER,
        "\"r@topic/new\" is its name already.\n  Give another one.",
        "rename",
        "branch",
        "r@topic/new",
        "topic/new");
    store.refuses(
        Exit.USER,
        "There is no branch \"dev\" in the repo r.\n  Try: beamwright list branch r",
        "rename",
        "branch",
        "r@dev",
        "again");
    store.refuses(
        Exit.CONFLICT,
        "The branch \"r@other\" exists already.\n  Choose another name, or delete it first:"
            + " beamwright delete branch r@other",
        "rename",
        "branch",
        "r@topic/new",
        "other");
  }

  @Test
  void aBranchIsShownWithItsLastMoves() throws Exception {
    store.put("r@master:/x", "1");
    String first = id("r");
    store.put("r@master:/x", "2");
    String second = id("r");

    assertThat(store.fine("inspect", "branch", "r@master"))
        .contains("branch       r@master\n", "commit       " + second + "\n", " by ada\n")
        .containsPattern(first.substring(0, 12) + " +" + second.substring(0, 12))
        .containsPattern("- +" + first.substring(0, 12));
    JsonNode json = store.json("inspect", "branch", "r@master");
    assertThat(json.at("/branch/commit").asText()).isEqualTo(second);
    assertThat(json.path("moves")).hasSize(2);
    assertThat(json.at("/moves/0/from").asText()).isEqualTo(first);
    store.refuses(
        Exit.USER,
        "There is no branch \"dev\" in the repo r.\n  Try: beamwright list branch r",
        "inspect",
        "branch",
        "r@dev");
  }

  @Test
  void aDeletedBranchLeavesItsCommits() throws Exception {
    store.put("r@dev:/x", "1");
    String id = id("r@dev");

    store.fine("delete", "branch", "r@dev");

    assertThat(store.fine("get", "file", "r@" + id.substring(0, 6) + ":/x")).isEqualTo("1");
    store.refuses(
        Exit.USER,
        "There is no branch \"dev\" in the repo r.\n  Try: beamwright list branch r",
        "delete",
        "branch",
        "r@dev");
  }

  @Test
  void commitsAreListedNewestFirst() throws Exception {
    for (int i = 0; i < 4; i++) {
      store.fineWithInput("" + i, "put", "file", "r@master:/x", "-m", "no. " + i);
    }
    store.fine("create", "branch", "r@dev", "--head", "master~2");
    store.fineWithInput("dev", "put", "file", "r@dev:/x", "-m", "on dev");

    assertThat(messages("r")).containsExactly("on dev", "no. 3", "no. 2", "no. 1", "no. 0");
    assertThat(messages("r@dev")).containsExactly("on dev", "no. 1", "no. 0");
    assertThat(messages("r@master", "-n", "2")).containsExactly("no. 3", "no. 2");
    assertThat(store.fine("list", "commit", "r@dev^", "-n1").replaceAll(TIME, "T"))
        .isEqualTo(
            "COMMIT        TIME                  MESSAGE\n"
                + id("r@dev^").substring(0, 12)
                + "  T  no. 1 (ada)\n");
  }

  @Test
  void inspectShowsAllOfACommit() throws Exception {
    store.put("r@master:/x", "1");
    store.fineWithInput("22", "put", "file", "r@master:/y", "-m", "two\nlines");

    JsonNode shown = store.json("inspect", "commit", "r");
    String text = store.fine("inspect", "commit", "r");

    assertThat(shown.path("commit").path("parents").get(0).asText()).isEqualTo(id("r@master^"));
    assertThat(shown.path("commit").path("message").asText()).isEqualTo("two\nlines");
    assertThat(shown.path("files").intValue()).isEqualTo(2);
    assertThat(shown.path("bytes").intValue()).isEqualTo(3);
    assertThat(shown.path("refs").get(0).asText()).isEqualTo("master");
    assertThat(text)
        .contains(
            "commit       " + id("r") + "\n",
            "parents      " + id("r@master^") + "\n",
            "author       ada\n",
            "message      two\n             lines\n",
            "files        2 files, 3 bytes\n");
  }

  private String id(String ref) throws Exception {
    return store.json("inspect", "commit", ref).path("commit").path("id").asText();
  }

  private List<String> messages(String... words) throws Exception {
    List<String> all = new java.util.ArrayList<>(List.of("list", "commit"));
    all.addAll(List.of(words));
    List<String> messages = new java.util.ArrayList<>();
    store
        .json(all.toArray(String[]::new))
        .path("commits")
        .forEach(commit -> messages.add(commit.path("message").asText()));
    return messages;
  }
}
