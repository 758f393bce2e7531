// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.transforms.program.Mount;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DatumKeyTest {

  private static final Sha256 TRANSFORM = sha("transform");
  private static final FileEntry X = file("/a/x", false, "content", 0);

  @Test
  void everythingThatAProgramSeesChangesTheKey() {
    List<List<DatumInput>> variants = new ArrayList<>();
    variants.add(List.of(input("in", "/", View.NONE, X)));
    variants.add(List.of(input("other", "/", View.NONE, X)));
    variants.add(List.of(input("in", "/a", View.NONE, X)));
    variants.add(List.of(input("in", "/", View.CSV, X)));
    variants.add(List.of(input("in", "/", View.JSON, X)));
    variants.add(List.of(input("in", "/", View.NONE, file("/a/y", false, "content", 0))));
    variants.add(List.of(input("in", "/", View.NONE, file("/a/x", true, "content", 0))));
    variants.add(List.of(input("in", "/", View.NONE, file("/a/x", false, "changed", 0))));
    variants.add(List.of(input("in", "/", View.NONE)));
    variants.add(List.of(input("in", "/", View.NONE, X, file("/b", false, "", 0))));
    variants.add(List.of());
    variants.add(List.of(input("in", "/", View.NONE, X), input("j", "/", View.NONE, X)));
    variants.add(List.of(input("j", "/", View.NONE, X), input("in", "/", View.NONE, X)));
    HashSet<Sha256> keys = new HashSet<>();
    variants.forEach(inputs -> keys.add(DatumKey.of(TRANSFORM, inputs)));
    keys.add(DatumKey.of(sha("another transform"), variants.get(0)));
    assertThat(keys).hasSize(variants.size() + 1);
  }

  @Test
  void historyAndPlaceDoNotChangeTheKey() {
    Sha256 key = DatumKey.of(TRANSFORM, List.of(input("in", "/", View.NONE, X)));
    DatumInput elsewhere =
        new DatumInput(
            "in",
            "fork",
            "dev",
            sha("later"),
            "/",
            View.NONE,
            List.of(file("/a/x", false, "content", 7)));
    assertThat(DatumKey.of(TRANSFORM, List.of(elsewhere))).isEqualTo(key);
  }

  @Test
  void theFormOfTheKeyStays() {
    assertThat(DatumKey.of(TRANSFORM, List.of(input("in", "/", View.NONE, X))).hex())
        .isEqualTo("a0e019ac8e3c9ac3b8523786be01f92879645da2c365a44bb7959bbd3dad2dda");
  }

  @Test
  void whatWasMadeWhenEachTableFileWasShownByItselfIsNotReused() {
    String asBefore =
        """
        {"datum": 1, "transform": "%s", "inputs": [{"name": "in", "as": "csv", "match": "/",
         "files": []}]}
        """
            .formatted(TRANSFORM);
    assertThat(DatumKey.of(TRANSFORM, List.of(input("in", "/", View.CSV))))
        .isNotEqualTo(digest(asBefore))
        .isEqualTo(digest(asBefore.replace("\"csv\"", "\"csv/2\"")));
    assertThat(DatumKey.of(TRANSFORM, List.of(input("in", "/", View.NONE))))
        .isEqualTo(digest(asBefore.replace("\"csv\"", "\"none\"")));
  }

  private static Sha256 digest(String json) {
    try {
      return CanonicalJson.digest(CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8)));
    } catch (java.io.IOException e) {
      throw new AssertionError(json, e);
    }
  }

  @Test
  void filesAreSortedAndNeverTwice() {
    FileEntry b = file("/b", false, "b", 0);
    assertThat(input("in", "/", View.NONE, b, X).files()).containsExactly(X, b);
    assertThatThrownBy(() -> input("in", "/", View.NONE, X, X))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice in input in: /a/x");
  }

  @Test
  void anInputCannotTakeAnotherPlaceInTheTree() {
    for (String name : List.of("out", "..", ".", "", "a/b", "a b")) {
      assertThatThrownBy(() -> input(name, "/", View.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not the name of an input");
    }
    DatumInput in = input("in", "/", View.NONE);
    assertThatThrownBy(() -> Datum.of(TRANSFORM, List.of(in, in)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDatumIsOneLineOfJson() throws Exception {
    Datum datum =
        Datum.of(
            TRANSFORM, List.of(input("in", "/a", View.CSV, X, file("/b\u2028é", true, "", 0))));
    String line = CanonicalJson.text(datum.toJson());
    assertThat(line).doesNotContain("\n");
    assertThat(Datum.fromJson(CanonicalJson.parse(line.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(datum);
  }

  @Test
  void aTransformSurvivesItsJson() throws Exception {
    for (DatumTransform transform :
        List.of(full(), bare(), new SqlTransform("SELECT 1", 1 << 28))) {
      byte[] json = CanonicalJson.bytes(transform.toJson());
      assertThat(DatumTransform.fromJson(CanonicalJson.parse(json))).isEqualTo(transform);
    }
  }

  @Test
  void whatCanChangeAResultChangesTheTransformsKeyAndTheRestDoesNot() {
    ProgramTransform full = full();
    assertThat(List.of("tries", "timeout"))
        .allSatisfy(name -> assertThat(full.keyPart().has(name)).as(name).isFalse());
    assertThat(CanonicalJson.text(full.keyPart()))
        .contains(
            "\"cmd\":[\"python3\",\"/code/t.py\"]",
            "\"stdin\":[\"a\"]",
            "\"env\":{\"K\":\"v\"}",
            "\"code\":\"" + sha("code") + "\"",
            "\"accept_return_code\":[3,4]",
            "\"working_dir\":\"/code\"",
            "\"executor\":\"process\"",
            "\"contract_version\":2",
            "\"environment\":[\"" + sha("numpy==1\n") + "\"]",
            "\"mounts\":[{\"path\":\"/opt/a\"},{\"digest\":\""
                + sha("b")
                + "\",\"path\":\"/opt/b\"}]",
            "\"layout\":1");
    assertThat(full.key(Optional.empty())).isNotEqualTo(full.key(Optional.of("salt")));
    assertThat(full.key(Optional.empty())).isNotEqualTo(bare().key(Optional.empty()));
  }

  @Test
  void theMemoryAndTheEngineOfAQueryAreInItsKey() {
    SqlTransform query = new SqlTransform("SELECT 1", 1 << 28);
    assertThat(CanonicalJson.text(query.keyPart())).contains("\"query\":\"SELECT 1\"", "duckdb");
    assertThat(query.key(Optional.empty()))
        .isNotEqualTo(new SqlTransform("SELECT 1", 1 << 29).key(Optional.empty()));
  }

  private static ProgramTransform full() {
    return new ProgramTransform(
        List.of("python3", "/code/t.py"),
        List.of("a"),
        new TreeMap<>(Map.of("K", "v")),
        Optional.of(sha("code")),
        new DeclaredEnvironment(
            List.of(new DeclaredEnvironment.Observation("pip freeze", "numpy==1\n"))),
        new TreeSet<>(List.of(4, 3)),
        Optional.of("/code"),
        3,
        Optional.of(Duration.ofMinutes(5)),
        List.of(
            new Mount(Path.of("/opt/a"), Optional.empty()),
            new Mount(Path.of("/opt/b"), Optional.of(sha("b")))),
        "process",
        2);
  }

  private static ProgramTransform bare() {
    return new Bench.Program("bubblewrap", 1, "true").transform();
  }

  private static DatumInput input(String name, String match, View as, FileEntry... files) {
    return new DatumInput(name, "repo", "master", sha("commit"), match, as, List.of(files));
  }

  private static FileEntry file(String path, boolean executable, String content, long offset) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    List<Extent> extents =
        bytes.length == 0
            ? List.of()
            : List.of(new Extent(ObjectRef.of(sha("pack" + offset)), offset, bytes.length));
    return FileEntry.of(
        new FilePath(path),
        executable,
        new StoredFile(bytes.length, Sha256.of(bytes), extents, Optional.empty()));
  }

  private static Sha256 sha(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
