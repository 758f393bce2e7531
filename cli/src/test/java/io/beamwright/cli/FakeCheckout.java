// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A checkout that holds the real launcher, and in place of Maven and of Java scripts that note that
 * they were called: what the launcher does is seen in milliseconds.
 */
final class FakeCheckout {

  private static final Path LAUNCHER = Path.of("..", "beamwright");

  // Makes a jar of ours and names one of somebody else's, as `mvn package` does.
  private static final String MAVEN =
      """
      #!/bin/sh
      [ "$1" != -v ] || exit 0
      module=
      for argument; do
        case $argument in
          -Dbeamwright.classpath*=*) file=${argument#*=} ;;
          cli | versioning/storage-*) module=$argument ;;
        esac
      done
      if [ -e "$FAKE/broken" ]; then
        echo 'Foo.java:[1,2] cannot find symbol'
        exit 1
      fi
      mkdir -p "$module/target"
      : >"$module/target/beamwright-${module##*/}-1.jar"
      if [ "$module" = cli ]; then
        printf '%s' "$FAKE/picocli-1.jar:$FAKE/beam-1.jar" >"$file"
      else
        printf '%s' "$FAKE/aws-1.jar:$FAKE/picocli-1.jar" >"$file"
      fi
      echo "$module" >>"$FAKE/builds"
      """;

  // Prints what it is called with; `run over` hands over, `exit N` exits, `wait` waits for a
  // signal.
  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -Xshare:dump | -XX:DumpLoadedClassList=*) exit 0 ;;
          -Dbeamwright.handover=*) echo "handed over: $(cat "${argument#*=}")" ;;
          @*) echo "arguments: ${argument##*/}" ;;
        esac
      done
      while [ "$1" != io.beamwright.cli.Beamwright ]; do shift; done
      shift
      for argument; do echo "word: <$argument>"; done
      echo "folder: $(pwd)"
      case $* in
        'exit '*) exit "$2" ;;
        'run over' | 'put over') printf 'full\\ndone\\n' >"$BEAMWRIGHT_HANDOVER"; exit 90 ;;
        'put remote') printf 'small s3\\nfetched\\n' >"$BEAMWRIGHT_HANDOVER"; exit 90 ;;
        'run stdin') cat; exit 3 ;;
        'run wait')
          trap 'echo terminated; exit 143' TERM
          trap 'echo interrupted; exit 130' INT
          echo waiting
          for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.1; done
          ;;
      esac
      """;

  private final Path root;
  private final Path home;

  private FakeCheckout(Path root) {
    this.root = root.resolve("a checkout");
    this.home = root.resolve("jdk");
  }

  /** A new one in {@code folder}, never built, with Java 17. */
  static FakeCheckout in(Path folder) throws IOException {
    FakeCheckout checkout = new FakeCheckout(folder.toRealPath());
    Path root = checkout.root;
    for (String module : List.of("versioning", "transforms", "runners", "pipelines", "cli")) {
      Files.createDirectories(root.resolve(module).resolve("src/main/java"));
      Files.createDirectories(root.resolve(module).resolve("src/test/java"));
      Files.writeString(root.resolve(module).resolve("src/main/java/A.java"), "");
      Files.writeString(root.resolve(module).resolve("src/main/java/B.java"), "");
    }
    Path storage = Files.createDirectories(root.resolve("versioning/storage-s3"));
    Files.writeString(storage.resolve("pom.xml"), "");
    Files.createDirectories(root.resolve(".mvn"));
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve("picocli-1.jar"), "");
    Files.writeString(root.resolve("beam-1.jar"), "");
    Files.copy(LAUNCHER, root.resolve("beamwright"));
    script(root.resolve("mvnw"), MAVEN);
    Files.createDirectories(checkout.home.resolve("bin"));
    script(checkout.home.resolve("bin/java"), JAVA);
    script(checkout.home.resolve("bin/javac"), "");
    checkout.isJava("17.0.1+2");
    checkout.becomeOld();
    return checkout;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  /** Sets the version that the JDK says it has. */
  void isJava(String version) throws IOException {
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"" + version + "\"\nJAVA_VERSION=\"x\"\n");
  }

  // As a checkout of yesterday, so that whatever is changed later is newer than a build.
  private void becomeOld() throws IOException {
    FileTime yesterday = FileTime.from(Instant.now().minusSeconds(86_400));
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.setLastModifiedTime(file, yesterday);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            Files.setLastModifiedTime(dir, yesterday);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The root of the checkout; its name holds a space. */
  Path root() {
    return root;
  }

  /** The folder of the launcher's builds for Java {@code version}. */
  Path builds(String version) {
    return root.resolve("target/launch").resolve(version);
  }

  /** How often Maven built. */
  int timesBuilt() throws IOException {
    Path builds = root.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  /** Starts the launcher by the path {@code launcher}, in {@code folder}, not waiting for it. */
  Process start(Path launcher, Path folder, String... words) throws IOException {
    return start(Map.of(), launcher, folder, words);
  }

  private Process start(
      Map<String, String> environment, Path launcher, Path folder, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("BEAMWRIGHT_"));
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().put("FAKE", root.toString());
    builder.environment().put("TMPDIR", home.toString());
    return builder.start();
  }

  /** Runs the launcher to its end. */
  Ended run(String... words) throws IOException, InterruptedException {
    return Ended.of(start(root.resolve("beamwright"), root, words));
  }

  /** The same with these variables in its environment. */
  Ended runWith(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return Ended.of(start(environment, root.resolve("beamwright"), root, words));
  }

  /** The temporary files that the launcher left. */
  List<Path> leftovers() throws IOException {
    try (var files = Files.newDirectoryStream(home, "beamwright.*")) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    }
  }

  /**
   * A process that ended.
   *
   * @param status its exit status
   * @param output standard output and error
   */
  record Ended(int status, String output) {
    static Ended of(Process process) throws IOException, InterruptedException {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), output);
    }
  }
}
