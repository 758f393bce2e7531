// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.ChildJvm;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that are very deep, very many, or hold what no path may hold. */
class OddPathsTest {

  private static final int LEVELS = 300;

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "r");
    store.put("r@master:/old", "old");
  }

  // --- deep ---

  @Test
  void aFolderOfThreeHundredLevelsIsPutListedComparedAndGot() throws Exception {
    String deep = "d/".repeat(LEVELS);
    Path local = store.file("local/" + deep + "leaf", "at the bottom");
    Files.writeString(folder.resolve("local/top"), "at the top");

    store.fine("put", "file", "r@master", "-r", "-f", folder.resolve("local").toString());

    assertThat(store.json("list", "file", "r@master", "-r").path("files").findValuesAsText("path"))
        .containsExactly("/" + deep + "leaf", "/old", "/top");
    assertThat(store.fine("list", "file", "r@master:/" + deep)).contains("leaf");
    assertThat(store.fine("get", "file", "r:/" + deep + "leaf")).isEqualTo("at the bottom");
    assertThat(store.fine("diff", "file", "r@master")).contains("/" + deep + "leaf");
    assertThat(store.fine("log", "r:/" + deep)).isNotEmpty();
    Path out = folder.resolve("out");
    store.fine("get", "file", "r:/", "-r", "-o", out.toString());
    assertThat(out.resolve(deep + "leaf")).hasSameBinaryContentAs(local);

    store.fine("copy", "file", "-r", "r@master:/d", "r@master:/copy");
    store.fine("delete", "file", "-r", "r@master:/d");
    assertThat(store.json("list", "file", "r@master", "-r").path("files")).hasSize(3);
    assertThat(store.fine("fsck")).endsWith("sound\n");
  }

  @Test
  void aFolderThatIsTooDeepForAnyPathIsRefusedByName() throws Exception {
    String half = "a-name-of-20-letters/".repeat(LEVELS / 2);
    store.file("upper/" + half + "leaf", "1");
    store.file("lower/" + half + "leaf", "2");
    Path place = folder.resolve("upper/" + half + "below");
    Files.move(folder.resolve("lower"), place);
    Set<String> before = store.keys("objects", "repos", "refs", "commits");
    try {
      Ran ran = store.run("put", "file", "r@master", "-r", "-f", folder + "/upper");

      assertThat(ran.exit()).isEqualTo(Exit.USER);
      assertThat(ran.err().lines()).hasSize(2);
      assertThat(ran.err())
          .startsWith("error: ")
          .containsAnyOf("is longer than 4096 characters", "is too long for this machine to name")
          .contains("a-name-of-20-letters/");
      assertThat(store.keys("objects", "repos", "refs", "commits")).isEqualTo(before);
    } finally {
      // Else nobody could delete it.
      Files.move(place, folder.resolve("lower"));
    }
  }

  @Test
  void aPathOfTheCommandLineThatIsTooLongIsRefused() throws Exception {
    String path = "/" + "d/".repeat(2_100) + "x";

    store.refuses(
        Exit.USER,
        "The path \""
            + path.substring(0, 60)
            + "…\" is longer than 4096 characters.\n"
            + "  Name files as /folder/name; any Unicode but control characters is allowed.",
        "get",
        "file",
        "r@master:" + path);
  }

  // --- many ---

  /** Ten megabytes of operations, in a process whose memory a laptop has many times. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"op\":\"put\",\"path\":\"/many/%08d\",\"text\":\"same\"}",
        "{\"op\":\"copy\",\"from\":\"r@master:/old\",\"path\":\"/many/%08d\"}"
      })
  void tenMegabytesOfPathsAreOneCommitInBoundedMemory(String operation) throws Exception {
    Path ops = folder.resolve("ops");
    int count = 10_000_000 / operation.formatted(0).length();
    try (BufferedWriter out = Files.newBufferedWriter(ops)) {
      for (int i = 0; i < count; i++) {
        out.write(operation.formatted(i) + "\n");
      }
    }
    List<String> words =
        List.of("--store", store.uri(), "commit", "r@master", "--ops", ops.toString());

    try (ChildJvm child =
        ChildJvm.start(ChildJvm.command(OneCommand.class, List.of("-Xmx256m"), words))) {
      assertThat(child.end().lines()).containsExactly("exit 0");
    }

    assertThat(store.json("inspect", "commit", "r").path("files").intValue()).isEqualTo(count + 1);
  }

  @Test
  void ofTenMegabytesOfPathsTheOneThatIsWrongIsNamedAndNothingIsDone() throws Exception {
    Path ops = folder.resolve("ops");
    try (BufferedWriter out = Files.newBufferedWriter(ops)) {
      for (int i = 0; i < 300_000; i++) {
        out.write("{\"op\":\"delete\",\"path\":\"/%06d\"}\n".formatted(i));
      }
      out.write("{\"op\":\"delete\",\"path\":\"/a//b\"}\n");
    }

    Ran ran = store.run("commit", "r@master", "--ops", ops.toString());

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err()).startsWith("error: " + ops + ", operation 300001: The path \"/a//b\" ");
  }

  // --- control characters ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put file r@master:/a%b",
        "put file r@master:/a%b/",
        "get file r@master:/a%b",
        "get file r@master:/a%b -r -o OUT",
        "list file r@master:/a%b",
        "inspect file r@master:/a%b",
        "delete file r@master:/a%b",
        "copy file r@master:/a%b r@master:/c",
        "copy file r@master:/old r@master:/a%b",
        "diff file r@master:/a%b",
        "log r@master:/a%b",
        "trace r@master:/a%b",
        "list commit r@master:/a%b",
        "get file r@ma%ster:/old",
        "get file r%:/old",
        "create repo r%",
        "create branch r@a%b",
        "create tag r@a%b",
        "remote add na%me file:/x",
        "put file r@master -r -f FOLDER",
        "put file r@master:/ -f FOLDER/a%b",
        "commit r@master --ops PUT",
        "commit r@master --ops COPY",
        "commit r@master --ops FROM",
        "commit r@master --ops DELETE",
        "run GLOB"
      })
  void aPathWithAControlCharacterIsRefusedAndDoesNotReachTheTerminal(String command)
      throws Exception {
    for (String control : List.of("\u0001", "\u001b[31m", "\n", "\u007f", "\u009b31m")) {
      Set<String> before = store.keys("objects", "repos", "refs", "commits", "remotes");
      List<String> words = new ArrayList<>();
      for (String word : command.split(" ")) {
        words.add(prepared(word, control));
      }

      Ran ran = store.runWithInput("content", words.toArray(String[]::new));

      assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.USER);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("error: ");
      assertThat(ran.err().replace("\n", "").chars()).noneMatch(Character::isISOControl);
      assertThat(store.keys("objects", "repos", "refs", "commits", "remotes")).isEqualTo(before);
    }
  }

  private String prepared(String word, String control) throws Exception {
    String json = control.chars().mapToObj("\\u%04x"::formatted).reduce("", String::concat);
    return switch (word) {
      case "OUT" -> folder.resolve("out").toString();
      case "PUT" -> operation("{'op':'put','path':'/a%','text':'x'}", json);
      case "COPY" -> operation("{'op':'copy','from':'/old','path':'/a%'}", json);
      case "FROM" -> operation("{'op':'copy','from':'r@master:/a%','path':'/b'}", json);
      case "DELETE" -> operation("{'op':'delete','path':'/a%'}", json);
      case "GLOB" ->
          operation(
              "{'pipeline':{'name':'n'},'input':{'pfs':{'repo':'r','glob':'/a%*'}},"
                  + "'transform':{'cmd':['true']}}",
              json);
      default -> {
        if (word.startsWith("FOLDER")) {
          clear(Files.createDirectories(folder.resolve("odd")));
          Files.writeString(folder.resolve("odd/a" + control + "b"), "x");
        }
        yield word.replace("FOLDER", folder.resolve("odd").toString()).replace("%", control);
      }
    };
  }

  private String operation(String text, String json) throws Exception {
    return store.file("text.json", text.replace('\'', '"').replace("%", json)).toString();
  }

  private static void clear(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void whatATerminalWouldObeyIsShownAndNotSent() {
    Ran ran = store.run("list", "repo", "--no\u001b]0;owned\u0007");

    assertThat(ran.exit()).isEqualTo(Exit.COMMAND_LINE);
    assertThat(ran.err()).contains("\\u001b]0;owned\\u0007").doesNotContain("\u001b", "\u0007");
    assertThat(ran.err().getBytes(UTF_8)).isNotEmpty();
  }
}
