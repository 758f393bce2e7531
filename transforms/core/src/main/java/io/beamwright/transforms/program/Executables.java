// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.transforms.program.Sandbox.Resolved;
import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what a command's first word stands for in a sandbox, and digests it. */
final class Executables {

  /** What was found. */
  sealed interface Lookup {

    /**
     * A program that can be started.
     *
     * @param word its absolute path, links not followed: programs look at the name they go by
     * @param executable the file
     * @param workingDir where it starts
     */
    record Fit(String word, Executable executable, Resolved.Found workingDir) implements Lookup {}

    /** None; {@code why} is a sentence. */
    record Unfit(String why) implements Lookup {}
  }

  /**
   * A program that is to be started.
   *
   * @param words its name and its arguments as they are here
   * @param env all variables that it gets
   */
  record Start(
      Sandbox sandbox, Invocation invocation, List<String> words, Map<String, String> env) {}

  private record Identity(Path file, long size, FileTime modified, @Nullable Object key) {}

  // What a program that starts another says of one that is not there, or cannot be run.
  private static final Set<Integer> NOT_STARTED = Set.of(126, 127);

  private static final Set<String> SYSTEM = Set.of(BaseEnvironment.PATH.split(":"));

  // An interpreter is digested once, not once per datum; files of workspaces are not kept here.
  private final Map<Identity, Sha256> digests = new ConcurrentHashMap<>();

  // Where each word was found last: the system's programs are looked for once, not once per datum.
  private final Map<Search, Path> places = new ConcurrentHashMap<>();

  private record Search(String word, String path) {}

  /** Looks for the program in the working folder, or if it is a bare name in PATH. */
  Lookup find(Start start) {
    return find(start, start.words().get(0));
  }

  /** How a program ended; one that lacked what it is run by never began. */
  Execution ended(Start start, Lookup.Fit fit, OptionalInt code) throws IOException {
    if (code.isEmpty()) {
      return new Execution.TimedOut(start.invocation().timeout().orElseThrow(), fit.executable());
    }
    if (NOT_STARTED.contains(code.getAsInt())) {
      Optional<String> missing = new Interpreters(this, start).missing(fit);
      if (missing.isPresent()) {
        return new Execution.NotStarted(missing.get());
      }
    }
    return new Execution.Exited(code.getAsInt(), fit.executable());
  }

  /** Looks for another program as the one of {@code start} would. */
  Lookup find(Start start, String word) {
    Sandbox sandbox = start.sandbox();
    Invocation invocation = start.invocation();
    Map<String, String> env = start.env();
    try {
      String wanted = invocation.workingDir().orElse(Workspace.HOME);
      Resolved folder = sandbox.resolve(Path.of("/").resolve(sandbox.shown(wanted)));
      if (!(folder instanceof Resolved.Found found) || !Files.isDirectory(found.host())) {
        String why = folder instanceof Resolved.Nothing nothing ? ": " + nothing.why() : "";
        return new Lookup.Unfit("working_dir \"" + wanted + "\" is not a folder" + why + ".");
      }
      return word.contains("/")
          ? at(sandbox, invocation.workspace(), found.seen().resolve(word), word, found)
          : inPath(sandbox, invocation.workspace(), word, env, found);
    } catch (InvalidPathException e) {
      return new Lookup.Unfit("\"" + e.getInput() + "\" is not a path: " + e.getReason() + ".");
    } catch (IOException e) {
      return new Lookup.Unfit("The program \"" + word + "\" cannot be read: " + e.getMessage());
    }
  }

