// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.cli.Ran;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store in a folder, and the commands that a test gives it, in this process. */
final class Bench {

  /** The sample pipelines, as a checkout has them. */
  static final Path SAMPLES = samples(Path.of("").toAbsolutePath());

  private static Path samples(Path module) {
    Path here = module.resolve("sample-data");
    return Files.isDirectory(here) ? here : samples(module.resolve("..").normalize());
  }

  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;

  /**
   * @param folder of the store, which a command makes
   */
  Bench(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** A copy of this store in {@code folder}, which does not exist yet. */
  Bench copyTo(Path copy) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.copy(path, copy.resolve(folder.relativize(path).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Bench(copy);
  }

  /** Gives one command. */
  Ran command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--store", uri()));
    return Ran.command(all.toArray(String[]::new));
  }

  String uri() {
    return "file:" + folder;
  }

  /** The document of a command that ends with {@code exitCode}. */
  JsonNode document(int exitCode, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    Ran ran = command(all.toArray(String[]::new));
    assertThat(ran.exitCode()).as("%s%n%s", ran.out(), ran.err()).isEqualTo(exitCode);
    return parse(ran.out());
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run that makes or finds every commit: what came of each stage. */
  Map<String, String> run(Path spec, String... puts) {
    return states(document(0, words(spec, puts)));
  }

  /** By stage: its state, and how many datums ran and were reused if it made a commit. */
  static Map<String, String> states(JsonNode run) {
    SortedMap<String, String> states = new TreeMap<>();
    for (JsonNode stage : run.path("stages")) {
      String counts =
          stage.has("ran")
              ? " ran " + stage.path("ran").asLong() + " reused " + stage.path("reused").asLong()
              : "";
      states.put(stage.path("stage").asText(), stage.path("state").asText() + counts);
    }
    return states;
  }

  static String[] words(Path spec, String... puts) {
    List<String> words = new ArrayList<>(List.of("run", spec.toString()));
    for (String put : puts) {
      words.addAll(List.of("--put", put));
    }
    return words.toArray(String[]::new);
  }

  Store open() {
    return Store.open(StorageLocation.parse(uri()).open());
  }

  /** What {@code revision} names. */
  History.Named commit(String revision) {
    try (Store store = open()) {
      return store.history().resolve(Revision.parse(revision));
    }
  }

  /** The id of the commit that {@code revision} names. */
  String id(String revision) {
    return commit(revision).id().hex();
  }

  /** The files of a commit. */
  List<FileEntry> files(String revision) {
    try (Store store = open()) {
      return store
          .history()
          .files(store.history().resolve(Revision.parse(revision)).commit())
          .files()
          .toList();
    }
  }

  /** The SHA-256 of the bytes that are read for each file of a commit, by path. */
  Map<String, String> sums(String revision) {
    try (Store store = open()) {
      return files(revision).stream()
          .collect(
              Collectors.toMap(
                  file -> file.path().text(),
                  file -> Sha256.of(store.files().readAll(file.file())).hex()));
    }
  }

  /** The text of a file of a commit. */
  String text(String revision, String path) {
    try (Store store = open()) {
      FileEntry file =
          store
              .history()
              .files(store.history().resolve(Revision.parse(revision)).commit())
              .find(new FilePath(path))
              .orElseThrow();
      return new String(
          store.files().readAll(file.file()), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** The file on this machine's disk that holds all of {@code table}, and nothing else. */
  Path objectOf(FileEntry table) {
    List<Extent> extents = table.file().extents();
    assertThat(extents).hasSize(1);
    Extent extent = extents.get(0);
    Path object =
        folder.resolve(
            StoreLayout.object(extent.object().id(), extent.object().generation()).text());
    assertThat(object).hasSize(table.size());
    return object;
  }

  /** Every key of the store. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    try (Storage storage = StorageLocation.parse(uri()).open()) {
      Optional<String> after = Optional.empty();
      List<Listed> page;
      do {
        page = storage.list("", after, 1_000);
        page.forEach(listed -> keys.add(listed.key().text()));
        after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1).key().text());
      } while (!page.isEmpty());
    }
    return keys;
  }

  /** The keys below the folder {@code space}. */
  List<String> keys(String space) {
    return keys().stream().filter(key -> key.startsWith(space + "/")).toList();
  }

  /** Makes everything in the store so many days older, as its file system tells. */
  void age(int days) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Instant before = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(before.minus(days, ChronoUnit.DAYS)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
