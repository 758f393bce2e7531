// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.program.BubblewrapExecutor;
import io.beamwright.transforms.program.Bubblewrapped;
import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Executors;
import io.beamwright.transforms.program.SandboxUse;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BubblewrapDatumRunnerTest extends DatumRunnerContract {

  private static final BubblewrapExecutor BUBBLEWRAP = new BubblewrapExecutor();

  @BeforeAll
  static void skipWhereThereIsNone() {
    Bubblewrapped.require(BUBBLEWRAP);
  }

  @Override
  Executor executor() {
    return BUBBLEWRAP;
  }

  @Test
  void itIsChosenWhereItWorks() {
    Executors.Choice choice = Executors.choose(SandboxUse.REQUIRED);
    assertThat(choice.executor().name()).isEqualTo("bubblewrap");
    assertThat(choice.warning()).isEmpty();
  }

  @Test
  void aLinkOutOfTheSandboxIsNotFollowedOnThisMachine() throws Exception {
    assertThat(reasonOf("ln -s /etc/shadow /pfs/out/shadow"))
        .contains("The output /shadow is a link to nothing: /etc/shadow is not in the sandbox");
    assertThat(reasonOf("ln -s /proc/1/environ /pfs/out/p"))
        .contains("/proc is not in the sandbox");
    Map<String, String> texts = bench.texts(runScript("ln -s /etc/passwd /pfs/out/passwd"));
    assertThat(texts.get("/passwd")).contains("datum:x:1000").doesNotContain("daemon");
  }
}
