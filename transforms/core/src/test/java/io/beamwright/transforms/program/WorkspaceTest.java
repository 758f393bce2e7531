// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing of one attempt is there for the next, and what was not touched is not made again. */
class WorkspaceTest {

  @TempDir private Path scratch;
  private Workspace workspace;

  @BeforeEach
  void create() throws IOException {
    workspace = Workspace.createUnder(scratch, OptionalInt.empty());
    awaitTick(workspace.home());
  }

  /** Until a change of {@code folder} has another time than its creation: clocks are coarse. */
  private void awaitTick(Path folder) throws IOException {
    Object made = Files.getAttribute(folder, "unix:ctime");
    Path probe = Files.createFile(scratch.resolve("probe"));
    long begun = System.nanoTime();
    while (Files.getAttribute(probe, "unix:ctime").equals(made)) {
      assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(10).toNanos());
      Files.setLastModifiedTime(probe, FileTime.fromMillis(1));
    }
    Files.delete(probe);
  }

  /** What a program may do to a folder. */
  private enum Change {
    LEAVES_A_FILE {
      @Override
      void to(Path folder) throws IOException {
        Files.createFile(folder.resolve("left"));
      }
    },
    LEAVES_NO_FILE {
      @Override
      void to(Path folder) throws IOException {
        Files.delete(Files.createFile(folder.resolve("gone")));
      }
    },
    HIDES_ITS_TRACES {
      @Override
      void to(Path folder) throws IOException {
        FileTime before = Files.getLastModifiedTime(folder);
        Files.createDirectories(folder.resolve("a/b"));
        Files.setLastModifiedTime(folder, before);
      }
    },
    CLOSES_IT {
      @Override
      void to(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
      }
    },
    MARKS_IT {
      @Override
      void to(Path folder) throws IOException {
        UserDefinedFileAttributeView view =
            Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class);
        try {
          view.write("mark", ByteBuffer.wrap(new byte[] {1}));
        } catch (IOException e) {
          // No attributes on this file system: then none can be left.
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
      }
    };

    abstract void to(Path folder) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void whatAProgramDidToAFolderIsNotThereForTheNext(Change change) throws IOException {
    Workspace fresh = Workspace.createUnder(scratch, OptionalInt.empty());
    List<Path> folders = List.of(workspace.out(), workspace.tmp(), workspace.home());
    for (Path folder : folders) {
      Object before = key(folder);
      change.to(folder);

      workspace.renew(true);

      Path like = fresh.root().resolve(workspace.root().relativize(folder));
      assertThat(key(folder)).as("%s", folder).isNotEqualTo(before);
      assertThat(folder).isEmptyDirectory();
      assertThat(permissions(folder)).isEqualTo(permissions(like));
      assertThat(Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class).list())
          .isEmpty();
      awaitTick(folder);
    }
    assertThat(names(workspace.root())).isEqualTo(names(fresh.root()));
  }

  @Test
  void whatNobodyTouchedIsKeptHoweverOften() throws IOException {
    Object tmp = key(workspace.tmp());
    Object home = key(workspace.home());
    for (int i = 0; i < 3; i++) {
      Files.createFile(workspace.pfs().resolve("input"));
      Files.createFile(workspace.out().resolve("output"));
      Files.createFile(workspace.stdin());

      workspace.renew(true);

      assertThat(key(workspace.tmp())).isEqualTo(tmp);
      assertThat(key(workspace.home())).isEqualTo(home);
      assertThat(names(workspace.pfs())).containsExactly("out");
      assertThat(workspace.out()).isEmptyDirectory();
      assertThat(names(workspace.root())).containsExactly("code", "home", "pfs", "tmp");
    }
  }

  @Test
  void whereNothingIsProtectedEverythingIsMadeAgain() throws IOException {
    Object tmp = key(workspace.tmp());
    Files.createFile(workspace.code().resolve("changed"));

    workspace.renew(false);

    assertThat(workspace.code()).isEmptyDirectory();
    assertThat(key(workspace.tmp())).isNotEqualTo(tmp);
    assertThat(names(workspace.root())).containsExactly("code", "home", "pfs", "tmp");
    workspace.delete();
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void aTreeOfAnyShapeIsDeleted() throws Exception {
    String shape =
        "import os, socket\nos.mkfifo('pipe')\nos.symlink('/', 'root')\nos.symlink('l', 'l')\n"
            + "socket.socket(socket.AF_UNIX).bind('socket')\n"
            + "open(b'\\xff\\xfe', 'w').close()\nos.mkdir(b'\\xc3')\n"
            + "for name, depth in ('d', 2500), ('x' * 255, 60):\n"
            + "  at = os.open('.', os.O_RDONLY)\n"
            + "  for i in range(depth):\n"
            + "    os.mkdir(name); open('file', 'w').close(); os.chdir(name)\n"
            + "    if i % 50 == 0: os.mkdir('closed'); os.chmod('closed', 0)\n"
            + "  os.chmod('.', 0)\n  os.fchdir(at)\n";
    Process python =
        new ProcessBuilder("python3", "-c", shape)
            .directory(workspace.out().toFile())
            .inheritIO()
            .start();
    assertThat(python.waitFor()).isZero();

    workspace.delete();

    assertThat(scratch).isEmptyDirectory();
  }

  /** Root reads everything, and must not read for a program what that could not. */
  @Test
  void whereProgramsAreAnotherUserTheyReadWhatOthersMay() throws IOException {
    Path code = Files.createDirectories(scratch.resolve("shared/code"));
    int own = (Integer) Files.getAttribute(scratch, "unix:uid");
    Files.setAttribute(scratch, "unix:mode", 0711);
    Path root = Files.createDirectory(scratch.resolve("root"));
    Workspace owned = Workspace.createIn(root, code, OptionalInt.of(own));
    Path file = Files.createFile(scratch.resolve("file"));
    Path deep = Files.createFile(Files.createDirectory(scratch.resolve("d")).resolve("deep"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("r--r--r--"));
    assertThat(owned.mayRead(file)).isTrue();
    assertThat(owned.mayRead(deep)).isTrue();

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(deep.getParent(), PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(owned.mayRead(file)).isFalse();
    assertThat(owned.mayRead(deep)).isFalse();
    assertThat(owned.mayRead(Files.createFile(owned.out().resolve("own")))).isTrue();
    assertThat(owned.mayRead(Files.createFile(code.resolveSibling("etc")))).isTrue();
  }

  /** Of two folders of the same place it tells whether they are one; numbers are used again. */
  private static Object key(Path folder) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(folder, BasicFileAttributes.class);
    return attributes.fileKey() + " " + Files.getAttribute(folder, "unix:ctime");
  }

  private static String permissions(Path folder) throws IOException {
    return PosixFilePermissions.toString(
        Files.readAttributes(folder, PosixFileAttributes.class).permissions());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> names = Files.list(folder)) {
      return names.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
