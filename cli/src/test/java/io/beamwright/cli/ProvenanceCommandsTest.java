// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on what a stage made. */
class ProvenanceCommandsTest {

  private static final String SPEC = "{\"pipeline\":{\"name\":\"model\"},\"n\":1}";

  private static final Sha256 SOME = Sha256.of(new byte[] {1});

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepos() {
    store = new CliStore(folder);
    store.fine("create", "repo", "data");
    store.put("data@master:/x", "1");
    store.fineWithInput(
        "[{\"op\":\"put\",\"path\":\"/run.sh\",\"text\":\"#!/bin/sh\",\"executable\":true}]",
        "commit",
        "data@code",
        "--ops",
        "-");
    store.fine("create", "repo", "model");
  }

  /** Commits to model what a stage would that reads data@master by the code at data@code. */
  private Sha256 makeModel(boolean withCode) throws Exception {
    try (Store opened = store.open();
        Packer packer = opened.packer()) {
      Sha256 spec = packer.addWhole(Content.of(SPEC.getBytes(StandardCharsets.UTF_8))).sha256();
      History.Named input = opened.history().resolve(Revision.parse("data"));
      Commit code = opened.history().resolve(Revision.parse("data@code")).commit();
      Repo repo = opened.repos().require("model");
      Provenance made =
          new Provenance(
              List.of(new Provenance.Input("data", "data", "master", input.id())),
              spec,
              withCode ? Optional.of(code.tree()) : Optional.empty(),
              List.of(new Provenance.Command("pip freeze", "a==1\nb==2")),
              List.of(
                  new Provenance.Mount("/opt/conda", Optional.of(SOME)),
                  new Provenance.Mount("/opt/venv", Optional.empty())),
              new TreeMap<>(),
              "1.0",
              "direct",
              "process/1",
              "run7",
              SOME,
              SOME,
              "model");
      Instant now = Instant.EPOCH;
      Commit commit =
          new Commit(
              "model",
              repo.id(),
              List.of(),
              0,
              code.tree(),
              Optional.empty(),
              "ada",
              now,
              "made",
              Optional.of(made));
      Refs refs = opened.repos().refs(repo);
      RefMove move =
          new RefMove(
              Optional.of(opened.commits().write(commit)), "ada", now, "made", Optional.empty());
      var unused = refs.move(refs.head("master"), RefKind.BRANCH, move);
      return spec;
    }
  }

  @Test
  void theSpecComesBackInTheBytesThatItsIdNames() throws Exception {
    Sha256 id = makeModel(true);

    String spec = store.fine("get", "spec", "model@master");

    assertThat(spec).isEqualTo(SPEC);
    assertThat(Sha256.of(spec.getBytes(StandardCharsets.UTF_8))).isEqualTo(id);
    JsonNode json = store.json("get", "spec", "model@master");
    assertThat(json.path("id").asText()).isEqualTo(id.hex());
    assertThat(json.path("spec").toString()).isEqualTo(SPEC);
  }

  @Test
  void theCodeComesBackWithItsExecutableBits() throws Exception {
    makeModel(true);
    Path code = folder.resolve("code");

    assertThat(store.fine("get", "code", "model@master", "-o", code.toString()))
        .isEqualTo("wrote " + code + " (1 file, 9 bytes)\n");

    assertThat(code.resolve("run.sh")).hasContent("#!/bin/sh").isExecutable();
  }

  @Test
  void whatPeoplePutHasNoSpecAndAStageMayHaveNoCode() throws Exception {
    makeModel(false);

    store.refuses(
        Exit.USER,
        "The commit data@master was put by ada, not made by a stage: it has no spec and no code.\n"
            + "  Name a commit of a stage's output, as trace shows them.",
        "get",
        "spec",
        "data@master");
    store.refuses(
        Exit.USER,
        "The stage model, which made model, has no code.\n"
            + "  Its spec says what it did: beamwright get spec model",
        "get",
        "code",
        "model",
        "-o",
        folder.resolve("code").toString());
  }

  @Test
  void aDamagedSpecIsNamed() throws Exception {
    Sha256 id = makeModel(true);
    String hex = id.hex();
    Path object = store.root().resolve("objects/" + hex.substring(0, 3) + "/" + hex);
    object.toFile().setWritable(true);
    Files.writeString(object, "{}");

    Ran ran = store.run("get", "spec", "model");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err()).startsWith("error: file:" + object + ", which should hold");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void inspectShowsTheProvenance() throws Exception {
    Sha256 spec = makeModel(true);

    String text = store.fine("inspect", "commit", "model");
    JsonNode made = store.json("inspect", "commit", "model").path("commit").path("provenance");

    assertThat(text)
        .contains(
            "stage        model\n",
            "inputs       data: data@",
            "spec         " + spec + "\n",
            "environment  $ pip freeze\n             a==1\n             b==2\n",
            "mounts       /opt/conda sha256 " + SOME + "\n             /opt/venv\n",
            "executor     process/1\n");
    assertThat(store.fine("trace", "model"))
        .contains("mount /opt/conda sha256 " + SOME.hex().substring(0, 12), "mount /opt/venv\n");
    assertThat(made.path("spec").asText()).isEqualTo(spec.hex());
    assertThat(made.path("inputs").get(0).path("repo").asText()).isEqualTo("data");
  }

  @Test
  void aRepoThatAnotherWasMadeFromIsDeletedOnlyByForce() throws Exception {
    makeModel(true);

    store.refuses(
        Exit.USER,
        "The repo \"data\" is what model@master was made from.\n"
            + "  Delete those first, or add --force.",
        "delete",
        "repo",
        "data");
    store.fine("delete", "repo", "data", "--force");

    assertThat(store.json("list", "repo").path("repos")).hasSize(1);
    assertThat(store.json("trace", "model").path("commits")).hasSize(2);
  }
}