  private Lookup inPath(
      Sandbox sandbox,
      Workspace workspace,
      String word,
      Map<String, String> env,
      Resolved.Found workingDir)
      throws IOException {
    String path = env.getOrDefault("PATH", BaseEnvironment.PATH);
    Search search = new Search(word, path);
    Path place = places.get(search);
    if (place != null
        && at(sandbox, workspace, place, word, workingDir) instanceof Lookup.Fit known) {
      return known;
    }
    Lookup best =
        new Lookup.Unfit(
            "There is no program \""
                + word
                + "\" in PATH, which is "
                + path
                + "."
                + elsewhere(sandbox, word, path));
    for (String folder : path.split(":", -1)) {
      Path candidate = workingDir.seen().resolve(folder).resolve(word);
      if (sandbox.resolve(candidate) instanceof Resolved.Found found
          && Files.isRegularFile(found.host())) {
        Lookup lookup = at(sandbox, workspace, candidate, word, workingDir);
        if (lookup instanceof Lookup.Fit) {
          if (isOfSystem(path)) {
            places.put(search, candidate);
          }
          return lookup;
        }
        best = lookup;
      }
    }
    return best;
  }

  /** What to do if {@code program} is on this machine, and only the sandbox lacks it. */
  private static String hidden(Path program) throws IOException {
    if (!Files.isExecutable(program) || !Files.isRegularFile(program)) {
      return "";
    }
    Path real = program.toRealPath();
    return " It is on this machine"
        + (real.equals(program) ? "" : ", where it is " + real)
        + ", but not in the sandbox: name the folder of its installation in transform.mounts.";
  }

  /** What to do if a program is found by a PATH, but only outside of the sandbox. */
  private static String elsewhere(Sandbox sandbox, String word, String path) throws IOException {
    String ours = System.getenv("PATH");
    for (String folder : (path + ":" + (ours == null ? "" : ours)).split(":", -1)) {
      Path candidate = Path.of("/").resolve(folder).resolve(word);
      if (folder.startsWith("/") && Files.isExecutable(candidate)) {
        return sandbox.resolve(candidate) instanceof Resolved.Found
            ? " It is at " + candidate + ": name it so."
            : " It is at "
                + candidate
                + " of this machine, which is not in the sandbox: name it so, and its folder in"
                + " transform.mounts.";
      }
    }
    return "";
  }

  /** Whether the folders of {@code path} are the same ones for every datum. */
  private static boolean isOfSystem(String path) {
    return Stream.of(path.split(":", -1)).allMatch(SYSTEM::contains);
  }

  private Lookup at(
      Sandbox sandbox, Workspace workspace, Path path, String word, Resolved.Found workingDir)
      throws IOException {
    Resolved resolved = sandbox.resolve(path);
    if (resolved instanceof Resolved.Nothing nothing) {
      return new Lookup.Unfit(
          "There is no program \"" + word + "\": " + nothing.why() + "." + hidden(path));
    }
    Resolved.Found found = (Resolved.Found) resolved;
    if (!Files.isRegularFile(found.host())) {
      return new Lookup.Unfit("The program \"" + word + "\" is not a file.");
    }
    if (!Files.isExecutable(found.host())) {
      return new Lookup.Unfit("The program \"" + word + "\" is not executable (" + path + ").");
    }
    return new Lookup.Fit(path.toString(), executable(workspace, found), workingDir);
  }

  private Executable executable(Workspace workspace, Resolved.Found found) throws IOException {
    Path host = found.host();
    if (host.startsWith(workspace.code())) {
      String path = Workspace.CODE + "/" + workspace.code().relativize(host);
      return new Executable(path, digest(host));
    }
    if (host.startsWith(workspace.root())) {
      return new Executable("/" + workspace.root().relativize(host), digest(host));
    }
    BasicFileAttributes file = Files.readAttributes(host, BasicFileAttributes.class);
    Identity identity = new Identity(host, file.size(), file.lastModifiedTime(), file.fileKey());
    Sha256 known = digests.get(identity);
    if (known == null) {
      known = digest(host);
      digests.put(identity, known);
    }
    return new Executable(found.seen().toString(), known);
  }

  private static Sha256 digest(Path file) throws IOException {
    MessageDigest digest = Sha256.messageDigest();
    byte[] buffer = new byte[128 << 10];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.ofDigest(digest.digest());
  }
}
