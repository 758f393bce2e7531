// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.RacedCommits;
import org.junit.jupiter.api.Test;

/** {@code benchmarks/raced-commits.py} makes 10,000. */
class HdfsRacedCommitsTest {

  @Test
  void ofProcessesThatRaceToCommitNoCommitIsLost() throws Exception {
    String uri = RealHdfs.newRoot(RealHdfs.shared().uri()).toString();

    RacedCommits raced = RacedCommits.race(uri, 60, 2, 4);

    assertThat(raced.failures()).isEmpty();
    assertThat(raced.commits()).isEqualTo(60);
    assertThat(raced.lost()).isZero();
  }
}
