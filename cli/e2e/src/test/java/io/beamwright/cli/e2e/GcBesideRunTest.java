// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Ran;
import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs, and beside each of them collections with the shortest grace that there is. A day passes
 * between two runs, so that what one collection listed is deleted while the next run is at it; and
 * inputs and results of before come back, whose bytes are about to be deleted.
 */
class GcBesideRunTest {

  private static final int ROUNDS = 8;
  private static final int FILES = 12;

  private static final String STAGES =
      """
      [{"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
        "transform": {"cmd": ["sh", "-c", "for f in /pfs/in/*; do sed s/v/w/ $f >/pfs/out/${f##*/}; done"]}},
       {"pipeline": {"name": "all"}, "input": {"pfs": {"repo": "copy", "glob": "/"}},
        "transform": {"cmd": ["sh", "-c", "cat /pfs/copy/* >/pfs/out/all"]}}]
      """;

  @TempDir Path temp;
  private Bench bench;
  private Path in;
  private Path spec;
  private long deleted;

  @BeforeEach
  void newStore() throws IOException {
    bench = new Bench(temp.resolve("store"));
    in = Files.createDirectory(temp.resolve("in"));
    spec = Files.writeString(temp.resolve("stages.json"), STAGES);
  }

  @Test
  void nothingThatARunMakesOrReusesIsLost() throws Exception {
    ExecutorService runs = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        Map<String, String> expected = writeInput(round);
        Future<Ran> run = runs.submit(() -> bench.command(Bench.words(spec, "in=" + in)));
        do {
          collect();
        } while (!run.isDone());

        assertThat(run.get().exitCode()).as("%s%n%s", run.get().out(), run.get().err()).isZero();
        assertThat(bench.sums("copy@master")).isEqualTo(sums(expected));
        assertThat(bench.text("all@master", "/all")).isEqualTo(String.join("", expected.values()));
        Ran fsck = bench.command("fsck");
        assertThat(fsck.exitCode()).as("%s%n%s", fsck.out(), fsck.err()).isZero();
        if (round == 0) {
          for (String repo : new String[] {"in", "copy", "all"}) {
            bench.document(0, "set", "retention", repo, "--keep-last", "1");
          }
        }
        bench.age(1);
      }
    } finally {
      runs.shutdownNow();
    }
    assertThat(deleted).as("bytes that collections deleted meanwhile").isPositive();
  }

  private void collect() {
    Ran ran =
        bench.command(
            "gc", "--grace", "10m", "--keep-refs", "10m", "--keep-results", "10m", "--json");
    // Five says that there is a list already, whose grace is not over.
    assertThat(ran.exitCode()).as("%s%n%s", ran.out(), ran.err()).isIn(0, 3, 5);
    if (ran.exitCode() == 0) {
      JsonNode totals = Bench.parse(ran.out()).path("deleted").path("totals");
      deleted += totals.path("objects").path("bytes").longValue();
    }
  }

  /** What the round's input becomes: of two rounds before, but for one file. */
  private Map<String, String> writeInput(int round) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      int version = i == 0 ? round : round % 2;
      String name = "f%02d".formatted(i);
      Files.writeString(in.resolve(name), "v " + version + " of " + name + "\n");
      expected.put("/" + name, "w " + version + " of " + name + "\n");
    }
    return expected;
  }

  private static Map<String, String> sums(Map<String, String> contents) {
    Map<String, String> sums = new TreeMap<>();
    contents.forEach(
        (path, text) -> sums.put(path, Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex()));
    return sums;
  }
}
