// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static io.beamwright.transforms.datum.Bench.datum;
import static io.beamwright.transforms.datum.Bench.input;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Mount;
import io.beamwright.transforms.program.NativeText;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds of datums run by any executor; a test of one gives the instance. */
@Timeout(60)
abstract class DatumRunnerContract {

  @TempDir Path folder;
  Bench bench;

  abstract Executor executor();

  @BeforeEach
  void openStore() throws IOException {
    bench = new Bench(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    bench.closeAndFindNothingLeft();
  }

  @Test
  void aProgramMakesFilesOfFiles() throws Exception {
    String script =
        """
        import os
        pfs = os.environ['PFS']
        os.makedirs(pfs + '/out/models/empty')
        open(pfs + '/out/models/m.bin', 'w').write(open(pfs + '/training/a/x').read())
        open(pfs + '/out/run.sh', 'w').close()
        os.chmod(pfs + '/out/run.sh', 0o755)
        print('trained')
        """;
    FileEntry code = bench.file("lib/train.py", script);
    DatumOutcome outcome =
        bench.run(
            program("python3", "/code/lib/train.py").code(bench.tree(code)).transform(),
            datum(input("training", bench.file("a/x", "rows"), bench.file("a/y", "more"))));
    assertThat(bench.texts(outcome)).isEqualTo(Map.of("/models/m.bin", "rows", "/run.sh", ""));
    assertThat(executables(outcome)).containsExactly("/run.sh");
    assertThat(bench.log(outcome)).isEqualTo("trained\n");
    assertThat(outcome.facts().path("exit_code").intValue()).isZero();
    assertThat(outcome.facts().path("tries").intValue()).isEqualTo(1);
    assertThat(outcome.facts().path("executor").asText()).isEqualTo(executor().name());
    assertThat(outcome.facts().at("/bytes/in").longValue()).isEqualTo(8);
    assertThat(outcome.facts().at("/bytes/out").longValue()).isEqualTo(4);
    assertThat(outcome.facts().at("/executable/path").asText())
        .isEqualTo(Path.of("/usr/bin/python3").toRealPath().toString());
    assertThat(outcome.facts().path("milliseconds").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("materialise", "run", "store");
  }

  @Test
  void theProgramIsToldOfItsDatum() throws Exception {
    DatumInput first = input("training", bench.file("b", ""), bench.file("a/x", ""));
    DatumInput second = input("my-model", bench.file("m", ""));
    DatumInput odd = input("PATH", bench.file("p", ""));
    Datum datum = datum(first, second, odd);
    DatumOutcome outcome =
        bench.run(
            program("env").env(Map.of("DEPTH", "3", "PACH_JOB_ID", "mine")).transform(), datum);
    Map<String, String> env =
        bench.log(outcome).lines().collect(Collectors.toMap(l -> name(l), l -> value(l)));
    assertThat(env)
        .containsEntry("DEPTH", "3")
        .containsEntry("training", env.get("PFS") + "/training/a/x")
        .containsEntry("my-model", env.get("PFS") + "/my-model/m")
        .containsEntry("training_COMMIT", Bench.COMMIT.hex())
        .containsEntry("PACH_JOB_ID", "job-1")
        .containsEntry("PACH_OUTPUT_COMMIT_ID", "job-1")
        .containsEntry("PACH_DATUM_ID", datum.key().hex())
        .containsEntry("PPS_PIPELINE_NAME", "train");
    assertThat(env.get("PATH")).startsWith("/usr/local/sbin:");
    assertThat(env).doesNotContainKeys("BEAMWRIGHT_TEST_LEAK", "JAVA_HOME", "USER");
  }

  @Test
  void inputsKeepTheirExecutableBitAndAreReadOnly() throws Exception {
    DatumOutcome outcome =
        bench.run(
            program("sh", "-c", "stat -c '%a %Y' $PFS/in/run $PFS/in/d/data $PFS/in/d; $PFS/in/run")
                .transform(),
            datum(
                input(
                    "in", bench.script("run", "#!/bin/sh\necho ran"), bench.file("d/data", "1"))));
    assertThat(bench.log(outcome)).isEqualTo("555 315532800\n444 315532800\n555 315532800\nran\n");
  }

  @Test
  void aLinkToAnInputIsAReferenceAndItsBytesAreNotRead() throws Exception {
    FileEntry input = bench.script("d/x", "precious");
    DatumOutcome outcome =
        bench.run(
            program("sh")
                .stdin(
                    "cd /pfs/out",
                    "ln -s /pfs/in/d/x absolute",
                    "mkdir deep; ln -s ../../in/d/x deep/relative",
                    "ln -s absolute chain",
                    "ln -s /pfs/in/d folder")
                .transform(),
            datum(input("in", input)));
    DatumOutcome.Success success = (DatumOutcome.Success) outcome;
    assertThat(success.outputs()).allMatch(output -> output instanceof DatumOutput.Referenced);
    assertThat(success.outputs().stream().map(output -> output.path().text()))
        .containsExactly("/absolute", "/chain", "/deep/relative", "/folder/x");
    assertThat(success.outputs()).allMatch(output -> output.entry().file().equals(input.file()));
    assertThat(executables(outcome)).hasSize(4);
  }

  @Test
  void aLinkElsewhereIsItsContent() throws Exception {
    Sha256 code = bench.tree(bench.file("weights", "w"));
    DatumOutcome outcome =
        bench.run(
            program("sh")
                .code(code)
                .stdin(
                    "cd /pfs/out",
                    "mkdir ${TMPDIR:-/tmp}/d; echo t > ${TMPDIR:-/tmp}/d/t",
                    "ln -s ${TMPDIR:-/tmp}/d tmp",
                    "ln -s /code/weights w",
                    "echo o > original; ln -s original copy",
                    "ln -s /usr/bin/env env")
                .transform(),
            datum(input("in", bench.file("x", ""))));
    Map<String, String> texts = bench.texts(outcome);
    assertThat(texts.keySet()).containsExactly("/copy", "/env", "/original", "/tmp/t", "/w");
    assertThat(texts).containsEntry("/tmp/t", "t\n").containsEntry("/copy", "o\n");
    assertThat(texts.get("/w")).isEqualTo("w");
    assertThat(executables(outcome)).containsExactly("/env");
  }

  @Test
  void whatCannotBeKeptFailsTheDatumAndIsNamed() throws Exception {
    assertThat(reasonOf("ln -s /nowhere/at/all $PFS/out/lost"))
        .contains("The output /lost is a link to nothing", "/nowhere");
    assertThat(reasonOf("mkdir $PFS/out/a; ln -s .. $PFS/out/a/up"))
        .contains("The output folder /a/up is a link to a folder that holds it");
    assertThat(reasonOf("ln -s b $PFS/out/a; ln -s a $PFS/out/b")).contains("goes round in links");
    assertThat(reasonOf("mkfifo $PFS/out/pipe"))
        .contains("The output /pipe is a named pipe, a socket or a device");
    assertThat(reasonOf("touch \"$PFS/out/$(printf 'a\\nb')\"")).contains("control character");
    assertThat(reasonOf("touch \"$PFS/out/$(printf 'a\\377b')\"")).contains("is not UTF-8");
  }

  /** Deeper than a stack, than the files that a process may open, and than a path can name. */
  @Test
  void anOutputOfAnyDepthIsKeptOrFailsItsDatumAndCanBeDeleted() throws Exception {
    String deep =
        "import os\nos.chdir(os.environ['PFS'] + '/out')\n"
            + "for i in range(%d):\n  os.mkdir('%s')\n  os.chdir('%s')\n"
            + "open('f', 'w').close()\nos.chmod('.', 0)\n";
    DatumOutcome kept =
        bench.run(program("python3", "-c", deep.formatted(1500, "d", "d")).transform(), anyDatum());
    assertThat(bench.texts(kept)).containsOnlyKeys("/d".repeat(1500) + "/f");
    for (String tooDeep :
        List.of(
            deep.formatted(40, "x".repeat(250), "x".repeat(250)),
            deep.formatted(200, "é".repeat(25), "é".repeat(25)))) {
      DatumOutcome.Failed failed =
          failed(bench.run(program("python3", "-c", tooDeep).transform(), anyDatum()));
      assertThat(failed.culprit()).isEqualTo(DatumOutcome.Culprit.DATUM);
      assertThat(failed.reason()).contains("… lies too deep").hasSizeLessThan(300);
    }
  }

  @Test
  void linksThatMultiplyAreCounted() throws Exception {
    String bomb =
        "cd $PFS/out; mkdir d0; for i in $(seq 30); do mkdir d$i;"
            + " for l in a b; do ln -s ../d$((i - 1)) d$i/$l; done; done";
    assertThat(reasonOf(bomb)).contains("more than 20000 links to folders");
  }

  @Test
  void socketsAndFoldersThatNobodyMayEnterAreNamedOrKept() throws Exception {
    assertThat(
            reasonOf(
                "cd $PFS/out; python3 -c \"import socket;"
                    + " socket.socket(socket.AF_UNIX).bind('s')\""))
        .contains("The output /s is a named pipe, a socket or a device");
    DatumOutcome closed =
        runScript("mkdir -p $PFS/out/a/b; echo x >$PFS/out/a/b/c; chmod 0 $PFS/out/a/b $PFS/out/a");
    assertThat(bench.texts(closed)).isEqualTo(Map.of("/a/b/c", "x\n"));
  }

  @Test
  void namesInAnyScriptPass() throws Exception {
    assumeTrue(NativeText.passes("é"), "skipped: this Java was not started in a UTF-8 locale");
    FileEntry input = bench.file("ключ/é.csv", "ü");
    String script = "cp \"$PFS/in/ключ/é.csv\" \"$PFS/out/$ENTREE 日本\"";
    DatumOutcome outcome =
        bench.run(
            program("sh", "-c", script).env(Map.of("ENTREE", "naïve")).transform(),
            datum(input("in", input)));
    assertThat(bench.texts(outcome)).isEqualTo(Map.of("/naïve 日本", "ü"));
  }

  @Test
  void aFileThatItsMakerMayNotReadIsKept() throws Exception {
    DatumOutcome outcome =
        runScript("mkdir $PFS/out/d; echo x > $PFS/out/d/f; chmod 0 $PFS/out/d/f $PFS/out/d");
    assertThat(bench.texts(outcome)).isEqualTo(Map.of("/d/f", "x\n"));
  }

  @Test
  void aFailureCarriesItsExitCodeAndTheLastLines() throws Exception {
    DatumOutcome.Failed failed =
        failed(runScript("for i in $(seq 30); do echo line $i; done; echo cause >&2; exit 3"));
    assertThat(failed.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(failed.reason()).isEqualTo("The program sh ended with exit code 3.");
    assertThat(failed.culprit()).isEqualTo(DatumOutcome.Culprit.DATUM);
    assertThat(failed.lastLines()).hasSize(10).endsWith("line 30", "cause");
    assertThat(bench.log(failed)).startsWith("line 1\n").endsWith("line 30\ncause\n");
    assertThat(failed.facts().path("exit_code").intValue()).isEqualTo(3);
    assertThat(failed.facts().path("last_lines").get(9).asText()).isEqualTo("cause");
    DatumResult result = failed.result(failed.log().orElseThrow().sha256());
    assertThat(result.state()).isEqualTo(DatumResult.State.FAILED);
    assertThat(bench.text(result.log().orElseThrow())).endsWith("cause\n");
  }

  @Test
  void anAcceptedCodeIsSuccess() throws Exception {
    ProgramTransform transform =
        program("sh", "-c", "echo > $PFS/out/x; exit 4").accept(4).transform();
    DatumOutcome outcome = bench.run(transform, anyDatum());
    assertThat(bench.texts(outcome)).containsOnlyKeys("/x");
    DatumResult result = outcome.result(anyDatum().key());
    assertThat(result.state()).isEqualTo(DatumResult.State.SUCCESS);
    assertThat(result.key()).isEqualTo(anyDatum().key());
    assertThat(result.outputs().get(0).path().text()).isEqualTo("/x");
    assertThat(outcome.facts().path("exit_code").intValue()).isEqualTo(4);
  }

  @Test
  void anAttemptThatFailsIsRepeatedOnCleanGround() throws Exception {
    String script =
        "echo try; n=$(ls $PFS/out ${TMPDIR:-/tmp} ~ | grep -c left); echo found $n;"
            + " touch $PFS/out/left ${TMPDIR:-/tmp}/left ~/left; exit 7";
    DatumOutcome.Failed failed =
        failed(bench.run(program("sh", "-c", script).tries(3).transform(), anyDatum()));
    assertThat(failed.facts().path("tries").intValue()).isEqualTo(3);
    assertThat(failed.reason()).contains("exit code 7 (attempt 3 of 3)");
    assertThat(bench.log(failed))
        .isEqualTo(
            """
            [beamwright: attempt 1 of 3 failed: it ended with exit code 7]
            [beamwright: attempt 2 of 3 failed: it ended with exit code 7]
            try
            found 0
            """);
  }

  @Test
  void whatEachAttemptPrintsIsShownAsItWouldBeKept() throws Exception {
    Datum datum = anyDatum();
    List<String> told = new ArrayList<>();
    List<byte[]> shown = new ArrayList<>();
    List<ProgramLog> logs = new ArrayList<>();
    LiveOutput live =
        key -> {
          told.add("of " + key.equals(datum.key()));
          return new LiveOutput.OfDatum() {
            @Override
            public void begin(int number, byte[] earlier, ProgramLog log) {
              told.add("begin " + number);
              shown.add(earlier);
              // What the attempt will print is looked at when it has ended.
              logs.add(log);
            }

            @Override
            public void close() {
              told.add("close");
            }
          };
        };
    DatumOutcome outcome =
        bench.run(program("sh", "-c", "echo try; exit 7").tries(2).transform(), datum, live);

    assertThat(told).containsExactly("of true", "begin 1", "begin 2", "close");
    assertThat(shown.get(0)).isEmpty();
    String last = new String(shown.get(1), UTF_8) + new String(logs.get(1).settled(0, 99), UTF_8);
    assertThat(last).isEqualTo(bench.log(outcome)).endsWith("code 7]\ntry\n");
  }

  @Test
  void itsTimeoutEndsAnAttempt() throws Exception {
    DatumOutcome.Failed failed =
        failed(
            bench.run(
                program("sh", "-c", "trap '' TERM; echo begun; while :; do sleep 0.05; done")
                    .timeout(Duration.ofMillis(500))
                    .tries(2)
                    .transform(),
                anyDatum()));
    assertThat(failed.reason())
        .isEqualTo("The program sh was killed after its datum_timeout of 0.5 s (attempt 2 of 2).");
    assertThat(failed.exitCode()).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsNotTriedTwice() throws Exception {
    DatumOutcome.Failed failed =
        failed(bench.run(program("pyhton3").tries(3).transform(), anyDatum()));
    assertThat(failed.reason()).contains("There is no program \"pyhton3\" in PATH");
    assertThat(failed.facts().path("tries").intValue()).isEqualTo(1);
    failed = failed(bench.run(program("true").workingDir("/code/x").transform(), anyDatum()));
    assertThat(failed.reason()).contains("working_dir \"/code/x\" is not a folder");
  }

  @Test
  void aDamagedInputFailsItsDatumAndNamesTheObject() throws Exception {
    FileEntry file = bench.file("x", "sound");
    try (var objects = Files.walk(folder.resolve("store"))) {
      for (Path object : objects.filter(Files::isRegularFile).toList()) {
        object.toFile().setWritable(true);
        Files.writeString(object, "rotten");
      }
    }
    DatumOutcome.Failed failed =
        failed(bench.run(program("true").transform(), datum(input("in", file))));
    assertThat(failed.culprit()).isEqualTo(DatumOutcome.Culprit.MACHINE);
    assertThat(failed.reason()).contains(file.file().extents().get(0).object().id().hex());
  }

  @Test
  void theDeclaredEnvironmentIsComparedBeforeTheFirstDatum() throws Exception {
    DeclaredEnvironment here =
        DeclaredEnvironment.observe(
            List.of("printf 'one\\ntwo\\n'"), Map.of(), List.of(), executor(), bench.scratch);
    assertThat(here.observations().get(0).output()).isEqualTo("one\ntwo\n");
    assertThat(bench.run(program("true").environment(here).transform(), anyDatum()))
        .isInstanceOf(DatumOutcome.Success.class);
    DeclaredEnvironment elsewhere =
        new DeclaredEnvironment(
            List.of(new DeclaredEnvironment.Observation("printf 'one\\ntwo\\n'", "one\n2\n")));
    DatumOutcome.Failed failed =
        failed(bench.run(program("true").environment(elsewhere).transform(), anyDatum()));
    assertThat(failed.reason())
        .contains("\"2\" in line 2 where the run was planned, and \"two\" in line 2 here");
    assertThat(failed.culprit()).isEqualTo(DatumOutcome.Culprit.MACHINE);
  }

  @Test
  void aFolderThatIsMountedIsSeenAndNotWritten() throws Exception {
    Path venv = Files.createDirectories(folder.resolve("opt/venv"));
    Path bin = Files.createDirectory(venv.resolve("bin"));
    Path tool = Files.writeString(bin.resolve("tool"), "#!/bin/sh\ncat $(dirname $0)/../data\n");
    Files.writeString(venv.resolve("data"), "data\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    Mount mount = Mount.look(venv, true);

    DatumOutcome outcome =
        bench.run(program(tool.toString()).mounts(List.of(mount)).transform(), anyDatum());

    assertThat(bench.log(outcome)).isEqualTo("data\n");
    assertThat(outcome).isInstanceOf(DatumOutcome.Success.class);
    if (executor().protectsInputs()) {
      String script = "(echo bad > " + tool + ") && echo wrote; true";
      outcome =
          bench.run(program("sh", "-c", script).mounts(List.of(mount)).transform(), anyDatum());
      assertThat(bench.log(outcome)).contains("Read-only file system").doesNotContain("wrote");
      assertThat(reasonOfProgram(tool.toString()))
          .contains("is on this machine, but not in the sandbox", "transform.mounts");
    }
    Files.writeString(venv.resolve("data"), "other\n");
    DatumOutcome.Failed changed =
        failed(bench.run(program("true").mounts(List.of(mount)).transform(), anyDatum()));
    assertThat(changed.culprit()).isEqualTo(DatumOutcome.Culprit.MACHINE);
    assertThat(changed.reason())
        .contains(mount.path() + " of transform.mounts has another content");
    assertThat(
            failed(
                    bench.run(
                        program("true")
                            .mounts(List.of(new Mount(Path.of("/nowhere"), Optional.empty())))
                            .transform(),
                        anyDatum()))
                .reason())
        .contains("The folder /nowhere of transform.mounts is not on this machine");
  }

  private String reasonOfProgram(String program) throws Exception {
    return failed(bench.run(program(program).transform(), anyDatum())).reason();
  }

  @Test
  void aWorkerWithAnotherContractRunsNothing() throws Exception {
    ProgramTransform other =
        new Bench.Program(executor().name(), executor().contractVersion() + 1, "true").transform();
    assertThat(failed(bench.run(other, anyDatum())).reason()).contains("planned for version");
    ProgramTransform unknown = new Bench.Program("docker", 1, "true").transform();
    assertThat(failed(bench.run(unknown, anyDatum())).reason())
        .contains("There is no executor \"docker\"", "process");
  }

  Bench.Program program(String... cmd) {
    return new Bench.Program(executor().name(), executor().contractVersion(), cmd);
  }

  DatumOutcome runScript(String script) throws Exception {
    return bench.run(program("sh", "-c", script).transform(), anyDatum());
  }

  String reasonOf(String script) throws Exception {
    return failed(runScript(script)).reason();
  }

  Datum anyDatum() throws IOException {
    return datum(input("in", bench.file("x", "1")));
  }

  DatumOutcome.Failed failed(DatumOutcome outcome) {
    assertThat(outcome).as(bench.log(outcome)).isInstanceOf(DatumOutcome.Failed.class);
    return (DatumOutcome.Failed) outcome;
  }

  private static List<String> executables(DatumOutcome outcome) {
    return ((DatumOutcome.Success) outcome)
        .outputs().stream()
            .map(DatumOutput::entry)
            .filter(FileEntry::executable)
            .map(entry -> entry.path().text())
            .toList();
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf('='));
  }

  private static String value(String line) {
    return line.substring(line.indexOf('=') + 1);
  }
}
