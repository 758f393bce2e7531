// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageLocationTest {

  private static final Path HERE = Path.of("").toAbsolutePath();

  @Test
  void aRelativeFolderIsTakenFromTheWorkingFolder() {
    assertThat(locationOf("file:.beamwright")).isEqualTo("file:" + HERE + "/.beamwright");
    assertThat(locationOf("file:a/./b")).isEqualTo("file:" + HERE + "/a/b");
    assertThat(locationOf("file:../store")).isEqualTo("file:" + HERE + "/../store");
  }

  @Test
  void anAbsoluteFolderMayHaveOneSlashOrThree() {
    assertThat(locationOf("file:/data/store")).isEqualTo("file:/data/store");
    assertThat(locationOf("file:///data/store")).isEqualTo("file:/data/store");
    assertThat(locationOf("FILE:/data/store")).isEqualTo("file:/data/store");
  }

  @Test
  void charactersThatNoUriHoldsAreTakenAsTheyAre() {
    assertThat(locationOf("file:/my data/100%")).isEqualTo("file:/my%20data/100%25");
    assertThat(locationOf("file:/my%20data")).isEqualTo("file:/my%20data");
    assertThat(locationOf("file:/Bücher")).isEqualTo("file:/Bücher");
  }

  @Test
  void whatALocationSaysOpensTheSameStorage(@TempDir Path temp) {
    for (String name : new String[] {"plain", "with blank", "100%", "a?b#c", "ü"}) {
      Path folder = temp.resolve(name);
      String said = new LocalStorage(folder).location();
      try (Storage storage = StorageLocation.parse(said).open()) {
        assertThat(storage.location()).isEqualTo(said);
        storage.createIfAbsent(
            new StorageKey("key"), Content.of("x".getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(folder.resolve("key")).exists();
    }
  }

  @Test
  void openingCreatesNothing(@TempDir Path temp) {
    StorageLocation.parse("file:" + temp.resolve("store")).open().close();

    assertThat(Files.exists(temp.resolve("store"))).isFalse();
  }

  @Test
  void aLocationTravelsToAWorker() throws Exception {
    StorageLocation location = StorageLocation.parse("file:.beamwright", Map.of());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(location);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(location);
    }
  }

  @Test
  void anUnknownSchemeNamesTheKnownAndTheNear() {
    assertThatThrownBy(() -> StorageLocation.parse("fiel:/data"))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault ->
                assertThat(fault.remedy())
                    .isEqualTo("Did you mean file? Known are file, hdfs, s3."))
        .hasMessage("The store fiel:/data: nothing here knows the scheme \"fiel\".");
    assertThatThrownBy(() -> StorageLocation.parse("gopher://x/y"))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault -> assertThat(fault.remedy()).isEqualTo("Known are file, hdfs, s3."));
  }

  @Test
  void aFolderWithoutASchemeIsToldWhatToWrite() {
    assertThatThrownBy(() -> StorageLocation.parse(".beamwright"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).endsWith("write file:.beamwright"))
        .hasMessage("The store \".beamwright\" has no scheme.");
    assertThatThrownBy(() -> StorageLocation.parse("")).isInstanceOf(UserFault.class);
    assertThatThrownBy(() -> StorageLocation.parse("file:")).isInstanceOf(UserFault.class);
  }

  @Test
  void aHostAHomeAQueryAndOptionsAreRefused() {
    assertThatThrownBy(() -> StorageLocation.parse("file://data/store"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("file:/data/store"))
        .hasMessageContaining("names the host \"data\"");
    assertThatThrownBy(() -> StorageLocation.parse("file:~/store"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("file:$HOME/store"))
        .hasMessageContaining("file:~/store");
    assertThatThrownBy(() -> StorageLocation.parse("file:/data?x=1"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("file:/data?x=1");
    assertThatThrownBy(() -> StorageLocation.parse("file:/data", Map.of("endpoint", "x")).open())
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("[endpoint]");
  }

  private static String locationOf(String text) {
    try (Storage storage = StorageLocation.parse(text).open()) {
      return storage.location();
    }
  }
}
