// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who kills the launcher ends what it started. */
@Timeout(60)
class LauncherWatchTest {

  // As the launcher does it.
  private static final String LAUNCHER =
      "export BEAMWRIGHT_LAUNCHER_PID=$$; \"$@\" & echo $$; echo $!; wait";

  /** A process that only its launcher's end ends. */
  static final class Waits {

    private Waits() {}

    /**
     * @param words none
     */
    public static void main(String[] words) throws InterruptedException {
      try (LauncherWatch unused = LauncherWatch.begin(System.getenv())) {
        System.out.println("begun");
        Thread.currentThread().join();
      }
    }
  }

  @Test
  void whenTheLauncherIsKilledItsProcessEnds() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", LAUNCHER, "sh"));
    command.addAll(ChildJvm.command(Waits.class, List.of(), List.of()));
    try (ChildJvm launched = ChildJvm.start(command)) {
      long launcher = Long.parseLong(launched.nextLine());
      ProcessHandle jvm = ProcessHandle.of(Long.parseLong(launched.nextLine())).orElseThrow();
      assertThat(launched.nextLine()).isEqualTo("begun");

      assertThat(ProcessHandle.of(launcher).orElseThrow().destroyForcibly()).isTrue();

      jvm.onExit().get(20, TimeUnit.SECONDS);
      assertThat(jvm.isAlive()).isFalse();
    }
  }
}
