// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.transforms.program.NativeText;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes stored files as files of this machine: read-only, in folders that are read-only, all of
 * one age.
 *
 * <p>They are copies, verified as they are read. A hard link to an object of a local store would
 * save the copy, but not the reading, for nothing is handed to a program unchecked; and a program
 * that runs as root without a sandbox could write through it into the store.
 */
final class InputTree {

  private static final Set<PosixFilePermission> READ = PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> RUN = PosixFilePermissions.fromString("r-xr-xr-x");

  // Archives hold the age of what they pack: with the day's, no two runs would give the same bytes.
  private static final FileTime AGE = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));

  private final StoredFiles files;

  InputTree(StoredFiles files) {
    this.files = files;
  }

  /**
   * Writes each input into a folder of its name under {@code pfs}; the files that are shown as they
   * are, by where they lie now.
   *
   * @param spare a file that does not exist and may for a while
   */
  Map<Path, FileEntry> writeInputs(List<DatumInput> inputs, Path pfs, Path spare)
      throws IOException {
    Map<Path, FileEntry> written = new HashMap<>();
    for (DatumInput input : inputs) {
      ShownInput shown = ShownInput.of(input);
      Path folder = Files.createDirectory(pfs.resolve(input.name()));
      List<Path> folders = new ArrayList<>(List.of(folder));
      for (FileEntry file : shown.files()) {
        Path target = place(folder, file.path(), folders);
        copy(file, target);
        written.put(target, file);
      }
      for (Map.Entry<FilePath, List<FileEntry>> table : shown.tables().entrySet()) {
        Path target = place(folder, table.getKey(), folders);
        new TableText(files, input).write(table.getValue(), spare, target);
        seal(target, false);
      }
      sealFolders(folders);
    }
    return written;
  }

  /** Writes {@code entries} under the existing, empty {@code folder}. */
  void write(Stream<FileEntry> entries, Path folder) throws IOException {
    List<Path> folders = new ArrayList<>(List.of(folder));
    for (Iterator<FileEntry> each = entries.iterator(); each.hasNext(); ) {
      FileEntry file = each.next();
      copy(file, place(folder, file.path(), folders));
    }
    sealFolders(folders);
  }

  private void copy(FileEntry file, Path target) throws IOException {
    files.copyTo(file.file(), target);
    seal(target, file.executable());
  }

  /** Where {@code path} lies under {@code root}; the folders that this makes go to {@code made}. */
  private static Path place(Path root, FilePath path, List<Path> made) throws IOException {
    if (!NativeText.passes(path.text())) {
      throw new EnvironmentFault(
          "The Java of this machine cannot name the file " + path + ".", NativeText.REMEDY);
    }
    for (String folder : path.folders()) {
      Path parent = root.resolve(folder.substring(1));
      if (!Files.isDirectory(parent)) {
        made.add(Files.createDirectory(parent));
      }
    }
    return root.resolve(path.text().substring(1));
  }

  private static void seal(Path file, boolean executable) throws IOException {
    Files.setLastModifiedTime(file, AGE);
    Files.setPosixFilePermissions(file, executable ? RUN : READ);
  }

  private static void sealFolders(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      seal(folder, true);
    }
  }
}
