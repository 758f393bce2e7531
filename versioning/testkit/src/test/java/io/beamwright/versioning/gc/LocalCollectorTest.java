// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCollectorTest {

  private static final int WRITERS = 4;
  private static final String SECONDS = "50";

  @TempDir private Path folder;

  @Test
  void whatFourProcessesPutBesideOneThatCollectsIsWhole() throws Exception {
    Path root = folder.resolve("store");
    try (Store store = Store.openOrCreate(new LocalStorage(root))) {
      var unused = store.repos().create("r", "", "ann", Instant.EPOCH);
    }
    List<ChildJvm> children = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      children.add(
          ChildJvm.start(CollectorProcess.class, root.toString(), Integer.toString(i), SECONDS));
    }
    children.add(ChildJvm.start(CollectorProcess.class, root.toString(), "collect", SECONDS));
    for (ChildJvm child : children) {
      ChildJvm.Ended ended = child.end();
      assertThat(ended.exitCode()).as(() -> String.join("\n", ended.lines())).isZero();
      String done = ended.lines().get(ended.lines().size() - 1);
      assertThat(Integer.parseInt(done.substring("done ".length()))).isPositive();
    }
    try (Store store = Store.open(new LocalStorage(root))) {
      Repo repo = store.repos().require("r");
      for (RefHead head : store.repos().refs(repo).list()) {
        CommitId id = head.commit().orElseThrow();
        store.history().newestFirst(List.of(id)).forEach(commit -> requireWhole(store, commit));
      }
    }
  }

  private static void requireWhole(Store store, History.Named commit) {
    store
        .history()
        .files(commit.commit())
        .files()
        .forEach(
            file -> {
              String content = new String(store.files().readAll(file.file()), UTF_8);
              assertThat(file.path().text()).startsWith("/" + content.replace(' ', '-') + "-");
            });
  }
}
