// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.cli.FakeCheckout.Ended;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher {@code ./beamwright}, with Maven and Java played by scripts. */
@Timeout(60)
class LauncherTest {

  @TempDir private Path folder;
  private FakeCheckout checkout;

  @BeforeEach
  void checkOut() throws Exception {
    checkout = FakeCheckout.in(folder);
  }

  @Test
  void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
    Ended first = checkout.run("version");
    Ended second = checkout.run("version");

    assertThat(first.status()).isZero();
    assertThat(first.output()).startsWith("building Beamwright (first time, about a minute)…\n");
    assertThat(second.output()).startsWith("arguments: small.args\nword: <version>\n");
    assertThat(checkout.timesBuilt()).isEqualTo(1);
  }

  @Test
  void theSmallClassPathHasNoBeam() throws Exception {
    checkout.run("version");

    Path build = Path.of(Files.readString(checkout.builds("17.0.1+2").resolve("current")).strip());
    assertThat(build.resolve("small.jars"))
        .content()
        .contains("/lib/beamwright-cli-1.jar\n", "/picocli-1.jar\n")
        .doesNotContain("beam-1.jar");
    assertThat(build.resolve("full.jars")).content().contains("/beam-1.jar\n");
  }

  @Test
  void aSourceThatChangedOrWentBuildsAgain() throws Exception {
    checkout.run("version");
    Files.writeString(checkout.root().resolve("cli/src/main/java/A.java"), "changed");
    assertThat(checkout.run("version").output())
        .startsWith("building Beamwright (the sources changed)…\n");
    Files.delete(checkout.root().resolve("cli/src/main/java/B.java"));
    checkout.run("version");

    assertThat(checkout.timesBuilt()).isEqualTo(3);
  }

  @Test
  void testsAndMavensOwnFoldersDoNotBuildAgain() throws Exception {
    checkout.run("version");
    Files.writeString(checkout.root().resolve("cli/src/test/java/ATest.java"), "new");
    Files.createDirectories(checkout.root().resolve("cli/target/classes"));
    Files.writeString(checkout.root().resolve("cli/target/classes/A.class"), "new");
    checkout.run("version");

    assertThat(checkout.timesBuilt()).isEqualTo(1);
  }

  @Test
  void anEmptiedMavenRepositoryBuildsAgain() throws Exception {
    checkout.run("version");
    Files.delete(checkout.root().resolve("picocli-1.jar"));
    Files.delete(checkout.root().resolve("beam-1.jar"));
    checkout.run("version");

    assertThat(checkout.timesBuilt()).isEqualTo(2);
  }

  @Test
  void firstStartsAtOnceBuildOnce() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(checkout.start(checkout.root().resolve("beamwright"), folder, "version"));
    }
    for (Process start : starts) {
      assertThat(Ended.of(start)).extracting(Ended::status).isEqualTo(0);
    }

    assertThat(checkout.timesBuilt()).isEqualTo(1);
    assertThat(checkout.builds("17.0.1+2").resolve("lock")).doesNotExist();
  }

  @Test
  void theLockOfABuildThatDiedIsTakenOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path lock = Files.createDirectories(checkout.builds("17.0.1+2").resolve("lock"));
    Files.writeString(lock.resolve("pid"), dead.pid() + "\n");

    assertThat(checkout.run("version").status()).isZero();
    assertThat(checkout.timesBuilt()).isEqualTo(1);
  }

  @Test
  void aBuildThatFailsShowsWhyAndLeavesNothingBehind() throws Exception {
    Files.writeString(checkout.root().resolve("broken"), "");

    Ended ended = checkout.run("version");

    assertThat(ended.status()).isEqualTo(4);
    assertThat(ended.output())
        .contains("Foo.java:[1,2] cannot find symbol\nerror: Beamwright could not be built;")
        .contains("build.log.\n  The first build needs the network");
    assertThat(checkout.builds("17.0.1+2").toFile().list()).containsExactly("build.log");
  }

  @Test
  void anOldJavaIsRefusedByName() throws Exception {
    checkout.isJava("11.0.2+9");

    Ended ended = checkout.run("version");

    assertThat(ended.status()).isEqualTo(4);
    assertThat(ended.output())
        .contains("/jdk/bin/java is Java 11.0.2+9; 17 or later is needed.\n  Set JAVA_HOME");
  }

  @Test
  void wordsFolderAndStatusPassThroughALink() throws Exception {
    Path links = Files.createDirectory(folder.resolve("links"));
    Path link = Files.createSymbolicLink(links.resolve("bw"), Path.of("../a checkout/beamwright"));
    checkout.run("version");

    Ended ended = Ended.of(checkout.start(link, links, "exit", "5", "", "a  b", "*", "\"$HOME\""));

    assertThat(ended.status()).isEqualTo(5);
    assertThat(ended.output())
        .isEqualTo(
            """
            arguments: small.args
            word: <exit>
            word: <5>
            word: <>
            word: <a  b>
            word: <*>
            word: <"$HOME">
            folder: %s
            """
                .formatted(links.toRealPath()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "put"})
  void whatHandsOverGoesOnWithTheWholeClassPath(String word) throws Exception {
    checkout.run("version");

    Ended ended = checkout.run(word, "over");

    assertThat(ended.status()).isZero();
    assertThat(ended.output())
        .contains("word: <over>\n")
        .contains("arguments: full.args\nhanded over: full\ndone\nfolder: ");
  }

  @Test
  void theStorageOfASchemeIsBuiltWhenAStoreIsFirstThere() throws Exception {
    checkout.run("version");
    Ended first = checkout.run("--store", "s3://bucket", "list", "repo");
    Ended second = checkout.run("list", "repo", "--store=s3://bucket");

    assertThat(first.status()).isZero();
    assertThat(first.output())
        .startsWith("building Beamwright's storage for s3: (first time, less than a minute)…\n")
        .contains("arguments: small-s3.args\n");
    assertThat(second.output()).startsWith("arguments: small-s3.args\n");
    assertThat(checkout.timesBuilt()).isEqualTo(2);
    Path build = Path.of(Files.readString(checkout.builds("17.0.1+2").resolve("current")).strip());
    assertThat(Files.readAllLines(build.resolve("small-s3.jars")))
        .satisfiesExactlyInAnyOrder(
            jar -> assertThat(jar).endsWith("/beamwright-cli-1.jar"),
            jar -> assertThat(jar).endsWith("/beamwright-storage-s3-1.jar"),
            jar -> assertThat(jar).endsWith("/picocli-1.jar"),
            jar -> assertThat(jar).endsWith("/aws-1.jar"));
    assertThat(build.toFile().list()).noneMatch(name -> name.startsWith("making"));
  }

  @Test
  void theStoreOfTheEnvironmentIsKnownTooAndTheCommandLineWins() throws Exception {
    checkout.run("version");

    assertThat(checkout.runWith(Map.of("BEAMWRIGHT_STORE", "s3://bucket"), "list").output())
        .contains("arguments: small-s3.args\n");
    assertThat(
            checkout
                .runWith(
                    Map.of("BEAMWRIGHT_STORE", "s3://bucket"), "list", "repo", "--store", "file:x")
                .output())
        .contains("arguments: small.args\n");
    assertThat(checkout.run("list", "--store-option", "s3://no-store").output())
        .contains("arguments: small.args\n");
  }

  /** Whoever adds a storage tells the launcher, the table of schemes, and Maven. */
  @Test
  void theLauncherKnowsEveryStorageThatIsAModuleAndEachIsAKnownScheme() throws Exception {
    Set<String> modules = new TreeSet<>();
    try (DirectoryStream<Path> storages =
        Files.newDirectoryStream(Path.of("..", "versioning"), "storage-*")) {
      storages.forEach(
          storage -> modules.add(storage.getFileName().toString().replace("storage-", "")));
    }
    Matcher added =
        Pattern.compile("(?m)^added_schemes='(.*)'$")
            .matcher(Files.readString(Path.of("..", "beamwright")));

    assertThat(added.find()).isTrue();
    assertThat(List.of(added.group(1).split(" "))).containsExactlyElementsOf(modules);
    assertThat(StorageLocation.knownSchemes()).contains("file").containsAll(modules);
    for (String scheme : modules) {
      assertThat(Path.of("..", "versioning", "storage-" + scheme, "pom.xml"))
          .content()
          .contains("beamwright.classpath." + scheme);
    }
  }

  @Test
  void aCommandThatFindsThatItNeedsAStorageGoesOnWithIt() throws Exception {
    checkout.run("version");

    Ended ended = checkout.run("put", "remote");

    assertThat(ended.status()).isZero();
    assertThat(ended.output())
        .contains("arguments: small.args\n")
        .contains("arguments: small-s3.args\nhanded over: small s3\nfetched\nfolder: ");
    assertThat(checkout.leftovers()).isEmpty();
  }

  @Test
  void aStoreOfASchemeThatIsNowhereIsLeftToTheCommandToRefuse() throws Exception {
    checkout.run("version");

    assertThat(checkout.run("list", "repo", "--store", "ftp://host").output())
        .startsWith("arguments: small.args\n");
    assertThat(checkout.timesBuilt()).isEqualTo(1);
  }

  @Test
  void aRunWithNothingToDoEndsWithItsOwnStatusAndLeavesNoFile() throws Exception {
    checkout.run("version");
    Process process = checkout.start(checkout.root().resolve("beamwright"), folder, "run", "stdin");
    process.getOutputStream().write("from the pipe\n".getBytes(UTF_8));

    Ended ended = Ended.of(process);

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.output()).endsWith("from the pipe\n");
    assertThat(checkout.leftovers()).isEmpty();
  }

  @Test
  void anInterruptOfTheProcessAloneEndsItUnlessTheLauncherIgnoresIt() throws Exception {
    checkout.run("version");
    assertThat(afterInterrupt("exec env --default-signal=INT")).contains("interrupted");
    assertThat(afterInterrupt("trap '' INT; exec")).as("as in the background").isEmpty();
    assertThat(checkout.leftovers()).isEmpty();
  }

  /** What the process says when it alone is interrupted; nothing if it goes on to its end. */
  private Optional<String> afterInterrupt(String begin) throws Exception {
    Path script = folder.resolve("starts");
    Files.writeString(
        script, "#!/bin/sh\n%s '%s/beamwright' \"$@\"\n".formatted(begin, checkout.root()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process launcher = checkout.start(script, folder, "run", "wait");
    var lines = launcher.inputReader(UTF_8);
    awaitWaiting(lines);
    long java = launcher.children().findFirst().orElseThrow().pid();
    assertThat(new ProcessBuilder("kill", "-INT", "" + java).start().waitFor()).isZero();
    Optional<String> said = Optional.ofNullable(lines.readLine());
    assertThat(launcher.waitFor()).isEqualTo(said.isEmpty() ? 0 : 128 + 2);
    return said;
  }

  @Test
  void aSignalReachesTheProcessThatPlans() throws Exception {
    checkout.run("version");
    Process process = checkout.start(checkout.root().resolve("beamwright"), folder, "run", "wait");
    var lines = process.inputReader(UTF_8);
    awaitWaiting(lines);
    // Process.destroy would close the streams that are read below.
    process.toHandle().destroy();

    assertThat(lines.readLine()).isEqualTo("terminated");
    assertThat(process.waitFor()).isEqualTo(128 + 15);
    assertThat(checkout.leftovers()).isEmpty();
  }

  private static void awaitWaiting(BufferedReader lines) throws IOException {
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("the output before \"waiting\"").isNotNull();
    } while (!line.equals("waiting"));
  }
}
