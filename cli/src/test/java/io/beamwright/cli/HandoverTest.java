// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {

  @TempDir private Path folder;

  @Test
  void argumentsComeBackAsTheyWere() {
    Handover handover = new Handover(folder.resolve("handover"));
    List<String> arguments = List.of("run", "a b.json", "", "two\nlines\r\\n", "größe");

    assertThat(handover.toClassPath(ClassPath.parse("full s3"), arguments))
        .isEqualTo(Exit.HANDED_OVER);
    assertThat(handover.take()).isEqualTo(arguments);
    assertThat(handover.file()).content().startsWith("full s3\nrun\n");
  }

  @Test
  void aClassPathGrowsByWhatIsNeededAndKeepsWhatItHas() {
    ClassPath small = ClassPath.parse("small");

    assertThat(small.text()).isEqualTo("small");
    assertThat(small.withStorage("s3").withStorage("hdfs").withAll().text())
        .isEqualTo("full hdfs s3");
    assertThat(ClassPath.parse("full hdfs s3").withStorage("s3"))
        .isEqualTo(ClassPath.parse("full hdfs s3"));
  }

  @Test
  void aCommandOnAStoreWhoseStorageIsNotHereIsHandedOverAsItWasTyped() throws Exception {
    Handover handover = new Handover(folder.resolve("handover"));
    Map<String, String> environment = Map.of(Handover.OFFER, handover.file().toString());

    ChildJvm.Ended ended =
        withoutStorages(environment, "list", "repo", "--store", "s3://bucket", "--json");

    assertThat(ended.exitCode()).isEqualTo(Exit.HANDED_OVER.code());
    assertThat(ended.lines()).isEmpty();
    assertThat(handover.file()).content().startsWith("small s3\n");
    assertThat(handover.take())
        .isEqualTo(List.of("list", "repo", "--store", "s3://bucket", "--json"));
  }

  @Test
  void withoutALauncherAStoreWhoseStorageIsNotHereIsRefusedWithTheRemedy() throws Exception {
    ChildJvm.Ended ended = withoutStorages(Map.of(), "list", "repo", "--store", "s3://bucket");

    assertThat(ended.exitCode()).isEqualTo(Exit.ENVIRONMENT.code());
    assertThat(ended.lines())
        .first()
        .isEqualTo("error: The store s3://bucket: the storage for s3 is not on the class path.");
    assertThat(ended.lines()).element(1).asString().contains("Start the command by the script");
  }

  @Test
  void aRunThatHasToMakeSomethingIsPlannedHereAndGoesOnWhereBeamIs() throws Exception {
    CliStore store = new CliStore(folder);
    Path spec =
        store.file(
            "spec.json",
            "{\"pipeline\": {\"name\": \"copy\"}, \"input\": {\"pfs\": {\"repo\": \"in\","
                + " \"glob\": \"/*\"}}, \"transform\": {\"cmd\": [\"sh\", \"-c\","
                + " \"cp /pfs/in/* /pfs/out\"]}}");
    store.file("in/a", "1");
    Handover handover = new Handover(folder.resolve("handover"));
    Map<String, String> environment = Map.of(Handover.OFFER, handover.file().toString());

    ChildJvm.Ended ended =
        without(
            "(beam-|parquet|hadoop|duckdb).*\\.jar",
            environment,
            List.of(
                "run",
                spec.toString(),
                "--put",
                "in=" + folder.resolve("in"),
                "--store",
                store.uri()));

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(Exit.HANDED_OVER.code());
    assertThat(handover.file()).content().startsWith("full\nrun\n");
    assertThat(store.json("list", "run").at("/runs/0/state").asText())
        .as("between the two processes")
        .isEqualTo("RUNNING");
    List<String> again = handover.take();
    assertThat(again).contains("--resume", "--store", store.uri()).doesNotContain("--put");
    Ran ran = Ran.command(again.toArray(String[]::new));
    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
    assertThat(store.fine("get", "file", "copy@master:/a")).isEqualTo("1");
  }

  @Test
  void aQueryThatNobodyReadIsReadWhereItsLibrariesAreBeforeAnythingIsChanged() throws Exception {
    CliStore store = new CliStore(folder);
    Path spec =
        store.file(
            "spec.json",
            "{\"pipeline\": {\"name\": \"all\"}, \"input\": {\"pfs\": {\"repo\": \"in\","
                + " \"glob\": \"/\"}}, \"transform\": {\"sql\": \"SELECT * FROM \\\"in\\\"\"}}");
    store.file("in/a.csv", "x\n1\n");
    Handover handover = new Handover(folder.resolve("handover"));
    Map<String, String> environment =
        Map.of(
            Handover.OFFER,
            handover.file().toString(),
            "BEAMWRIGHT_CACHE",
            folder.resolve("cache").toString());
    List<String> run =
        List.of(
            "run", spec.toString(), "--put", "in=" + folder.resolve("in"), "--store", store.uri());
    String libraries = "(beam-|parquet|hadoop|duckdb).*\\.jar";

    ChildJvm.Ended ended = without(libraries, environment, run);

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(Exit.HANDED_OVER.code());
    assertThat(handover.file()).content().startsWith("full\nrun\n");
    assertThat(handover.take()).isEqualTo(run);
    assertThat(folder.resolve("store")).doesNotExist();

    Map<String, String> there = Map.of("BEAMWRIGHT_CACHE", folder.resolve("cache").toString());
    ended = without("no entry", there, run);
    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(Exit.FINE.code());
    ended = without(libraries, environment, run);
    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(Exit.FINE.code());
  }

  // A process of the command with the class path of these tests, but for added storages.
  private static ChildJvm.Ended withoutStorages(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return without(".*storage-(s3|hdfs).*", environment, List.of(words));
  }

  private static ChildJvm.Ended without(
      String entries, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Pattern left = Pattern.compile(entries);
    List<String> command = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(ChildJvm.command(Beamwright.class, List.of(), words));
    int classPath = command.indexOf("-cp") + 1;
    command.set(
        classPath,
        Stream.of(command.get(classPath).split(File.pathSeparator))
            .filter(
                entry ->
                    !left.matcher(entry).matches()
                        && !left.matcher(Path.of(entry).getFileName().toString()).matches())
            .collect(Collectors.joining(File.pathSeparator)));
    try (ChildJvm child = ChildJvm.start(command)) {
      return child.end();
    }
  }

  @Test
  void onlyTheLauncherOffersOne() {
    assertThat(Handover.offeredIn(Map.of())).isEmpty();
    assertThat(Handover.offeredIn(Map.of("BEAMWRIGHT_HANDOVER", "/tmp/x")))
        .contains(new Handover(Path.of("/tmp/x")));
  }
}
