// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.transforms.program.Sandbox;
import io.beamwright.transforms.program.Sandbox.Resolved;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a program left in {@code /pfs/out}: regular files, and what links lead to, as the program
 * saw it. Folders without files are nothing.
 */
final class OutputFolder {

  /** A file to keep. */
  sealed interface Output {

    FilePath path();

    /** Bytes of this machine; a {@code table} is kept as an object of its own. */
    record Local(FilePath path, boolean executable, Path file, Optional<TableFacts> table)
        implements Output {}

    /** A file of an input under its new path. */
    record OfInput(FileEntry entry) implements Output {
      @Override
      public FilePath path() {
        return entry.path();
      }
    }
  }

  private static final String REMEDY = "Let the program write regular files into /pfs/out.";

  // Bytes of a path, of Linux.
  private static final int LONGEST_PATH = 4_095;

  private static final int LONGEST_SHOWN = 60;

  // Folders of links to folders of links can have as many files as there are atoms.
  private static final int MOST_LINKED_FOLDERS = 20_000;

  private final Sandbox sandbox;
  private final Workspace workspace;
  private final Map<Path, FileEntry> inputs;
  private final List<Output> outputs = new ArrayList<>();
  private final Set<Path> inside = new HashSet<>();
  private final Deque<Step> ahead = new ArrayDeque<>();
  private int linkedFolders;

  /** What is still to be done; a list of its own, for a stack is not as deep as folders can be. */
  private sealed interface Step {

    /** To look at an entry. */
    record Read(Resolved.Found entry, String path) implements Step {}

    /** All of a folder has been read. */
    record Leave(Path folder) implements Step {}
  }

  private OutputFolder(Sandbox sandbox, Workspace workspace, Map<Path, FileEntry> inputs) {
    this.sandbox = sandbox;
    this.workspace = workspace;
    this.inputs = inputs;
  }

  /**
   * The files, sorted by path. No process may write to the folder any more.
   *
   * @param inputs the input files by where they lie on this machine
   * @throws UserFault if something there cannot be kept; the message names it
   */
  static List<Output> read(Sandbox sandbox, Workspace workspace, Map<Path, FileEntry> inputs)
      throws IOException {
    OutputFolder folder = new OutputFolder(sandbox, workspace, inputs);
    String seen = sandbox.shown(Workspace.PFS + "/out");
    folder.readFolder(new Resolved.Found(Path.of(seen), workspace.out()), "");
    folder.readAll();
    folder.outputs.sort(Comparator.comparing(Output::path));
    return folder.outputs;
  }

  private void readFolder(Resolved.Found folder, String path) throws IOException {
    if (inside.contains(folder.host())) {
      throw new UserFault(
          "The output folder " + brief(path) + " is a link to a folder that holds it.", REMEDY);
    }
    makeReadable(folder.host(), "rwx------");
    requireReadable(folder, path);
    inside.add(folder.host());
    ahead.push(new Step.Leave(folder.host()));
    for (Path entry : content(folder.host())) {
      String name = entry.getFileName().toString();
      requireShort(entry, path);
      ahead.push(
          new Step.Read(new Resolved.Found(folder.seen().resolve(name), entry), path + "/" + name));
    }
  }

  private void readAll() throws IOException {
    while (!ahead.isEmpty()) {
      Step step = ahead.pop();
      if (step instanceof Step.Leave leave) {
        inside.remove(leave.folder());
      } else {
        Step.Read next = (Step.Read) step;
        read(next.entry(), next.path());
      }
    }
  }

  /** Read whole: a folder that is open all the way down costs a file of this process a level. */
  private static List<Path> content(Path folder) throws IOException {
    List<Path> content = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(content::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return content;
  }

  private static void requireShort(Path entry, String path) {
    int characters = entry.toString().length();
    if (path.length() > FilePath.LONGEST
        || (characters > LONGEST_PATH / 4
            && entry.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH)) {
      throw new UserFault(
          "The output folder "
              + brief(path)
              + " lies too deep: what is in it cannot be named by a path.",
          "Let the program write into folders that are less deep, or have shorter names.");
    }
  }

  private static String brief(String path) {
    return path.length() <= LONGEST_SHOWN ? path : path.substring(0, LONGEST_SHOWN) + "…";
  }

  private void read(Resolved.Found entry, String path) throws IOException {
    // What cannot be decoded is not the name of the file any more.
    if (path.indexOf('\uFFFD') >= 0) {
      throw new UserFault(
          "The name of the output " + path + " is not UTF-8.", "Name files in UTF-8.");
    }
    if (!Files.isSymbolicLink(entry.host())) {
      readFound(entry, path);
      return;
    }
    Resolved target = sandbox.resolve(entry.seen());
    if (target instanceof Resolved.Nothing nothing) {
      throw new UserFault(
          "The output " + path + " is a link to nothing: " + nothing.why() + ".", REMEDY);
    }
    Resolved.Found found = (Resolved.Found) target;
    if (Files.isDirectory(found.host(), LinkOption.NOFOLLOW_LINKS)
        && ++linkedFolders > MOST_LINKED_FOLDERS) {
      throw new UserFault(
          "The output has more than "
              + MOST_LINKED_FOLDERS
              + " links to folders, those that such links lead to counted again; the last is "
              + brief(path)
              + ".",
          REMEDY);
    }
    readFound(found, path);
  }

  private void readFound(Resolved.Found found, String path) throws IOException {
    Path host = found.host();
    FileEntry input = inputs.get(host);
    if (input != null) {
      outputs.add(new Output.OfInput(input.at(new FilePath(path))));
    } else if (Files.isDirectory(host, LinkOption.NOFOLLOW_LINKS)) {
      readFolder(found, path);
    } else if (Files.isRegularFile(host, LinkOption.NOFOLLOW_LINKS)) {
      boolean executable =
          Files.getPosixFilePermissions(host).contains(PosixFilePermission.OWNER_EXECUTE);
      makeReadable(host, "rw-------");
      requireReadable(found, path);
      outputs.add(new Output.Local(new FilePath(path), executable, host, Optional.empty()));
    } else {
      throw new UserFault(
          "The output " + path + " is a named pipe, a socket or a device, which cannot be kept.",
          REMEDY);
    }
  }

  /** A link leads to what the program itself could read, not to what this process may read. */
  private void requireReadable(Resolved.Found found, String path) throws IOException {
    if (!workspace.mayRead(found.host())) {
      throw new UserFault(
          "The output " + path + " is a link to " + found.seen() + ", which may not be read.",
          REMEDY);
    }
  }

  /** A program may take its own files' permissions away, and yet they are its output. */
  private void makeReadable(Path file, String permissions) throws IOException {
    if (!Files.isReadable(file) && file.startsWith(workspace.root())) {
      Set<PosixFilePermission> ours = PosixFilePermissions.fromString(permissions);
      Files.setPosixFilePermissions(file, ours);
    }
  }
}
