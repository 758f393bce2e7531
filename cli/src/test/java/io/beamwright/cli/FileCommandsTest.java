// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCommandsTest {

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "prices");
  }

  @Test
  void aFileIsPutUnderItsNameAndGotAsItWas() throws Exception {
    Path file = store.file("a.csv", "x,y\n1,2\n");

    String put = store.fine("put", "file", "prices@master", "-f", file.toString());

    String head = head("prices");
    assertThat(put).isEqualTo("prices@master is now " + head.substring(0, 12) + ": put /a.csv\n");
    assertThat(store.fine("get", "file", "prices@master:/a.csv")).isEqualTo("x,y\n1,2\n");
  }

  @Test
  void putSaysUnderJsonWhatBecameOfTheBranch() throws Exception {
    Path file = store.file("a.csv", "x");

    JsonNode first = store.json("put", "file", "prices@dev:/b", "-f", file.toString());
    JsonNode second = store.json("put", "file", "prices@dev:/b", "-f", file.toString());

    assertThat(first.toString())
        .isEqualTo(
            "{\"repo\":\"prices\",\"branch\":\"dev\",\"commit\":\"%s\",\"changed\":true}"
                .formatted(head("prices@dev")));
    assertThat(second.path("changed").booleanValue()).isFalse();
    assertThat(second.path("commit")).isEqualTo(first.path("commit"));
  }

  @Test
  void theSameContentAgainMakesNoCommit() throws Exception {
    store.put("prices@master:/a", "x");

    String again = store.fineWithInput("x", "put", "file", "prices@master:/a");

    assertThat(again).isEqualTo("nothing changed: prices@master holds the same already.\n");
    assertThat(commits("prices")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "prices@master, /a.csv",
    "prices@master:/, /a.csv",
    "prices@master:/d/, /d/a.csv",
    "prices@master:/d/b.csv, /d/b.csv",
    "prices@master:b.csv, /b.csv",
    "prices, /a.csv"
  })
  void aPathThatEndsInASlashKeepsTheFilesName(String target, String path) throws Exception {
    store.fine("put", "file", target, "-f", store.file("a.csv", "x").toString());

    assertThat(paths("prices")).containsExactly(path);
  }

  @Test
  void theOldSpellingPutsTheSame() throws Exception {
    Path file = store.file("a.csv", "x");
    store.fine("create-repo", "old");

    store.fine("put-file", "old", "master", "-c", "-f", file.toString());

    assertThat(paths("old")).containsExactly("/a.csv");
    assertThat(store.fine("list-repo")).contains("\nold ");
  }

  @Test
  void severalFilesAreOneCommit() throws Exception {
    String a = store.file("a", "1").toString();
    String b = store.file("b", "2").toString();

    store.fine("put", "file", "prices@master:/d/", "-f", a, "-f", b, "-m", "both");

    assertThat(paths("prices")).containsExactly("/d/a", "/d/b");
    assertThat(commits("prices"))
        .singleElement()
        .extracting(c -> c.path("message").asText())
        .isEqualTo("both");
    store.refuses(
        Exit.USER,
        "Two files would be put at \"/d\".\n"
            + "  End the path in / to put several files into a folder.",
        "put",
        "file",
        "prices@master:/d",
        "-f",
        a,
        "-f",
        b);
  }

  @Test
  void whatIsPutOverwritesAndWhatIsAppendedFollows() throws Exception {
    store.put("prices@master:/log", "one\n");
    store.put("prices@master:/log", "two\n");
    store.fineWithInput("three\n", "put", "file", "prices@master:/log", "--append");
    store.fineWithInput("new\n", "put", "file", "prices@master:/new", "--append");

    assertThat(store.fine("get", "file", "prices:/log")).isEqualTo("two\nthree\n");
    assertThat(store.fine("get", "file", "prices:/new")).isEqualTo("new\n");
    assertThat(store.fine("get", "file", "prices@master~3:/log")).isEqualTo("one\n");
    assertThat(ids("prices").get("/log")).isEqualTo(sha256("two\nthree\n"));
    assertThat(commits("prices")).hasSize(4);
  }

  @Test
  void manyAppendsAreOneFile() throws Exception {
    StringBuilder whole = new StringBuilder();
    for (int i = 0; i < 70; i++) {
      whole.append(i).append('\n');
      store.fineWithInput(i + "\n", "put", "file", "prices@master:/log", "--append");
    }

    assertThat(store.fine("get", "file", "prices:/log")).isEqualTo(whole.toString());
    assertThat(ids("prices").get("/log")).isEqualTo(sha256(whole.toString()));
  }

  @Test
  void aFolderComesBackAsItWas() throws Exception {
    Path local = folder.resolve("local");
    store.file("local/größe ∑/a b.txt", "ü\n");
    store.file("local/run.sh", "#!/bin/sh\n").toFile().setExecutable(true);
    store.file("local/deep/er/𝄞", "");
    Files.write(folder.resolve("local/large"), random(3_000_000));
    store.file("local/.beamwright/format", "a store, not data");

    store.fine("put", "file", "prices@master:/in", "-r", "-f", local.toString());
    Path back = folder.resolve("back");
    JsonNode got = store.json("get", "file", "prices@master:/in", "-r", "-o", back.toString());

    assertThat(got.path("files").intValue()).isEqualTo(4);
    assertThat(got.path("commit").asText()).isEqualTo(head("prices"));
    Files.delete(local.resolve(".beamwright/format"));
    Files.delete(local.resolve(".beamwright"));
    assertThat(program("diff", "-r", local.toString(), back.toString())).isEmpty();
    assertThat(back.resolve("run.sh")).isExecutable();
    assertThat(Files.isExecutable(back.resolve("large"))).isFalse();
    JsonNode run = entry(store.json("list", "file", "prices:/in"), "/in/run.sh");
    assertThat(run.path("executable").booleanValue()).isTrue();
    assertThat(store.fine("put", "file", "prices@master:/in", "-r", "-f", back.toString()))
        .startsWith("nothing changed");
  }

  @Test
  void sha256sumOfWhatGetWroteIsTheIdThatListShows() throws Exception {
    Files.createDirectory(folder.resolve("local"));
    for (int size : List.of(0, 1, 4096, (1 << 20) - 1, 1 << 20, 5_000_000)) {
      Files.write(folder.resolve("local/" + size), random(size));
    }
    store.fine("put", "file", "prices@master", "-r", "-f", folder.resolve("local").toString());
    Path back = folder.resolve("back");
    store.fine("get", "file", "prices@master:/", "-r", "-o", back.toString());

    SortedMap<String, String> ids = ids("prices");

    assertThat(ids).hasSize(6);
    for (String path : ids.keySet()) {
      String line = program("sha256sum", back.resolve(path.substring(1)).toString());
      assertThat(line.substring(0, 64)).as(path).isEqualTo(ids.get(path));
      assertThat(store.fine("list", "file", "prices:" + path)).contains(line.substring(0, 12));
    }
  }

  @Test
  void standardInputAndOutputCarryAnyBytes() throws Exception {
    byte[] bytes = random(2_500_000);
    Ran put =
        Ran.command(bytes, java.util.Map.of(), "--store", store.uri(), "put", "file", "prices:/b");
    assertThat(put.exit()).isEqualTo(Exit.FINE);
    Path back = folder.resolve("back");

    store.fine("get", "file", "prices:/b", "-o", back.toString());

    assertThat(back).hasBinaryContent(bytes);
    store.refuses(
        Exit.USER,
        "Standard input has no name to be put under.\n"
            + "  Name the file's path, as in prices@master:/name; or a file with -f FILE.",
        "put",
        "file",
        "prices@master");
  }

  @Test
  void getWritesIntoAFolderUnderTheFilesName() throws Exception {
    store.put("prices@master:/d/a", "x");
    Path there = Files.createDirectory(folder.resolve("there"));

    assertThat(store.fine("get", "file", "prices:/d/a", "-o", there.toString()))
        .isEqualTo("wrote " + there + "/a (1 file, 1 byte)\n");

    assertThat(there.resolve("a")).hasContent("x");
  }

  @Test
  void whatIsThereIsLeftAloneUnlessForced() throws Exception {
    store.put("prices@master:/d/a", "new");
    store.put("prices@master:/d/b", "new");
    Path there = folder.resolve("there");
    store.file("there/a", "mine");

    store.refuses(
        Exit.USER,
        there
            + "/a exists already.\n"
            + "  Add --force to replace what is there, or write elsewhere. Nothing was written.",
        "get",
        "file",
        "prices:/d",
        "-r",
        "-o",
        there.toString());
    assertThat(there.resolve("a")).hasContent("mine");
    assertThat(there.resolve("b")).doesNotExist();

    store.fine("get", "file", "prices:/d", "-r", "-o", there.toString(), "--force");
    assertThat(there.resolve("a")).hasContent("new");
    assertThat(there.resolve("b")).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--force"})
  void getNeverWritesThroughALinkOutOfItsFolder(String force) throws Exception {
    store.put("prices@master:/d/link/a", "new");
    Path there = Files.createDirectory(folder.resolve("there"));
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(there.resolve("link"), outside);
    List<String> words =
        new ArrayList<>(List.of("get", "file", "prices:/d", "-r", "-o", there.toString()));
    if (!force.isEmpty()) {
      words.add(force);
    }

    store.refuses(
        Exit.USER,
        there
            + "/link is a symbolic link.\n"
            + "  Move it away, or write elsewhere. Nothing was written.",
        words.toArray(String[]::new));
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aCopyStoresNoContentAgain() throws Exception {
    store.put("prices@master:/d/a", "content");
    store.fine("create", "repo", "other");
    Set<String> objects = store.keys("objects");

    store.fine("copy", "file", "prices:/d/a", "other@master:/b");
    store.fine("copy", "file", "prices:/d", "other@master:/e", "-r");
    store.fine("copy", "file", "prices:/d/a", "other@master:/f/");

    assertThat(paths("other")).containsExactly("/b", "/e/a", "/f/a");
    assertThat(store.fine("get", "file", "other:/f/a")).isEqualTo("content");
    assertThat(store.keys("objects")).isEqualTo(objects);
    assertThat(store.fine("copy", "file", "prices:/d/a", "other@master:/b"))
        .isEqualTo("nothing changed: other@master holds the same already.\n");
  }

  @Test
  void deleteTakesAFileOrAFolderOutOfTheHeadOnly() throws Exception {
    store.put("prices@master:/d/a", "1");
    store.put("prices@master:/d/b", "2");
    store.put("prices@master:/c", "3");

    store.fine("delete", "file", "prices@master:/c");
    store.fine("delete", "file", "prices@master:/d", "-r");

    assertThat(paths("prices")).isEmpty();
    assertThat(store.fine("get", "file", "prices@master~2:/c")).isEqualTo("3");
    assertThat(store.fine("delete", "file", "prices@master:/c"))
        .isEqualTo("nothing changed: there is no \"/c\" in prices@master.\n");
    assertThat(commits("prices")).hasSize(5);
  }

  @Test
  void listShowsFoldersWithTheirSums() throws Exception {
    store.put("prices@master:/2017/01/a", "1");
    store.put("prices@master:/2017/b", "22");
    store.put("prices@master:/c", "333");

    assertThat(store.fine("list", "file", "prices@master"))
        .isEqualTo(
            "TYPE        SIZE  SHA256        PATH\n"
                + "folder         3  2 files       /2017/\n"
                + "file           3  "
                + sha256("333").substring(0, 12)
                + "  /c\n");
    assertThat(store.json("list", "file", "prices@master:/2017").toString())
        .isEqualTo(
            ("{'repo':'prices','commit':'%s','path':'/2017','files':["
                    + "{'path':'/2017/01','type':'folder','files':1,'size':1},"
                    + "{'path':'/2017/b','type':'file','size':2,'sha256':'%s','executable':false}]}")
                .formatted(head("prices"), sha256("22"))
                .replace('\'', '"'));
  }

  @Test
  void diffShowsFilesAndFolders() throws Exception {
    store.put("prices@master:/a", "1");
    store.put("prices@master:/gone/x", "1");
    store.put("prices@master:/kept/x", "1");
    store.fine("create", "tag", "prices@before");
    store.put("prices@master:/a", "2");
    store.put("prices@master:/kept/y", "1");
    store.put("prices@master:/new/z", "1");
    store.fine("delete", "file", "prices@master:/gone/x");

    assertThat(store.fine("diff", "file", "prices@before", "prices@master"))
        .isEqualTo(
            "changed  /a\n"
                + "removed  /gone/\n"
                + "removed  /gone/x\n"
                + "changed  /kept/\n"
                + "added    /kept/y\n"
                + "added    /new/\n"
                + "added    /new/z\n");
    assertThat(store.fine("diff", "file", "prices@before:/kept", "prices@master"))
        .isEqualTo("added    /kept/y\n");
    assertThat(store.fine("diff", "file", "prices@master"))
        .isEqualTo("removed  /gone/\nremoved  /gone/x\n");
    assertThat(store.fine("diff", "file", "prices@master", "prices@master")).isEmpty();
    JsonNode changes = store.json("diff", "file", "prices@before:/a", "prices@master");
    assertThat(changes.path("to").asText()).isEqualTo(head("prices"));
    assertThat(changes.path("changes").toString())
        .isEqualTo(
            ("[{'change':'changed','type':'file','path':'/a',"
                    + "'before':{'size':1,'sha256':'%s','executable':false},"
                    + "'after':{'size':1,'sha256':'%s','executable':false}}]")
                .formatted(sha256("1"), sha256("2"))
                .replace('\'', '"'));
  }

  @Test
  void theFirstCommitDiffersFromNothing() {
    store.put("prices@master:/a", "1");

    assertThat(store.fine("diff", "file", "prices")).isEqualTo("added    /a\n");
  }

  @Test
  void mistakesAreNamedWithWhatWasProbablyMeant() throws Exception {
    store.put("prices@master:/2017/prices.csv", "1");
    store.put("prices@master:/plain", "1");
    String at = "file:" + store.root();
    String file = store.file("a", "1").toString();

    store.refuses(
        Exit.USER,
        "There is no repo \"prcies\" in "
            + at
            + ".\n  Did you mean prices? Try: beamwright list repo",
        "put",
        "file",
        "prcies@master",
        "-f",
        file);
    store.refuses(
        Exit.USER,
        "There is no branch, tag, commit or job \"mastre\" in the repo prices.\n"
            + "  Did you mean master? Try: beamwright list branch prices, or beamwright list commit"
            + " prices",
        "list",
        "file",
        "prices@mastre");
    store.refuses(
        Exit.USER,
        "There is no branch \"mastre\" in the repo prices.\n"
            + "  Did you mean master? Try: beamwright list branch prices",
        "delete",
        "file",
        "prices@mastre:/plain");
    store.refuses(
        Exit.USER,
        "There is no file \"/2017/price.csv\" in prices@master.\n"
            + "  Did you mean /2017/prices.csv? Try: beamwright list file prices@master:/2017",
        "get",
        "file",
        "prices@master:/2017/price.csv");
    store.refuses(
        Exit.USER,
        "\"/2017\" in prices@master is a folder, not a file.\n"
            + "  Add -r to take the whole folder, or name a file in it: beamwright list file"
            + " prices@master:/2017",
        "get",
        "file",
        "prices@master:/2017");
    store.refuses(
        Exit.USER,
        "There is no file \"/plain/x\" in prices.\n"
            + "  Did you mean /plain? Try: beamwright list file prices:/",
        "list",
        "file",
        "prices:/plain/x");
    store.refuses(
        Exit.USER,
        "The path \"/plain\" would be a file, and a folder that holds \"/plain/x\".\n"
            + "  Delete one of them first, or choose another path.",
        "put",
        "file",
        "prices@master:/plain/x",
        "-f",
        file);
    store.refuses(
        Exit.USER,
        "The path \"/2017\" would be a file, and a folder that holds \"/2017/prices.csv\".\n"
            + "  Delete one of them first, or choose another path.",
        "put",
        "file",
        "prices@master:/2017",
        "-f",
        file);
    store.refuses(
        Exit.USER,
        folder + " is a folder.\n  Add -r to put every file in it.",
        "put",
        "file",
        "prices@master",
        "-f",
        folder.toString());
    store.refuses(
        Exit.USER,
        "There is no file or folder "
            + folder
            + "/none.\n"
            + "  Check the path and the working folder.",
        "put",
        "file",
        "prices@master",
        "-f",
        folder + "/none");
    store.refuses(
        Exit.USER,
        "The path \"/../x\" has an element that is empty, \".\" or \"..\".\n"
            + "  Name files as /folder/name; any Unicode but control characters is allowed.",
        "put",
        "file",
        "prices@master:../x",
        "-f",
        file);
    store.refuses(
        Exit.USER,
        "\"prices@master^:/a\" names a commit, and commits do not change.\n"
            + "  Name a branch, as in prices@master.",
        "put",
        "file",
        "prices@master^:/a",
        "-f",
        file);
    store.refuses(
        Exit.COMMAND_LINE,
        "A folder needs a folder to be written to: add -o FOLDER.\n"
            + "  'beamwright get file --help' says how it is used.",
        "get",
        "file",
        "prices:/2017",
        "-r");
  }

  @Test
  void aCommitsIdIsNoNameForABranch() throws Exception {
    store.put("prices@master:/a", "1");
    String id = head("prices");

    store.refuses(
        Exit.USER,
        "\""
            + id
            + "\" is the form of a commit's id, not a name for a branch or tag.\n"
            + "  Choose a name that says what it is for.",
        "put",
        "file",
        "prices@" + id + ":/b",
        "-f",
        store.file("b", "1").toString());
  }

  @Test
  void aTagDoesNotMove() throws Exception {
    store.put("prices@master:/a", "1");
    store.fine("create", "tag", "prices@v1");

    store.refuses(
        Exit.USER,
        "\"prices@v1\" is a tag, and tags do not move.\n"
            + "  Name a branch: beamwright list branch prices",
        "put",
        "file",
        "prices@v1:/a",
        "-f",
        store.file("b", "1").toString());
  }

  @Test
  void aTruncatedObjectIsNamedAndLeavesNoFile() throws Exception {
    Files.write(folder.resolve("large"), random(2_000_000));
    store.fine("put", "file", "prices@master", "-f", folder.resolve("large").toString());
    String object = null;
    for (String key : store.keys("objects")) {
      object = Files.size(Path.of(key)) == 2_000_000 ? key : object;
    }
    byte[] half = java.util.Arrays.copyOf(random(2_000_000), 1_000_000);
    Path damaged = Path.of(String.valueOf(object));
    damaged.toFile().setWritable(true);
    Files.write(damaged, half);
    Path there = Files.createDirectory(folder.resolve("there"));

    Ran ran = store.run("get", "file", "prices:/large", "-o", there.toString());

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith(
            "error: file:" + damaged + ", which should hold bytes of the file with SHA-256 ")
        .endsWith(
            "ends after 1000000 bytes.\n  Restore it from a copy of the store. See what else is damaged: beamwright fsck\n");
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void changedBytesAreNeverWritten() throws Exception {
    store.put("prices@master:/a", "content");
    Path object = Path.of(store.keys("objects").iterator().next());
    object.toFile().setWritable(true);
    Files.writeString(object, "CONTENT");
    Path there = Files.createDirectory(folder.resolve("there"));

    Ran toFile = store.run("get", "file", "prices:/a", "-o", there.toString());
    Ran toOutput = store.run("get", "file", "prices:/a");

    assertThat(toFile.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(toFile.err()).contains("file:" + object, "gives SHA-256 " + sha256("CONTENT"));
    assertThat(there).isEmptyDirectory();
    assertThat(toOutput.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(toOutput.out()).isEmpty();
  }

  @Test
  void withoutAStoreACommandSaysHowToMakeOne() {
    Path none = folder.resolve("none");
    Ran ran = Ran.command("--store", "file:" + none, "list", "file", "prices");

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err()).startsWith("error: There is no store at file:" + none + ".\n");
    assertThat(none).doesNotExist();
  }

  // --- what the tests ask the store ---

  private String head(String ref) throws IOException {
    return store.json("inspect", "commit", ref).path("commit").path("id").asText();
  }

  private List<JsonNode> commits(String repo) throws IOException {
    List<JsonNode> commits = new ArrayList<>();
    store.json("list", "commit", repo).path("commits").forEach(commits::add);
    return commits;
  }

  private SortedMap<String, String> ids(String ref) throws IOException {
    SortedMap<String, String> ids = new TreeMap<>();
    store
        .json("list", "file", ref, "-r")
        .path("files")
        .forEach(file -> ids.put(file.path("path").asText(), file.path("sha256").asText()));
    return ids;
  }

  private Set<String> paths(String ref) throws IOException {
    return ids(ref).keySet();
  }

  private static JsonNode entry(JsonNode list, String path) {
    for (JsonNode file : list.path("files")) {
      if (file.path("path").asText().equals(path)) {
        return file;
      }
    }
    throw new AssertionError("no " + path + " in " + list);
  }

  private static String sha256(String content) {
    return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static String program(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", Stream.of(words).toList(), output).isZero();
    return output;
  }
}
