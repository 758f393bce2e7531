// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a path and of a branch, merges, reverts and moves. */
class HistoryCommandsTest {

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
  private static final String DIGITS = "[0-9a-f]{12}";

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "r");
  }

  @Test
  void theLogOfAPathHoldsTheCommitsThatTouchedIt() throws Exception {
    put("r@master:/data/a", "1", "first");
    put("r@master:/other", "1", "aside");
    put("r@master:/data/a", "2", "second");
    store.fine("delete", "file", "r@master:/data/a", "-m", "gone");
    put("r@master:/data/b", "1", "another");

    assertThat(changes("log", "r:/data/a"))
        .containsExactly("removed gone", "changed second", "added first");
    assertThat(changes("list", "commit", "r@master:/data"))
        .containsExactly("added another", "removed gone", "changed second", "added first");
    assertThat(changes("log", "r@master~2:/data/a", "-n", "1")).containsExactly("changed second");
    assertThat(store.fine("log", "r:/other").replaceAll(TIME, "T").replaceAll(DIGITS, "I"))
        .isEqualTo(
            "COMMIT        TIME                  CHANGE   MESSAGE\n"
                + "I  T  added    aside (ada)\n");
    assertThat(messages("log", "r@master~2")).containsExactly("second", "aside", "first");
  }

  @Test
  void aPathThatNeverWasIsNamedWithItsNearMisses() throws Exception {
    store.put("r@master:/data/a", "1");

    store.refuses(
        Exit.USER,
        "No commit of r@master ever had \"/data/aa\".\n"
            + "  Did you mean /data/a? Try: beamwright list file r@master:/data",
        "log",
        "r@master:/data/aa");
    store.refuses(
        Exit.USER,
        "There never was a branch or tag \"mastr\" in the repo r.\n"
            + "  Did you mean master? Try: beamwright list branch r",
        "log",
        "--refs",
        "r@mastr");
    store.refuses(
        Exit.USER,
        "\"r@master^\" is not the name of a branch or tag.\n"
            + "  With --refs write REPO@NAME, as in r@master.",
        "log",
        "--refs",
        "r@master^");
  }

  @Test
  void everyMoveOfABranchIsOnRecord() throws Exception {
    store.put("r@master:/a", "1");
    String first = id("r");
    store.fineWithInput("2", "put", "file", "r@master:/a", "-m", "second");
    String second = id("r");
    store.fine("move", "branch", "r@master", "--to", "master^", "-m", "it was wrong");
    store.fine("create", "branch", "r@dev", "--head", second);
    store.fine("delete", "branch", "r@dev");

    JsonNode moves = store.json("log", "--refs", "r").path("moves");
    assertThat(moves).hasSize(3);
    assertThat(moves.get(0).path("from").asText()).isEqualTo(second);
    assertThat(moves.get(0).path("to").asText()).isEqualTo(first);
    assertThat(moves.get(0).path("why").asText()).isEqualTo("it was wrong");
    assertThat(moves.get(0).path("moved_by").asText()).isEqualTo("ada");
    assertThat(moves.get(2).path("from").isNull()).isTrue();
    assertThat(store.fine("log", "--refs", "r@master", "-n1").replaceAll(TIME, "T"))
        .isEqualTo(
            "FROM          TO            MOVED                 BY   JOB  WHY\n"
                + second.substring(0, 12)
                + "  "
                + first.substring(0, 12)
                + "  T  ada  -    it was wrong\n");
    assertThat(
            store.json("log", "--refs", "r@dev").path("moves").get(0).path("deleted").asBoolean())
        .isTrue();
  }

  @Test
  void aBranchMovesBackAndForth() throws Exception {
    store.put("r@master:/a", "1");
    String first = id("r");
    store.put("r@master:/a", "2");
    String second = id("r");

    assertThat(store.fine("move", "branch", "r@master", "--to", "r@master.1"))
        .isEqualTo(
            "r@master is now %s, and was %s\n"
                .formatted(first.substring(0, 12), second.substring(0, 12)));
    assertThat(store.fine("get", "file", "r:/a")).isEqualTo("1");
    JsonNode back = store.json("move", "branch", "r@master", "--to", second, "--from", "master");
    assertThat(back.toString())
        .isEqualTo(
            "{\"repo\":\"r\",\"branch\":\"master\",\"from\":\"%s\",\"commit\":\"%s\",\"changed\":true}"
                .formatted(first, second));
    assertThat(store.fine("move", "branch", "r@master", "--to", "master"))
        .isEqualTo("nothing changed: r@master is there already.\n");
  }

  @Test
  void aMoveThatIsNotMeantSoIsRefused() throws Exception {
    store.put("r@master:/a", "1");
    store.put("r@master:/a", "2");
    String head = id("r");
    store.fine("create", "tag", "r@v1");
    store.fine("create", "repo", "q");
    store.put("q@master:/a", "1");

    store.refuses(
        Exit.CONFLICT,
        "\"r@master\" stands at %s, not at %s.\n  Look at it, and move it again: beamwright log --refs r@master"
            .formatted(head.substring(0, 12), id("r@master^").substring(0, 12)),
        "move",
        "branch",
        "r@master",
        "--to",
        "master^",
        "--from",
        "master^");
    store.refuses(
        Exit.USER,
        "\"r@v1\" is a tag, not a branch.\n  Try: beamwright list branch r",
        "move",
        "branch",
        "r@v1",
        "--to",
        "master^");
    store.refuses(
        Exit.USER,
        "\"q@master\" is not a commit of the repo r.\n"
            + "  Name one of its commits: beamwright list commit r",
        "move",
        "branch",
        "r@master",
        "--to",
        "q@master");
    store.refuses(
        Exit.USER,
        "There is no branch \"mastr\" in the repo r.\n"
            + "  Did you mean master? Try: beamwright list branch r",
        "move",
        "branch",
        "r@mastr",
        "--to",
        "master^");
  }

  @Test
  void aMergeGoesFromTheFirstToTheSecond() throws Exception {
    store.put("r@master:/a", "1");
    store.fine("create", "branch", "r@dev", "--head", "master");
    store.put("r@dev:/b", "2");
    String dev = id("r@dev");

    assertThat(store.fine("merge", "r@dev", "r@master"))
        .isEqualTo("r@master is now %s: went forward\n".formatted(dev.substring(0, 12)));
    assertThat(store.fine("merge", "r@dev", "r@master"))
        .isEqualTo("nothing changed: r@master has all of r@dev.\n");
    store.put("r@master:/c", "3");
    String master = id("r");
    store.put("r@dev:/b", "4");
    JsonNode merged = store.json("merge", "r@dev", "r@master", "-m", "take dev");

    assertThat(merged.toString())
        .isEqualTo(
            "{\"repo\":\"r\",\"branch\":\"master\",\"commit\":\"%s\",\"changed\":true,"
                    .formatted(id("r"))
                + "\"fast_forward\":false,\"conflicts\":[]}");
    JsonNode commit = store.json("inspect", "commit", "r").path("commit");
    assertThat(commit.path("message").asText()).isEqualTo("take dev");
    assertThat(commit.path("parents").get(0).asText()).isEqualTo(master);
    assertThat(commit.path("parents").get(1).asText()).isEqualTo(id("r@dev"));
    assertThat(commit.has("provenance")).isFalse();
    assertThat(store.fine("get", "file", "r:/b")).isEqualTo("4");
    // The merge took /b from dev: it did not touch it.
    assertThat(changes("log", "r:/b")).hasSize(2);
    assertThat(store.fine("merge-base", "r@dev", "r@master")).isEqualTo(id("r@dev") + "\n");
  }

  @Test
  void aMergeWithoutAGoingForwardMakesACommit() throws Exception {
    store.put("r@master:/a", "1");
    store.fine("create", "branch", "r@dev", "--head", "master");
    store.put("r@dev:/b", "2");

    store.fine("merge", "r@dev", "r@master", "--no-ff");

    JsonNode commit = store.json("inspect", "commit", "r").path("commit");
    assertThat(commit.path("parents")).hasSize(2);
    assertThat(commit.path("message").asText()).isEqualTo("merge r@dev into r@master");
    assertThat(id("r@master.1")).isEqualTo(commit.path("parents").get(0).asText());
    assertThat(id("r@master.2")).isEqualTo(commit.path("id").asText());
    store.refuses(
        Exit.USER,
        "\"r@master^2\" goes beyond the first commit: there are 2 in its history.\n"
            + "  Try: beamwright list commit r@master",
        "list",
        "file",
        "r@master^2");
  }

  @Test
  void conflictsAreListedAndChangeNothing() throws Exception {
    store.put("r@master:/a", "1");
    store.put("r@master:/d/b", "1");
    store.fine("create", "branch", "r@dev", "--head", "master");
    store.put("r@dev:/a", "2");
    store.fine("delete", "file", "r@dev:/d/b");
    store.put("r@master:/a", "3");
    store.put("r@master:/d/b", "3");
    String before = id("r");

    store.refuses(
        Exit.CONFLICT,
        "Cannot merge r@dev into r@master: 2 paths are in conflict, and nothing was changed.\n"
            + "  /a  (changed in both)\n"
            + "  /d/b  (changed in ours, removed in theirs)\n"
            + "  Give --ours to keep what r@master has at these paths, or --theirs to take what"
            + " comes in; or change them first.",
        "merge",
        "r@dev",
        "r@master");
    Ran ran = store.run("merge", "r@dev", "r@master", "--json");
    JsonNode said = new JsonMapper().readTree(ran.out());
    assertThat(ran.exit()).isEqualTo(Exit.CONFLICT);
    assertThat(said.path("commit").asText()).isEqualTo(before);
    assertThat(said.path("changed").asBoolean()).isFalse();
    assertThat(said.path("conflicts").toString())
        .isEqualTo(
            "[{\"path\":\"/a\",\"how\":\"both-changed\"},"
                + "{\"path\":\"/d/b\",\"how\":\"changed-and-removed\"}]");
    assertThat(said.path("error").path("exit_code").asInt()).isEqualTo(5);
    assertThat(store.run("merge", "r@dev", "r@master", "--ours", "--theirs").err())
        .contains("--ours and --theirs exclude each other.");
    store.fine("merge", "r@dev", "r@master", "--theirs");
    assertThat(store.fine("get", "file", "r:/a")).isEqualTo("2");
    assertThat(store.fine("list", "file", "r", "-r")).doesNotContain("/d/b");
  }

  @Test
  void manyConflictsAreCutInTextAndWholeInJson() throws Exception {
    store.put("r@master:/x", "1");
    store.fine("create", "branch", "r@dev", "--head", "master");
    for (String branch : List.of("master", "dev")) {
      StringBuilder ops = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        ops.append("{\"op\":\"put\",\"path\":\"/f%02d\",\"text\":\"%s\"}\n".formatted(i, branch));
      }
      store.fineWithInput(ops.toString(), "commit", "r@" + branch, "--ops", "-");
    }

    assertThat(store.run("merge", "r@dev", "r@master").err())
        .contains("30 paths are in conflict", "/f19  (added in both)\n  and 10 more: --json")
        .doesNotContain("/f20");
    JsonNode said =
        new JsonMapper().readTree(store.run("merge", "r@dev", "r@master", "--json").out());
    assertThat(said.path("conflicts")).hasSize(30);
  }

  @Test
  void twoReposShareNoHistory() throws Exception {
    store.put("r@master:/a", "1");
    store.fine("create", "repo", "q");
    store.put("q@master:/a", "1");

    for (String command : List.of("merge", "merge-base")) {
      store.refuses(
          Exit.USER,
          "\"q@master\" and \"r@master\" are of two repos, which share no history.\n"
              + "  Copy files from one to the other: beamwright copy file -r REPO@REF:/"
              + " REPO@BRANCH:/",
          command,
          "q@master",
          "r@master");
    }
    store.put("r@alone:/b", "1");
    assertThat(store.fine("merge-base", "r@alone", "r@master")).isEmpty();
    assertThat(store.json("merge-base", "r@alone", "r@master").path("bases")).isEmpty();
  }

  @Test
  void aRevertIsACommitOnTheBranch() throws Exception {
    put("r@master:/a", "1", "right");
    put("r@master:/a", "2", "wrong");
    put("r@master:/b", "1", "later");
    String wrong = id("r@master^");

    assertThat(store.fine("revert", "r@master^"))
        .isEqualTo("r@master is now %s: revert r@master^ on r@master\n".formatted(brief("r")));
    assertThat(messages("log", "r", "-n1"))
        .containsExactly("revert " + wrong.substring(0, 12) + ": wrong");
    assertThat(store.fine("get", "file", "r:/a")).isEqualTo("1");
    assertThat(store.fine("revert", "r@" + wrong))
        .isEqualTo("nothing changed: r@master has nothing of it that could be undone.\n");
    put("r@master:/a", "3", "since");
    assertThat(store.run("revert", "r@" + wrong).err())
        .contains("Cannot revert r@" + wrong + " on r@master: a path is in conflict", "/a  (");
    store.fine("revert", "r@" + wrong, "--theirs", "--branch", "master");
    assertThat(store.fine("get", "file", "r:/a")).isEqualTo("1");
  }

  private void put(String place, String content, String message) {
    store.fineWithInput(content, "put", "file", place, "-m", message);
  }

  private String brief(String ref) throws Exception {
    return id(ref).substring(0, 12);
  }

  private String id(String ref) throws Exception {
    return store.json("inspect", "commit", ref).path("commit").path("id").asText();
  }

  private List<String> messages(String... words) throws Exception {
    List<String> messages = new ArrayList<>();
    store
        .json(words)
        .path("commits")
        .forEach(commit -> messages.add(commit.path("message").asText()));
    return messages;
  }

  private List<String> changes(String... words) throws Exception {
    List<String> changes = new ArrayList<>();
    store
        .json(words)
        .path("commits")
        .forEach(
            commit ->
                changes.add(
                    commit.path("change").asText() + " " + commit.path("message").asText()));
    return changes;
  }
}
