// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that a later version gave a feature: every command refuses it by the feature's name. */
class StoreFeatureCommandsTest {

  private static final String COMMIT = "0".repeat(64);
  private static final String RUN = "0".repeat(32);

  @TempDir private Path folder;
  private CliStore store = new CliStore(Path.of(""));

  @BeforeEach
  void fill() throws IOException {
    store = new CliStore(folder);
    store.fine("create", "repo", "prices");
    store.put("prices@master:/a", "1");
    store.fine("remote", "add", "itself", "file:" + folder.resolve("other"));
    store.file("in.csv", "a\n1\n");
    Files.createDirectory(store.root().resolve("features"));
    store.file("store/features/changes-log", "what a later version says");
  }

  private static Stream<String> commands() {
    return Stream.of(
        "create repo r",
        "list repo",
        "inspect repo prices",
        "delete repo prices",
        "put file prices@master:/b -f FOLDER/in.csv",
        "get file prices@master:/a",
        "copy file prices@master:/a prices@master:/b",
        "delete file prices@master:/a",
        "list file prices@master:/",
        "inspect file prices@master:/a",
        "diff file prices@master",
        "create branch prices@b --head master",
        "move branch prices@master --to master",
        "delete branch prices@master",
        "list branch prices",
        "create tag prices@v1 --head master",
        "delete tag prices@v1",
        "list tag prices",
        "list commit prices",
        "inspect commit prices@master",
        "log prices@master:/a",
        "merge prices@master prices@master",
        "merge-base prices@master prices@master",
        "revert prices@master",
        "trace prices@master:/a",
        "list job",
        "inspect job " + COMMIT,
        "list run",
        "inspect run " + RUN,
        "logs " + COMMIT,
        "stop run " + RUN,
        "wait run " + RUN,
        "set retention prices --keep-last 3",
        "push itself prices",
        "pull itself prices",
        "push file:FOLDER/store prices",
        "remote add another file:FOLDER/another",
        "remote list",
        "gc",
        "gc --dry-run",
        "fsck",
        "fsck --quick",
        "fsck --repair",
        "run FOLDER/spec.json",
        "run --dry-run FOLDER/spec.json");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isRefused(String command) throws IOException {
    store.file(
        "spec.json",
        "{\"pipeline\": {\"name\": \"out\"}, \"input\": {\"pfs\": {\"repo\": \"prices\", \"glob\":"
            + " \"/\"}}, \"transform\": {\"cmd\": [\"true\"]}}");
    Set<String> before = store.keys("repos", "refs", "commits", "gc", "runs", "remotes");

    Ran ran = store.run(command.replace("FOLDER", folder.toString()).split(" "));

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .isEqualTo(
            "error: "
                + store.uri()
                + " has the feature changes-log, which this Beamwright does not know.\n"
                + "  Use a newer Beamwright.\n");
    assertThat(ran.out()).isEmpty();
    assertThat(store.keys("repos", "refs", "commits", "gc", "runs", "remotes")).isEqualTo(before);
  }

  @Test
  void aPullFromSuchAStoreIsRefusedToo() {
    CliStore ours = new CliStore(folder.resolve("ours"));
    ours.fine("create", "repo", "prices");

    Ran ran = ours.run("pull", store.uri(), "prices");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err()).contains(store.uri() + " has the feature changes-log");
  }
}
