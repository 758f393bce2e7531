// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However a JVM goes, its programs go with it, and their files with the next one. */
@Timeout(180)
class ProgramsEndTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  // What it leaves is not its child any more: one is of another session, one without environment.
  private static final String LEAVES_OTHERS =
      "echo begun; (setsid sh -c 'while :; do sleep 0.05; done' \"$0\" &);"
          + " (env -i /bin/sh -c 'while :; do sleep 0.05; done' \"$0\" &); sleep 0.3";

  // It ends at once, so that at each moment another is about to begin.
  private static final String LEAVES_ONE =
      "(env -i /bin/sh -c 'while :; do sleep 0.05; done' \"$0\" &)";

  @TempDir private Path folder;

  /** Programs one after the other, in a process of its own, until somebody ends it. */
  static final class Programs {

    private Programs() {}

    /**
     * @param words a folder for files, a text to know the programs by, and their script
     */
    public static void main(String[] words) throws Exception {
      Path parent = Path.of(words[0]);
      List<Thread> threads = new ArrayList<>();
      for (Executor executor : List.of(new ProcessExecutor(), new BubblewrapExecutor())) {
        if (executor.availability() instanceof Availability.Usable) {
          threads.add(new Thread(() -> runForEver(executor, parent, words)));
          threads.add(new Thread(() -> runForEver(executor, parent, words)));
        }
      }
      threads.forEach(Thread::start);
      System.out.println("begun");
    }

    private static void runForEver(Executor executor, Path parent, String... words) {
      try (Scratch scratch = Scratch.under(parent)) {
        while (true) {
          executor.run(
              new Invocation(
                  Workspace.createUnder(scratch.folder(), executor.owner()),
                  List.of("sh", "-c", words[2], words[1]),
                  List.of(),
                  Map.of(),
                  Optional.empty(),
                  Optional.empty(),
                  new ProgramLog()));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void programsAreGoneSoonAfterTheirJvmAtTenRandomMoments() throws Exception {
    endAtRandomMoments(LEAVES_OTHERS, 3, List.of("-KILL ", "-KILL -", "-TERM ", "-HUP ", "-INT -"));
  }

  /** A JVM that is told to end waits for them; one that is killed may lose one of these. */
  @Test
  void programsThatAreJustBeginningAreGoneSoonAfterTheirJvm() throws Exception {
    endAtRandomMoments(LEAVES_ONE, 1, List.of("-TERM ", "-HUP ", "-INT -"));
  }

  private void endAtRandomMoments(String script, int processes, List<String> kills)
      throws Exception {
    Passable.make(folder);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2 * kills.size(); i++) {
      String kill = kills.get(i % kills.size());
      String name = "beamwright-ends-" + ProcessHandle.current().pid() + "-" + i;
      Process jvm = start(script, processes, name);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(700)));
      assertThat(jvm.isAlive()).as("it runs, seed %d", seed).isTrue();

      assertThat(new ProcessBuilder("sh", "-c", "kill " + kill + jvm.pid()).start().waitFor())
          .isZero();

      long deadline = System.nanoTime() + SOON.toNanos();
      while (jvm.isAlive() || !ExecutorContract.processesCalled(name).isEmpty()) {
        assertThat(System.nanoTime())
            .as("kill %s, seed %d: %s", kill, seed, ExecutorContract.processesCalled(name))
            .isLessThan(deadline);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
    try (Scratch next = Scratch.under(folder)) {
      Path own = next.folder();
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left).containsExactly(own);
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** A JVM in a group of its own, when its programs run. */
  private Process start(String script, int processes, String name) throws IOException {
    List<String> command =
        List.of(
            "setsid",
            // Whoever runs the tests under nohup ignores it, and so would the JVM.
            "env",
            "--default-signal=HUP",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Programs.class.getName(),
            folder.toString(),
            name,
            script);
    Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = jvm.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("begun");
    while (ExecutorContract.processesCalled(name + "\0").size() < processes) {
      assertThat(jvm.isAlive()).isTrue();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return jvm;
  }

  @Test
  void whatALivingProcessHasIsNotDeleted() throws Exception {
    try (Scratch living = Scratch.under(folder)) {
      Path file = Files.createFile(living.folder().resolve("file"));
      Path elsewhere = Files.createDirectory(folder.resolve("beamwright-1-notlocked"));
      Path other = Files.createFile(elsewhere.resolve("file"));

      Scratch.sweep(folder);

      assertThat(file).exists();
      // Somebody may be locking it at this moment.
      assertThat(other).exists();
    }
  }

  @Test
  void whatAProcessLeftThatDiedBeforeItsLockIsGoneAndOneThatLivesMakesAnother() throws Exception {
    Path left = Files.createDirectory(folder.resolve("beamwright-1-left"));
    Scratch.sweep(folder);
    assertThat(left).doesNotExist();

    AtomicBoolean done = new AtomicBoolean();
    Thread sweeping =
        new Thread(
            () -> {
              while (!done.get()) {
                for (File each : Objects.requireNonNull(folder.toFile().listFiles())) {
                  var unused = each.delete();
                }
              }
            });
    sweeping.start();
    try {
      for (int i = 0; i < 200; i++) {
        try (Scratch living = Scratch.under(folder)) {
          assertThat(living.folder().resolve("lock")).exists();
        }
      }
    } finally {
      done.set(true);
      sweeping.join();
    }
  }
}
