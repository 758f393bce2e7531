// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store where there is a file, or that goes away while a command is at it. */
class VanishingStoreTest {

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "r");
    store.put("r@master:/a", "1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list repo",
        "create repo r",
        "put file r@master:/b",
        "get file r:/a",
        "fsck",
        "gc",
        "run SPEC"
      })
  void aFileInThePlaceOfAStoreIsNamed(String command) throws Exception {
    Path file = store.file("a file", "mine");
    Path spec =
        store.file(
            "spec.json",
            "{\"pipeline\": {\"name\": \"n\"}, \"input\": {\"pfs\": {\"repo\": \"r\", \"glob\":"
                + " \"/\"}}, \"transform\": {\"cmd\": [\"true\"]}}");
    String[] words = (command + " --store").replace("SPEC", spec.toString()).split(" ");
    String[] all =
        Stream.concat(Stream.of(words), Stream.of("file:" + file)).toArray(String[]::new);

    Ran ran = Ran.command(all);

    assertThat(ran.err())
        .isEqualTo(
            "error: The store file:"
                + file.toString().replace(" ", "%20")
                + " is a file, and a store lies in a folder.\n"
                + "  Name the folder, or one that is not there yet.\n");
    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFileAboveAStoreThatIsYetToBeMadeIsNamed() throws Exception {
    Path file = store.file("file", "mine");

    Ran ran = Ran.command("create", "repo", "r", "--store", "file:" + file + "/store");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.err())
        .contains("file:" + file + "/store/", "Not a directory", "or use another store");
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3_000_000})
  void aStoreThatIsRemovedWhileAFileIsReadIsNotBegunAgain(int size) throws Exception {
    Ran ran = store.runWithInput(reading(size, this::remove), "put", "file", "r@master:/b");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.err())
        .startsWith("error: Cannot create " + store.uri() + "/")
        .contains(store.root() + " has vanished.")
        .contains("restore the store from a copy");
    assertThat(store.root()).doesNotExist();
  }

  @Test
  void aStoreThatIsUnmountedWhileAFileIsReadIsNotContinuedInTheEmptyFolder() throws Exception {
    Path away = folder.resolve("away");
    InputStream input =
        reading(
            3_000_000,
            () -> {
              Files.move(store.root(), away);
              Files.createDirectory(store.root());
            });

    Ran ran = store.runWithInput(input, "put", "file", "r@master:/b");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err().lines()).hasSize(2);
    assertThat(ran.err())
        .contains(store.root() + " is not the folder any more that was read.")
        .contains("Something was mounted or unmounted there");
    assertThat(store.root()).isEmptyDirectory();
    Files.delete(store.root());
    Files.move(away, store.root());
    assertThat(store.json("list", "file", "r").path("files")).hasSize(1);
    assertThat(store.fine("fsck")).endsWith("sound\n");
  }

  /** What happens when an input was read to its end. */
  private interface Event {
    void happen() throws IOException;
  }

  private static InputStream reading(int size, Event atTheEnd) {
    return new InputStream() {
      private int left = size;

      @Override
      public int read() throws IOException {
        if (left == 0) {
          atTheEnd.happen();
        }
        return left-- > 0 ? 'x' : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int first = read();
        if (first >= 0) {
          into[from] = (byte) first;
        }
        return first < 0 ? -1 : 1;
      }
    };
  }

  private void remove() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(store.root())) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (java.nio.file.NoSuchFileException e) {
      return;
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
