// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A store in a temporary folder, and the commands on it.
 *
 * @param folder where files of this machine lie; the store is below it
 */
record CliStore(Path folder) {

  /** Runs a command that may fail. */
  Ran run(String... words) {
    return runWithInput("", words);
  }

  /** Runs a command with {@code input} on standard input. */
  Ran runWithInput(String input, String... words) {
    return runWithInput(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), words);
  }

  /** The same with an input that may do things while it is read. */
  Ran runWithInput(InputStream input, String... words) {
    List<String> all = new ArrayList<>(List.of("--store", uri()));
    all.addAll(List.of(words));
    return Ran.command(input, environment(), all.toArray(String[]::new));
  }

  private Map<String, String> environment() {
    return Map.of(
        "BEAMWRIGHT_AUTHOR", "ada", "BEAMWRIGHT_CACHE", folder.resolve("cache").toString());
  }

  /** Runs a command that must go well, and gives what it printed. */
  String fine(String... words) {
    return requireFine(run(words));
  }

  /** The same with {@code input} on standard input. */
  String fineWithInput(String input, String... words) {
    return requireFine(runWithInput(input, words));
  }

  private static String requireFine(Ran ran) {
    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }

  /** Runs a command that must go well with {@code --json}, and reads what it printed. */
  JsonNode json(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    return new JsonMapper().readTree(fine(all.toArray(String[]::new)));
  }

  /** Puts {@code content} at {@code place} by standard input. */
  void put(String place, String content) {
    fineWithInput(content, "put", "file", place);
  }

  /** Checks that a command fails in these words and changes nothing in the store. */
  void refuses(Exit exit, String error, String... words) throws IOException {
    Set<String> before = keys();
    Ran ran = run(words);
    assertThat(ran.err()).isEqualTo("error: " + error + "\n");
    assertThat(ran.exit()).isEqualTo(exit);
    assertThat(ran.out()).isEmpty();
    assertThat(keys()).isEqualTo(before);
  }

  /** The files of the store that a reader of refs sees. */
  Set<String> keys() throws IOException {
    return keys("repos", "refs", "commits");
  }

  /** The files of the store below these folders. */
  Set<String> keys(String... folders) throws IOException {
    Set<String> keys = new TreeSet<>();
    for (String name : folders) {
      Path root = root().resolve(name);
      if (Files.exists(root)) {
        try (Stream<Path> walk = Files.walk(root)) {
          walk.filter(Files::isRegularFile).map(Path::toString).forEach(keys::add);
        }
      }
    }
    return keys;
  }

  /** A file beside the store. */
  Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, content);
  }

  Path root() {
    return folder.resolve("store");
  }

  String uri() {
    return "file:" + root();
  }

  Store open() {
    return Store.open(StorageLocation.parse(uri()).open());
  }

  /** Makes everything in the store so many days older, as its file system tells. */
  void age(int days) throws IOException {
    try (Stream<Path> files = Files.walk(root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Instant before = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(before.minus(days, ChronoUnit.DAYS)));
      }
    }
  }
}
