// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.versioning.fault.UserFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test can put, run and ask, and what it is told. */
@BeamwrightTest
class BeamwrightStoreTest {

  static final String COPY =
      """
      [{"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
        "transform": {"cmd": ["sh", "-c", "cp -r /pfs/in/* /pfs/out && test ! -e /pfs/in/bad.txt || { echo seen; echo it is bad >&2; exit 3; }"]}},
       {"pipeline": {"name": "after"}, "input": {"pfs": {"repo": "copy", "glob": "/"}},
        "transform": {"cmd": ["sh", "-c", "ls /pfs/copy > /pfs/out/names"]}}]
      """;

  @TempDir Path temp;

  @Test
  void filesComeFromTextsFoldersAndResources(BeamwrightStore store) throws Exception {
    Files.writeString(
        Files.createDirectories(temp.resolve("a/b")).resolve("c.txt"), "from a folder");

    store.put("texts", Map.of("/x/y.txt", "ä", "z", "")).assertFiles("/x/y.txt", "/z");
    store.put("folder", temp.resolve("a")).assertText("/b/c.txt", "from a folder\n");
    store
        .putResources("resources", BeamwrightStoreTest.class, "code/count.sh")
        .assertFiles("/count.sh");

    assertThat(store.commit("texts").text("/x/y.txt")).isEqualTo("ä");
    StoredCommit again = store.put("folder", temp.resolve("a"));
    assertThat(again.id()).isEqualTo(store.commit("folder").id());
  }

  @Test
  void whatIsNotThereIsNamed(BeamwrightStore store) {
    store.put("in", Map.of("/x.txt", "1"));

    assertThatThrownBy(() -> store.putResources("in", BeamwrightStoreTest.class, "nowhere"))
        .isInstanceOf(UserFault.class)
        .hasMessage(
            "There is no resource \"nowhere\" beside " + BeamwrightStoreTest.class.getName() + ".");
    assertThatThrownBy(() -> store.put("in", Map.of("/../x", "")))
        .hasMessage("\"/../x\" is no path of a file.");
    assertThatThrownBy(() -> store.commit("in").text("/y.txt")).hasMessageContaining("/y.txt");
    assertThatThrownBy(() -> store.withRunner("tractor", Map.of()))
        .hasMessage("There is no runner \"tractor\"; there are: direct.");
    assertThatThrownBy(() -> store.tryRun("{\"pipeline\": {}}")).isInstanceOf(SpecFault.class);
    assertThatThrownBy(() -> store.run("{\"pipeline\": {}}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the spec of the test")
        .hasMessageContaining("name");
  }

  @Test
  void aSpecThatIsAResourceFindsItsCode(BeamwrightStore store) {
    store.put("in", Map.of("/a", "1\n2\n", "/b", "3\n"));

    FinishedRun run =
        store.run(BeamwrightStore.specResource(BeamwrightStoreTest.class, "count.json"));

    assertThat(run.ran("count")).isEqualTo(2);
    assertThat(run.reused("count")).isZero();
    run.commit("count").assertText("/a", "2\n");
  }

  @Test
  void aRunThatFailsTellsItsStageItsDatumAndItsLastLines(BeamwrightStore store) {
    store.put("in", Map.of("/bad.txt", "1", "/good.txt", "2"));

    FinishedRun run = store.tryRun(COPY);

    assertThat(run.states())
        .containsEntry("copy", "FAILURE ran 2 reused 0")
        .containsEntry("after", "UNRUNNABLE");
    assertThat(run.failures())
        .startsWith("stage copy failed: 1 of 2 datums failed.\n  datum ")
        .contains(" (in:/bad.txt): ")
        .contains("\n    | seen\n    | it is bad\n")
        .contains("stage after did not run: ");
    run.assertFailure("copy", "it is bad");
    assertThatThrownBy(() -> run.assertFailure("copy", "it is worse"))
        .hasMessageStartingWith(
            "The stage copy failed, but not with \"it is worse\":\nstage copy failed");
    assertThatThrownBy(() -> run.assertFailure("after", ""))
        .hasMessage("The stage after did not fail: it is UNRUNNABLE.");
    assertThatThrownBy(() -> run.commit("copy"))
        .hasMessageStartingWith("The stage copy has no commit.\nstage copy failed");
    assertThatThrownBy(() -> run.commit("cop"))
        .hasMessage("The run has no stage \"cop\"; its stages are copy, after.");
    assertThatThrownBy(run::assertNothingRan)
        .hasMessageStartingWith(
            "Nothing was to run, and there ran:\n  copy: FAILURE ran 2 reused 0, ");
    assertThatThrownBy(() -> store.run(COPY))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("The run failed.\nstage copy failed: 1 of 2 datums failed.");
  }

  @Test
  void aTableIsReadAndWhatDiffersIsTold(BeamwrightStore store) {
    store.put("in", Map.of("/t.csv", "k,v\na,1\nb,\na,1\n"));
    StoredCommit table =
        store
            .run(
                """
                {"pipeline": {"name": "table"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
                 "transform": {"beam": [{"type": "ReadFromCsv"}]}}
                """)
            .commit("table");

    table.assertRows("a|1", "a|1", "b|null");
    assertThat(table.rows().columns()).containsExactly("k", "v");
    assertThat(table.rows().column("v")).isEqualTo(Arrays.asList(1L, null, 1L));
    assertThat(table.rows(table.paths().get(0))).isEqualTo(table.rows());
    assertThatThrownBy(() -> table.rows().column("w"))
        .hasMessage("There is no column \"w\"; there are k, v.");
    String revision = table.toString();
    assertThatThrownBy(() -> table.assertRows("a|1", "b|2"))
        .hasMessage(
            revision
                + " has other rows than expected:\n  columns:  k|v\n  missing:  b|2\n  too many: b|null"
                + "\n  too many: a|1");
    assertThatThrownBy(() -> table.assertFiles("/x.parquet"))
        .hasMessage(
            revision
                + " has other files than expected:\n  missing:  /x.parquet\n  too many: /part-00000.parquet");
    assertThatThrownBy(() -> store.commit("in").rows())
        .hasMessage("in has no table; its files are /t.csv.");
    assertThatThrownBy(() -> store.commit("in").assertText("/t.csv", "k,v\na,2\n"))
        .hasMessage("in:/t.csv, line 2:\n  expected: a,2\n  found:    a,1");
    assertThatThrownBy(() -> store.commit("in").assertText("/t.csv", "k,v\na,1\nb,\n"))
        .hasMessage("in:/t.csv, line 4:\n  expected: the end\n  found:    a,1");
  }
}
