// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.cli.Beamwright;
import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that run nothing start fast, because they load nothing that could. */
class ClassLoadingTest {

  private static final List<String> HEAVY =
      List.of("org.apache.beam.", "org.apache.hadoop.", "org.apache.parquet.", "org.duckdb.");

  private static final String THREE_KINDS =
      """
      [{"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
        "transform": {"beam": [{"type": "ReadFromCsv"}]}},
       {"pipeline": {"name": "sums"}, "input": {"pfs": {"repo": "rows", "glob": "/"}},
        "transform": {"sql": "SELECT sum(x) AS x FROM rows"}},
       {"pipeline": {"name": "copies"}, "input": {"pfs": {"repo": "sums", "glob": "/", "as": "csv"}},
        "transform": {"cmd": ["cp", "-r", "/pfs/sums/.", "/pfs/out"]}}]
      """;

  @TempDir static Path temp;
  private static Bench bench;
  private static Path spec;
  private static Path in;

  @BeforeAll
  static void runThreeKinds() throws Exception {
    bench = new Bench(temp.resolve("store"));
    in = Files.createDirectory(temp.resolve("in"));
    Files.writeString(in.resolve("t.csv"), "x\n1\n2\n");
    spec = Files.writeString(temp.resolve("pipeline.json"), THREE_KINDS);
    // Both have the same cache, in which the first one notes that the query was read.
    assertThat(heavy(classesOf(Bench.words(spec, "in=" + in)))).isNotEmpty();
  }

  @Test
  void aRunThatRunsNothingLoadsNoEngineAndStartsNoProgram() throws Exception {
    List<String> classes = classesOf("run", spec.toString(), "--put", "in=" + in);
    assertThat(heavy(classes)).isEmpty();
    assertThat(classes).as("what starts programs").noneMatch(line -> line.contains("Supervised"));
  }

  @Test
  void aDryRunLoadsNoEngineThoughSomethingWouldRun() throws Exception {
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("t.csv"), "x\n3\n");

    assertThat(heavy(classesOf("run", spec.toString(), "--put", "in=" + other, "--dry-run")))
        .isEmpty();
  }

  @Test
  void aTraceLoadsNoEngine() throws Exception {
    assertThat(heavy(classesOf("trace", "copies"))).isEmpty();
  }

  private static List<String> classesOf(String... words) throws Exception {
    Path log = Files.createTempFile(temp, "classes", ".txt");
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--store", bench.uri()));
    List<String> options = List.of("-Xlog:class+load:file=" + log);
    List<String> command = new ArrayList<>(List.of("env", LocalCache.VARIABLE + "=" + cache()));
    command.addAll(ChildJvm.command(Beamwright.class, options, all));
    try (ChildJvm child = ChildJvm.start(command)) {
      ChildJvm.Ended ended = child.end();
      assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    }
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).as("the log is one of loaded classes").anyMatch(l -> l.contains("picocli."));
    return lines;
  }

  private static String cache() {
    return temp.resolve("cache").toString();
  }

  private static List<String> heavy(List<String> classes) {
    return classes.stream().filter(line -> HEAVY.stream().anyMatch(line::contains)).toList();
  }
}
