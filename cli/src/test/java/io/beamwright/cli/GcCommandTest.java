// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcCommandTest {

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeGarbage() throws Exception {
    store = new CliStore(folder);
    store.fine("create", "repo", "prices");
    store.put("prices@master:/a", "needed");
    store.put("prices@other:/b", "not needed for long");
    store.fine("delete", "branch", "prices@other");
  }

  @Test
  void itListsAndADayLaterDeletes() throws Exception {
    store.age(10);
    JsonNode would = store.json("gc", "--dry-run");
    JsonNode listed = store.json("gc");

    assertThat(would.path("dry_run").booleanValue()).isTrue();
    assertThat(listed.path("listed").path("totals")).isEqualTo(would.path("listed").path("totals"));
    assertThat(listed.path("listed").path("totals").path("objects").path("bytes").intValue())
        .isEqualTo("not needed for long".length());
    assertThat(listed.path("listed").path("commits_by_repo").path("prices").intValue())
        .isEqualTo(1);

    Ran early = store.run("gc");
    assertThat(early.exit().code()).isEqualTo(5);
    assertThat(early.err())
        .contains("There is a list of what will be deleted already, with ")
        .contains("Run gc again from ");

    store.age(2);
    String swept = store.fine("gc");
    assertThat(swept).contains("deleted: ").contains("objects: 1 things of 19 bytes");
    assertThat(store.fine("get", "file", "prices@master:/a")).isEqualTo("needed");
  }

  @Test
  void aBranchThatWasDeletedLatelyIsKept() throws Exception {
    assertThat(store.fine("gc")).contains("nothing to list: everything is needed");
  }

  @Test
  void aSpanThatIsRaisedToTheGraceIsTold() {
    assertThat(store.run("gc", "--dry-run", "--keep-refs", "1h").err())
        .contains("--keep-refs 1h is raised to the grace, 24h: ")
        .doesNotContain("--keep-results");
    assertThat(store.run("gc", "--dry-run", "--grace", "8d", "--keep-refs", "9d").err())
        .contains("--keep-results (7d) is raised to the grace, 8d: ")
        .doesNotContain("--keep-refs");
    assertThat(store.run("gc", "--dry-run").err()).isEmpty();
  }

  @Test
  void aGraceThatNoWriterCouldNoticeIsRefused() {
    Ran ran = store.run("gc", "--grace", "9m");

    assertThat(ran.exit().code()).isEqualTo(2);
    assertThat(ran.err()).contains("--grace is 9m, and has to be 10m or more");
    assertThat(store.run("gc", "--grace", "soon").err())
        .contains("--grace is \"soon\", which is no span of time: write 90m, 24h or 2d.");
  }

  @Test
  void aRuleIsSetShownAndCleared() throws Exception {
    assertThat(store.fine("set", "retention", "prices", "--keep-last", "3", "--keep-days", "7"))
        .isEqualTo("prices: keep the last 3 of each branch, keep 7 days\n");
    assertThat(store.json("inspect", "repo", "prices").path("retention").path("keep_last"))
        .hasToString("3");
    assertThat(store.fine("inspect", "repo", "prices"))
        .contains("retention    keep the last 3 of each branch, keep 7 days");

    store.fine("set", "retention", "prices", "--clear");
    assertThat(store.json("inspect", "repo", "prices").path("retention").isNull()).isTrue();
  }

  @Test
  void aRuleOfNothingIsRefused() {
    assertThat(store.run("set", "retention", "prices").exit().code()).isEqualTo(2);
    Ran ran = store.run("set", "retention", "prices", "--keep-last", "0");
    assertThat(ran.exit().code()).isEqualTo(3);
    assertThat(ran.err()).contains("--keep-last is 0, and has to be 1 or more.");
  }

  @Test
  void filesThatARuleLetGoAreToldToBe() throws Exception {
    store.put("prices@master:/a", "newer");
    store.fine("set", "retention", "prices", "--keep-last", "1");
    store.age(10);
    store.fine("gc");
    store.age(2);
    store.fine("gc");

    Ran ran = store.run("get", "file", "prices@master^:/a");

    assertThat(ran.exit().code()).isEqualTo(3);
    assertThat(ran.err())
        .contains("The files of commit ")
        .contains(" were dropped on ")
        .contains("keep the last 1 of each branch");
    assertThat(store.fine("get", "file", "prices@master:/a")).isEqualTo("newer");
  }
}
