// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static io.beamwright.transforms.datum.Bench.datum;
import static io.beamwright.transforms.datum.Bench.input;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.beamwright.transforms.program.BubblewrapExecutor;
import io.beamwright.transforms.program.Bubblewrapped;
import io.beamwright.transforms.program.Executors;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of datums that one thread runs one after another. */
@Timeout(60)
class ManyDatumsTest {

  private static final BubblewrapExecutor BUBBLEWRAP = new BubblewrapExecutor();

  // Leaves something wherever a program may, and takes away from us what it may.
  private static final String LEAVES_ALL_IT_CAN =
      """
      (cd $PFS/.. && find pfs tmp home | sort | xargs stat -c '%n %A %s %h')
      cat $PFS/in/x >$PFS/out/x
      mkdir $PFS/out/empty && chmod 000 $PFS/out/empty
      for place in $PFS/../tmp $HOME; do
        mkdir $place/sub && echo left >$place/sub/left && ln -s / $place/root
        echo left >$place/.left && chmod 000 $place/sub/left && chmod 500 $place/sub
        chmod 000 $place
      done
      [ "$(cat $PFS/in/x)" != 3 ] || exit 1
      """;

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void openStore() throws IOException {
    bench = new Bench(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    bench.closeAndFindNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "bubblewrap"})
  void nothingThatADatumLeavesIsThereForTheNext(String executor) throws Exception {
    List<DatumOutcome> outcomes =
        run(program(executor, "sh", "-c", LEAVES_ALL_IT_CAN), datums(8), LiveOutput.UNSEEN);

    assertThat(outcomes.remove(3)).isInstanceOf(DatumOutcome.Failed.class);
    assertThat(outcomes).hasSize(7).allMatch(each -> each instanceof DatumOutcome.Success);
    assertThat(outcomes.stream().map(bench::log).distinct())
        .singleElement()
        .asString()
        .contains("pfs/out d", "pfs/in/x -r--r--r-- 1 1", "tmp d", "home d")
        .doesNotContain("left");
    assertThat(outcomes.stream().map(each -> bench.texts(each).toString()))
        .containsExactly("{/x=0}", "{/x=1}", "{/x=2}", "{/x=4}", "{/x=5}", "{/x=6}", "{/x=7}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "bubblewrap"})
  void oneRunsAtATimeAndBesideItTheNextIsMadeReady(String executor) throws Exception {
    List<String> told = new ArrayList<>();
    List<Datum> datums = datums(5);
    run(
        program(executor, "true"),
        datums,
        told(
            told,
            key -> {
              // The last has nothing after it.
              if (!key.equals(datums.get(4).key().hex())) {
                awaitInputs(2);
              }
            }));
    assertThat(told)
        .containsExactlyElementsOf(
            datums.stream()
                .flatMap(each -> Stream.of("begin ", "close ").map(w -> w + each.key().hex()))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "bubblewrap"})
  void aDatumThatCannotBeMadeReadyFailsAloneAndInItsTurn(String executor) throws Exception {
    List<Datum> datums = new ArrayList<>(datums(4));
    FileEntry broken = bench.file("t.parquet", "no table");
    datums.set(2, datum(input("in", View.CSV, broken)));
    List<DatumOutcome> outcomes = run(program(executor, "true"), datums, LiveOutput.UNSEEN);
    assertThat(outcomes.stream().map(each -> each instanceof DatumOutcome.Success))
        .containsExactly(true, true, false, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "bubblewrap"})
  void whoIsInterruptedLeavesNothing(String executor) throws Exception {
    List<String> told = new ArrayList<>();
    LiveOutput interrupts =
        told(
            told,
            key -> {
              awaitInputs(2);
              Thread.currentThread().interrupt();
            });
    assertThatThrownBy(() -> run(program(executor, "sleep", "1000"), datums(5), interrupts))
        .isInstanceOf(InterruptedException.class);
    assertThat(told).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16 << 20, (16 << 20) + 1})
  void aLargeDatumWaitsForTheOneBefore(int size) throws Exception {
    List<Runnable> begun = new ArrayList<>();
    Beside beside =
        new Beside(
            datum -> {
              throw new AssertionError("nobody ran what was to be run");
            },
            begun::add);
    beside.prepare(datum(input("in", bench.file("x", "x".repeat(size)))));
    assertThat(begun).hasSize(size > 16 << 20 ? 0 : 1);
  }

  private List<Datum> datums(int count) throws IOException {
    List<Datum> datums = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      datums.add(datum(input("in", bench.file("x", Integer.toString(i)))));
    }
    return datums;
  }

  private static ProgramTransform program(String executor, String... cmd) {
    if (executor.equals(BubblewrapExecutor.NAME)) {
      Bubblewrapped.require(BUBBLEWRAP);
    }
    return new Bench.Program(executor, Executors.usable(executor).contractVersion(), cmd)
        .transform();
  }

  private List<DatumOutcome> run(ProgramTransform program, List<Datum> datums, LiveOutput live)
      throws InterruptedException {
    List<DatumOutcome> outcomes = new ArrayList<>();
    try (DatumRunner runner = bench.runner(program, live);
        Packer packer = bench.packer()) {
      runner.runAll(
          datums,
          packer,
          (datum, outcome) -> {
            assertThat(datum).isSameAs(datums.get(outcomes.size()));
            outcomes.add(outcome);
          });
      packer.flush();
    }
    return outcomes;
  }

  private interface Beginning {
    void of(String key);
  }

  private static LiveOutput told(List<String> told, Beginning beginning) {
    return key ->
        new LiveOutput.OfDatum() {
          @Override
          public void begin(int number, byte[] earlier, ProgramLog log) {
            told.add("begin " + key.hex());
            beginning.of(key.hex());
          }

          @Override
          public void close() {
            told.add("close " + key.hex());
          }
        };
  }

  /** Waits until the input files of {@code count} datums lie in the scratch folder. */
  private void awaitInputs(int count) {
    long deadline = System.nanoTime() + SECONDS.toNanos(20);
    while (inputs() < count) {
      if (System.nanoTime() > deadline) {
        fail("the next datum's files do not come");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private long inputs() {
    try (Stream<Path> workers = Files.list(bench.scratch)) {
      long count = 0;
      for (Path worker : workers.toList()) {
        try (Stream<Path> roots = Files.list(worker)) {
          count += roots.filter(root -> Files.exists(root.resolve("pfs/in/x"))).count();
        }
      }
      return count;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
