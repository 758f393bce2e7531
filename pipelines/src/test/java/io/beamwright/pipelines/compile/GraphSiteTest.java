// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.transforms.datum.Worker;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where workers see another store than who submitted, or none. */
class GraphSiteTest {

  private static final Sha256 JOB = Sha256.of(new byte[] {1});
  private static final Sha256 OTHER = Sha256.of(new byte[] {2});

  @TempDir Path folder;

  private StorageLocation location(String name) {
    return StorageLocation.parse("file:" + folder.resolve(name));
  }

  private GraphSite site(String name, Sha256 job, long attempt) {
    return new GraphSite(location(name), job.hex(), attempt);
  }

  private long attempt(String name, Sha256 job) {
    try (Store store = Store.openOrCreate(location(name).open())) {
      return store.attempts().begin(job, "run", "stage", Instant.EPOCH, 1, 1).number();
    }
  }

  @Test
  void theStoreOfTheAttemptIsOpened() {
    attempt("store", OTHER);
    long ours = attempt("store", JOB);

    try (Store store = site("store", JOB, ours).open()) {
      assertThat(store.attempts().at(ours)).isPresent();
    }
  }

  @Test
  void noStoreIsAFaultOfTheMachineThatNamesTheWorker() {
    assertThatThrownBy(() -> site("nothing", JOB, 0).open())
        .isInstanceOf(EnvironmentFault.class)
        .hasMessage(
            "The worker %s sees no store at %s."
                .formatted(Worker.NAME, location("nothing").root()));
  }

  @Test
  void anotherStoreIsTooWhateverAttemptsItHas() {
    long ours = attempt("store", JOB);
    Store.openOrCreate(location("empty").open()).close();
    assertThat(attempt("other", OTHER)).isEqualTo(ours);

    for (String name : new String[] {"empty", "other"}) {
      assertThatThrownBy(() -> site(name, JOB, ours).open())
          .isInstanceOf(EnvironmentFault.class)
          .hasMessage(
              "The worker %s sees another store at %s than the run."
                  .formatted(Worker.NAME, location(name).root()));
    }
  }
}
