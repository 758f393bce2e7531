// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BubblewrapExecutorTest extends ExecutorContract {

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
  void whereItIsForbiddenItSaysSo() throws Exception {
    Path forbidden = scratch.resolve("bwrap");
    Files.writeString(
        forbidden, "#!/bin/sh\necho 'bwrap: No permissions to create a namespace'\nexit 1");
    Files.setPosixFilePermissions(forbidden, PosixFilePermissions.fromString("rwxr-xr-x"));
    Executor executor = new BubblewrapExecutor(Optional.of(forbidden));
    assertThat(executor.availability().toString())
        .contains("bwrap: No permissions to create a namespace");
    for (SandboxUse use : List.of(SandboxUse.PREFERRED, SandboxUse.REQUIRED)) {
      assertThatThrownBy(() -> Executors.choose(use, executor).requireUsable())
          .isInstanceOfSatisfying(
              EnvironmentFault.class,
              fault ->
                  assertThat(fault.getMessage() + fault.remedy())
                      .contains("No permissions to create a namespace", "--sandbox off"));
    }
    Executors.Choice choice = Executors.choose(SandboxUse.OFF, executor);
    assertThat(choice.executor().name()).isEqualTo("process");
    assertThat(choice.warning().orElseThrow())
        .contains("not sandboxed (--sandbox off)", "files", "network", "$PFS");
    Execution execution =
        executor.run(
            new Invocation(
                workspace,
                List.of("true"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                log));
    assertThat(notStarted(execution)).contains("bubblewrap cannot be used here");
  }

  @Test
  void whereItIsAbsentItNamesThePackage() {
    Executor absent = new BubblewrapExecutor(Optional.empty());
    assertThat(absent.availability().toString()).contains("no bwrap", "package is bubblewrap");
    Executors.Choice choice = Executors.choose(SandboxUse.PREFERRED, absent);
    assertThat(choice.executor().name()).isEqualTo("process");
    assertThat(choice.warning().orElseThrow())
        .contains("are not sandboxed", "apt-get install bubblewrap", "$PFS");
    assertThatThrownBy(() -> Executors.choose(SandboxUse.REQUIRED, absent))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("--sandbox required asks for it: there is no bwrap in PATH");
  }

  @Test
  void inputsCodeAndTheSystemCannotBeWritten() throws Exception {
    input("training", "x", "kept");
    Files.writeString(workspace.code().resolve("a.py"), "kept");
    run(
        "sh",
        "-c",
        "for f in /pfs/training/x /pfs/training/new /pfs/new /code/a.py /usr/bin/new /etc/new /new"
            + " /etc/passwd; do chmod 777 $f; (echo bad > $f) && echo wrote $f; rm -f $f; done;"
            + " umount /pfs; mount -o remount,rw /pfs; true");
    assertThat(text()).doesNotContain("wrote");
    assertThat(workspace.pfs().resolve("training/x")).hasContent("kept");
    assertThat(workspace.code().resolve("a.py")).hasContent("kept");
  }

  @Test
  void thereIsNoNetwork() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String code =
          "import socket\n"
              + "for a in [('127.0.0.1', "
              + server.getLocalPort()
              + "), ('192.0.2.1', 80)]:\n"
              + "  try: socket.create_connection(a, 2); print('reached', a)\n"
              + "  except OSError as e: print('refused', e)\n"
              + "print(sorted(n for i, n in socket.if_nameindex()))";
      assertThat(run("python3", "-c", code)).isEqualTo(0);
      assertThat(text()).doesNotContain("reached").contains("unreachable", "['lo']");
    }
  }

  @Test
  void nothingElseOfTheMachineIsSeen() throws Exception {
    run("sh", "-c", "ls -d /* /etc/shadow /etc/ssh /root /home/* /var /etc/hostname");
    assertThat(text().lines().filter(line -> line.startsWith("/")).map(String::strip))
        .contains("/code", "/dev", "/etc", "/home", "/pfs", "/proc", "/tmp", "/usr")
        .doesNotContain(
            "/root", "/var", "/etc/shadow", "/etc/ssh", "/etc/hostname", "/mnt", "/sys");
    run("sh", "-c", "id -un; hostname; cat /etc/passwd; ls /proc | grep -c '^[0-9]'");
    assertThat(text()).startsWith("datum\ndatum\nroot:x:0:0").doesNotContain("daemon");
    assertThat(Integer.parseInt(text().strip().lines().reduce((a, b) -> b).orElseThrow()))
        .isLessThan(8);
  }

  @Test
  void aProgramIsNobodyOnThisMachine() throws Exception {
    run("sh", "-c", "id -u; touch /pfs/out/x /tmp/x ~/x; exec 3>&-; ls /proc/self/fd");
    Object root = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Object owner = Files.getAttribute(workspace.out().resolve("x"), "unix:uid");
    if (root.equals(0)) {
      assertThat(text()).startsWith("1000\n");
      assertThat((Integer) owner).isBetween(65_000, 65_531);
      assertThat(Files.getAttribute(workspace.out().resolve("x"), "unix:gid")).isEqualTo(owner);
      assertThat(Files.getPosixFilePermissions(workspace.root()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    } else {
      assertThat(owner).isEqualTo(root);
    }
    // Its standard files, and the folder that ls has open.
    assertThat(text()).endsWith("\n0\n1\n2\n3\n");
  }

  @Test
  void aProgramMakesNoNamespaces() throws Exception {
    run("sh", "-c", "unshare -Ur true && echo made; unshare -m true && echo made; true");
    assertThat(text()).doesNotContain("made").contains("unshare");
  }

  /** A program could end as bubblewrap does when it fails, and print what that prints. */
  @Test
  void whatAProgramPrintsIsNotTakenForOurFault() throws Exception {
    for (int code : new int[] {1, 2, 125, 126, 127}) {
      assertThat(run("sh", "-c", "echo 'bwrap: Creating new namespace failed' >&2; exit " + code))
          .isEqualTo(code);
    }
    run("sh", "-c", "echo '{ \"exit-code\": 0 }' > /proc/1/fd/3; exit 3");
    assertThat(text()).contains("/proc/1/fd/3");
  }

  @Test
  void aSandboxThatCannotBeBuiltIsOurFault() throws Exception {
    Workspace broken = Workspace.createUnder(scratch, BUBBLEWRAP.owner());
    broken.delete();
    Files.createDirectories(broken.root().resolve("code"));
    Execution execution =
        BUBBLEWRAP.run(
            new Invocation(
                broken,
                List.of("true"),
                List.of(),
                Map.of(),
                Optional.of("/"),
                Optional.empty(),
                log));
    assertThat(notStarted(execution)).contains("working_dir");
    Files.createDirectories(broken.root().resolve("home"));
    execution =
        BUBBLEWRAP.run(
            new Invocation(
                broken,
                List.of("true"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                log));
    assertThat(notStarted(execution))
        .contains("bubblewrap could not build the sandbox: bwrap: Can't find source path");
    broken.delete();
  }

  @Test
  void aProgramThatLacksWhatTheSandboxHidesIsToldOfMounts() throws Exception {
    Path bin = Files.createDirectory(scratch.resolve("bin"));
    Path interpreter = bin.resolve("interpreter");
    Files.createSymbolicLink(bin.resolve("link"), interpreter);
    Files.writeString(interpreter, "#!/bin/sh\necho ran\n");
    for (Path open : List.of(bin, interpreter)) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    code("inner", "#!" + interpreter + "\n");
    code("run", "#!/code/inner\n");
    assertThat(notStarted(execute("/code/run")))
        .startsWith("The program \"/code/run\" needs another. There is no program ")
        .contains("\"" + interpreter + "\": ", " is not in the sandbox.")
        .endsWith(
            "It is on this machine, but not in the sandbox: name the folder of its installation in"
                + " transform.mounts.");
    code("linked", "#!" + bin.resolve("link") + "\n");
    assertThat(notStarted(execute("/code/linked")))
        .contains("on this machine, where it is " + interpreter + ", but not in the sandbox");
    code("found", "#!/usr/bin/env interpreter\n");
    Map<String, String> env = Map.of("PATH", bin + ":" + BaseEnvironment.PATH);
    assertThat(notStarted(invoke(List.of("/code/found"), List.of(), env, Optional.empty())))
        .contains(
            "It is at " + interpreter, "not in the sandbox", "its folder in transform.mounts");

    workspace.show(List.of(Mount.look(bin, false)));
    for (String each : List.of("/code/run", "/code/linked", "/code/found")) {
      assertThat(invoke(List.of(each), List.of(), env, Optional.empty()))
          .isInstanceOf(Execution.Exited.class);
      assertThat(text()).isEqualTo("ran\n");
    }
  }

  @Test
  void aFolderIsShownAlsoBehindALinkThatProgramsCannotPass() throws Exception {
    Path data = Files.createDirectory(scratch.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(data.resolve("x"), "seen");
    Path closed = Files.createDirectory(scratch.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Path link = Files.createSymbolicLink(closed.resolve("link"), data);

    workspace.show(List.of(Mount.look(link, true)));

    assertThat(run("cat", link + "/x")).as(text()).isEqualTo(0);
    assertThat(text()).isEqualTo("seen");
  }

  @Test
  void asRootAFolderThatProgramsCannotPassIsNamed() throws Exception {
    assumeTrue(BUBBLEWRAP.owner().isPresent(), "skipped: only root runs programs as another user");
    Path closed = Files.createDirectory(scratch.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Workspace inside = Workspace.createUnder(closed, BUBBLEWRAP.owner());
    Execution execution =
        BUBBLEWRAP.run(
            new Invocation(
                inside,
                List.of("true"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                log));
    assertThat(notStarted(execution))
        .contains("may not enter the folder " + closed, "chmod o+x " + closed, "java.io.tmpdir");
    inside.delete();
  }

  /** And no weaker sandbox is taken in its place. */
  @Test
  void asRootTemporaryFilesThatProgramsCannotReachAreNamed() throws Exception {
    assumeTrue(BUBBLEWRAP.owner().isPresent(), "skipped: only root runs programs as another user");
    Path closed = Files.createDirectory(scratch.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    String before = System.setProperty("java.io.tmpdir", closed.toString());
    try {
      assertThat(new BubblewrapExecutor().availability().whyNot())
          .contains("may not enter the folder " + closed);
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  @Test
  void anOlderBubblewrapWorksAndIsNotAskedForWhatItLacks() throws Exception {
    Path old = scratch.resolve("bwrap");
    Files.writeString(
        old,
        "#!/bin/sh\n[ $1 != --version ] || { echo bubblewrap 0.4.1; exit; }\n"
            + "tr '\\0' '\\n' < /proc/self/fd/4 | grep -e --disable-userns && exit 1\n"
            + "exec bwrap \"$@\"");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
    Executor executor = new BubblewrapExecutor(Optional.of(old));
    assertThat(executor.availability()).isEqualTo(new Availability.Usable());

    assertThat(BubblewrapVersion.of(old)).isEqualTo(new BubblewrapVersion(0, 4));
    assertThat(BubblewrapVersion.of(Path.of("/bin/true")).hasDisable()).isTrue();
  }

  /** As where a policy of the kernel lets root alone make namespaces. */
  @Test
  void whereOnlyRootMakesNamespacesRootMakesThemAndGivesItselfUpInside() throws Exception {
    assumeTrue(BUBBLEWRAP.owner().isPresent(), "skipped: this needs root");
    Path choosy = scratch.resolve("bwrap");
    Files.writeString(
        choosy,
        "#!/bin/sh\n[ $(id -u) = 0 ] || { echo 'bwrap: No permissions to create a namespace';"
            + " exit 1; }\nexec bwrap \"$@\"");
    Files.setPosixFilePermissions(choosy, PosixFilePermissions.fromString("rwxr-xr-x"));
    Executor executor = new BubblewrapExecutor(Optional.of(choosy));
    assertThat(executor.availability()).isEqualTo(new Availability.Usable());
    Workspace own = Workspace.createUnder(scratch, executor.owner());
    executor.run(
        new Invocation(
            own,
            List.of(
                "sh",
                "-c",
                "id -un; id; grep -E 'Cap(Eff|Prm|Bnd)|NoNew' /proc/self/status; touch /pfs/out/x;"
                    + " for f in /proc/sys/kernel/core_pattern /usr/bin/new /proc/sysrq-trigger; do"
                    + " (: >> $f) && echo opened $f; done; unshare -m true && echo made; true"),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            log));
    int user = executor.owner().orElseThrow();
    assertThat(text())
        .startsWith("datum\nuid=" + user + "(datum) gid=" + user + "(datum) groups=" + user)
        .contains("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000")
        .contains("CapBnd:\t0000000000000000", "NoNewPrivs:\t1")
        .doesNotContain("opened", "made");
    assertThat(Files.getAttribute(own.out().resolve("x"), "unix:uid")).isEqualTo(user);
    own.delete();
  }

  @Test
  void capabilitiesAndNewPrivilegesAreNone() throws Exception {
    run("sh", "-c", "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status");
    assertThat(text())
        .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
  }

  @Test
  void theSandboxResolvesLinksAsTheProgramDoes() throws Exception {
    input("training", "x", "in");
    run(
        "sh",
        "-c",
        "ln -s /pfs/training/x /pfs/out/a; ln -s ../training/x /pfs/out/b; ln -s /etc/passwd"
            + " /pfs/out/c; ln -s /etc/shadow /pfs/out/d; ln -s /bin/sh /pfs/out/e; ln -s f"
            + " /pfs/out/g; ln -s g /pfs/out/f");
    assertThat(resolve("a"))
        .isEqualTo(found("/pfs/training/x", workspace.pfs().resolve("training/x")));
    assertThat(resolve("b"))
        .isEqualTo(found("/pfs/training/x", workspace.pfs().resolve("training/x")));
    assertThat(resolve("c"))
        .isEqualTo(found("/etc/passwd", workspace.root().resolve("etc/passwd")));
    assertThat(resolve("d").toString()).contains("/etc/shadow is not in the sandbox");
    assertThat(resolve("e"))
        .isEqualTo(
            found(Path.of("/bin/sh").toRealPath().toString(), Path.of("/bin/sh").toRealPath()));
    assertThat(resolve("f").toString()).contains("goes round");
    assertThat(resolve("nothing").toString()).contains("/pfs/out/nothing does not exist");
  }

  private Sandbox.Resolved resolve(String name) throws Exception {
    return BUBBLEWRAP.sandbox(workspace).resolve(Path.of("/pfs/out", name));
  }

  private static Sandbox.Resolved found(String seen, Path host) {
    return new Sandbox.Resolved.Found(Path.of(seen), host);
  }
}
