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

  private final Sandbox sandbox;
  private final Workspace workspace;
  private final Map<Path, FileEntry> inputs;
  private final List<Output> outputs = new ArrayList<>();
  private final Deque<Path> inside = new ArrayDeque<>();

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
    folder.outputs.sort(Comparator.comparing(Output::path));
    return folder.outputs;
  }

  private void readFolder(Resolved.Found folder, String path) throws IOException {
    if (inside.contains(folder.host())) {
      throw new UserFault(
          "The output folder " + path + " is a link to a folder that holds it.", REMEDY);
    }
    if (path.length() > FilePath.LONGEST) {
      throw new UserFault(
          "The output folder " + path.substring(0, 60) + "… lies too deep.", REMEDY);
    }
    makeReadable(folder.host(), "rwx------");
    requireReadable(folder, path);
    inside.push(folder.host());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.host())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        read(new Resolved.Found(folder.seen().resolve(name), entry), path + "/" + name);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    inside.pop();
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
    readFound((Resolved.Found) target, path);
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
