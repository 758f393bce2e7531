// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {

  @TempDir Path folder;

  @Test
  void theCanonicalBytesAreThoseOfTheGoldenFile() throws IOException {
    assertThat(new String(full().bytes(), UTF_8)).isEqualTo(golden());
    assertThat(full().id().hex()).isEqualTo(Sha256.of(golden().getBytes(UTF_8)).hex());
  }

  @Test
  void foldersThatProgramsSawAreReadAsWrittenAndThoseOfOlderCommitsAreSteps() throws IOException {
    Provenance made = full().provenance().orElseThrow();
    ObjectNode json = made.toJson();
    json.putArray("mounts").addObject().put("path", "/opt/venv").put("digest", made.spec().hex());
    Provenance read = Provenance.of(json);
    assertThat(read.mounts())
        .containsExactly(new Provenance.Mount("/opt/venv", Optional.of(made.spec())));
    assertThat(read.toJson()).isEqualTo(json);

    String older =
        golden().replace("\"steps\":{", "\"steps\":{\"mount /opt/venv\":\"without digest\",");
    Commit commit = Commit.of(CanonicalJson.parse(older.getBytes(UTF_8)));
    assertThat(commit.provenance().orElseThrow().steps()).containsKey("mount /opt/venv");
    assertThat(commit.provenance().orElseThrow().mounts()).isEmpty();
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    assertThat(Commit.of(CanonicalJson.parse(full().bytes()))).isEqualTo(full());
    assertThat(Commit.of(CanonicalJson.parse(byPeople().bytes()))).isEqualTo(byPeople());
  }

  @Test
  void aCommitWhoseBytesChangedIsNamedAndNotRead() throws IOException {
    try (Storage storage = StorageLocation.parse("file:" + folder).open()) {
      Commits commits = new Commits(new WriteSession(storage));
      CommitId id = commits.write(byPeople());
      assertThat(commits.read(id)).isEqualTo(byPeople());

      Path file = folder.resolve("commits").resolve(id.hex().substring(0, 3)).resolve(id.hex());
      Files.writeString(file, Files.readString(file).replace("ann", "eve"));

      assertThatThrownBy(() -> commits.read(id))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(file.toString());
    }
  }

  private static Commit byPeople() {
    return new Commit(
        "prices",
        Sha256.of("repo".getBytes(UTF_8)),
        List.of(),
        0,
        Sha256.of("tree".getBytes(UTF_8)),
        Optional.empty(),
        "ann",
        Instant.parse("2026-01-01T12:00:00.123456Z"),
        "the first edition",
        Optional.empty());
  }

  private static Commit full() {
    TreeMap<String, String> steps = new TreeMap<>();
    steps.put("ReadFromCsv", "1");
    Provenance provenance =
        new Provenance(
            List.of(new Provenance.Input("prices", "prices", "master", byPeople().id())),
            Sha256.of("spec".getBytes(UTF_8)),
            Optional.of(Sha256.of("code".getBytes(UTF_8))),
            List.of(new Provenance.Command("python3 --version", "Python 3.11.2\n")),
            List.of(),
            steps,
            "0.1.0",
            "direct",
            "bubblewrap/1",
            "7f",
            Sha256.of("job".getBytes(UTF_8)),
            Sha256.of("key".getBytes(UTF_8)),
            "clean");
    return new Commit(
        "clean",
        Sha256.of("repo 2".getBytes(UTF_8)),
        List.of(byPeople().id()),
        1,
        Sha256.of("tree".getBytes(UTF_8)),
        Optional.of(Sha256.of("datums".getBytes(UTF_8))),
        "ann \"the\" ü",
        Instant.parse("2026-01-01T12:00:00Z"),
        "line\nbreak",
        Optional.of(provenance));
  }

  private static String golden() throws IOException {
    try (InputStream in = CommitTest.class.getResourceAsStream("/golden/commit.json")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
