// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.LocalFiles;
import io.beamwright.versioning.LocalPut;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.TransferProgress;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Takes files of this machine into the store, under paths of a commit that is yet to be made. */
final class Upload {

  /** What stands for standard input. */
  static final String STANDARD_INPUT = "-";

  // A folder that holds the store would else be put into the store with it.
  private static final Set<String> LEFT_OUT = Set.of(".beamwright");

  private final Packer packer;
  private final InputStream input;
  private final TransferProgress progress;
  private long files;
  private long bytes;

  /**
   * Takes files through {@code packer}, which the caller flushes and closes.
   *
   * @param input standard input
   * @param progress is told of all files
   */
  Upload(Packer packer, InputStream input, TransferProgress progress) {
    this.packer = packer;
    this.input = input;
    this.progress = progress;
  }

  /** Whether a folder is taken with all that is in it, or refused. */
  enum Folders {
    REFUSED,
    TAKEN
  }

  /**
   * Takes the file {@code source}, or standard input, to the path of {@code target}; or every file
   * of the folder {@code source} to below it.
   *
   * @param inspection how each file is looked at
   * @return the files, once the packer is flushed
   */
  Supplier<List<FileEntry>> add(
      String source, Target target, Folders folders, Inspection inspection) {
    Intake intake = new Intake(packer, inspection);
    return source.equals(STANDARD_INPUT)
        ? addInput(intake, target)
        : addFiles(intake, Path.of(source), target, folders);
  }

  /** Whether {@code source} is a folder of this machine. */
  static boolean isFolder(String source) {
    return !source.equals(STANDARD_INPUT) && Files.isDirectory(Path.of(source));
  }

  /**
   * Takes every file of the folder {@code source} that {@code before} does not have below the path
   * of {@code target}; to be applied once the packer is flushed.
   */
  LocalPut put(
      String source,
      Target target,
      Tree before,
      Inspection inspection,
      Store store,
      Optional<LocalCache> cache) {
    long filesBefore = files;
    long bytesBefore = bytes;
    return new LocalFiles(Path.of(source), LEFT_OUT)
        .put(
            new Intake(packer, inspection),
            before,
            target.folder(),
            LocalFiles.Others.STAY,
            // Who wants every row read wants every file read.
            cache.filter(c -> inspection.rows() == Inspection.Rows.UNREAD),
            store.storage().location(),
            (f, b) -> {
              files = filesBefore + f;
              bytes = bytesBefore + b;
              progress.at(files, bytes);
            });
  }

  private Supplier<List<FileEntry>> addInput(Intake intake, Target target) {
    if (target.isFolder()) {
      throw new UserFault(
          "Standard input has no name to be put under.",
          "Name the file's path, as in " + target.ref() + ":/name; or a file with -f FILE.");
    }
    try {
      Supplier<StoredFile> file = intake.add("standard input", counted(input));
      files++;
      return () -> List.of(FileEntry.of(target.file(), false, file.get()));
    } catch (IOException e) {
      throw new EnvironmentFault(
          "Standard input cannot be read: " + e.getMessage() + ".", "Nothing was put.", e);
    }
  }

  private InputStream counted(InputStream in) {
    return new java.io.FilterInputStream(in) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        bytes += Math.max(0, read);
        progress.at(files, bytes);
        return read;
      }
    };
  }

  private Supplier<List<FileEntry>> addFiles(
      Intake intake, Path path, Target target, Folders folders) {
    LocalFiles local = new LocalFiles(path, LEFT_OUT);
    if (local.isFolder() && folders == Folders.REFUSED) {
      throw new UserFault(path + " is a folder.", "Add -r to put every file in it.");
    }
    long filesBefore = files;
    long bytesBefore = bytes;
    Supplier<List<FileEntry>> added =
        local.add(
            intake,
            (f, b) -> {
              files = filesBefore + f;
              bytes = bytesBefore + b;
              progress.at(files, bytes);
            });
    return () ->
        added.get().stream()
            .map(
                file ->
                    local.isFolder() || target.isFolder()
                        ? file.at(target.below(file.path()))
                        : file.at(target.file()))
            .toList();
  }

  /** Takes {@code text} to the path of {@code target}. */
  Supplier<List<FileEntry>> addText(String text, Target target, boolean executable) {
    try {
      FilePath path = target.file();
      PendingFile file = packer.add(Content.of(text.getBytes(StandardCharsets.UTF_8)));
      return () -> List.of(FileEntry.of(path, executable, file.stored()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
