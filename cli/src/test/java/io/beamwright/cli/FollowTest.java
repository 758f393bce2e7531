// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code logs --follow} of a job that other processes run, of which one is killed. */
class FollowTest {

  // Printed, and long enough after that for the flush that is due after five seconds.
  private static final String SPEC =
      """
      {"pipeline": {"name": "slow"}, "input": {"pfs": {"repo": "lines", "glob": "/"}},
       "transform": {"cmd": ["sh"], "stdin": ["echo early", "sleep 7", "echo late"]}}
      """;

  @TempDir private Path folder;

  @Test
  void aJobIsHeardWhileItRunsAndOnWhereItsProcessIsKilledAndAnotherTakesItsPlace()
      throws Exception {
    CliStore store = new CliStore(folder);
    store.fine("create", "repo", "lines");
    store.put("lines@master:/a", "1\n");
    String spec = store.file("spec.json", SPEC).toString();
    String[] run = {"--store", store.uri(), "run", spec};
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Watched watched = new Watched("early\n");
    try (ChildJvm killed = ChildJvm.start(OneCommand.class, run)) {
      awaitJob(store);
      Future<Exit> followed = thread.submit(() -> follow(store, watched));

      assertThat(watched.seen.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(watched.toString(UTF_8)).as("while the program runs").isEqualTo("early\n");
      killed.close();

      try (ChildJvm another = ChildJvm.start(OneCommand.class, run)) {
        assertThat(another.end().lines()).containsExactly("exit 0");
      }
      assertThat(followed.get(120, TimeUnit.SECONDS)).isEqualTo(Exit.FINE);
    } finally {
      thread.shutdownNow();
    }
    assertThat(watched.toString(UTF_8))
        .matches(
            """
            early

            ==> datum \\w{12} \\(lines:/\\) begins anew: it is run once more <==
            early
            late
            """);
    assertThat(store.fine("logs", "slow")).isEqualTo("early\nlate\n");
  }

  private static void awaitJob(CliStore store) throws InterruptedException {
    while (store.run("logs", "slow").exit() != Exit.FINE) {
      Thread.onSpinWait();
    }
  }

  private static Exit follow(CliStore store, Watched out) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            out,
            new ByteArrayOutputStream(),
            false,
            System::nanoTime);
    return new Beamwright(console, Map.of())
        .run(List.of("--store", store.uri(), "logs", "--follow", "slow"));
  }

  /** Standard output that says when a text is in it. */
  private static final class Watched extends ByteArrayOutputStream {
    private final String text;
    private final CountDownLatch seen = new CountDownLatch(1);

    Watched(String text) {
      this.text = text;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      if (toString(UTF_8).contains(text)) {
        seen.countDown();
      }
    }
  }
}
