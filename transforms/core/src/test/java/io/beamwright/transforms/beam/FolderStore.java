// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.TableInspector;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** A store that is a folder of files called by their SHA-256. */
public record FolderStore(Path folder) implements StageFiles {

  /** Opens the store of a folder, here and on workers. */
  static Opener opener(Path folder) {
    String path = folder.toString();
    return () -> new FolderStore(Path.of(path));
  }

  /** Puts bytes as the file of a path; facts are taken where it is Parquet. */
  FileEntry put(String path, byte[] content) {
    try {
      Sha256 sha256 = Sha256.of(content);
      Path target = folder.resolve(sha256.hex());
      Files.write(target, content);
      StoredFile file = stored(sha256, content.length);
      if (path.endsWith(".parquet")) {
        file = file.withTable(TableInspector.inspect(target));
      }
      return FileEntry.of(FilePath.of(path), false, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoredFile stored(Sha256 sha256, long size) {
    List<Extent> extents =
        size == 0 ? List.of() : List.of(new Extent(ObjectRef.of(sha256), 0, size));
    return new StoredFile(size, sha256, extents, Optional.empty());
  }

  /** Where the bytes of a file lie. */
  Path path(StoredFile file) {
    return folder.resolve(file.sha256().hex());
  }

  @Override
  public InputStream open(StoredFile file) {
    try {
      return file.size() == 0 ? InputStream.nullInputStream() : Files.newInputStream(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public RandomAccessSource randomAccess(StoredFile file) {
    return RandomAccessSource.of(path(file));
  }

  @Override
  public StoredFile addTable(Path parquet, TableFacts facts) {
    try {
      byte[] content = Files.readAllBytes(parquet);
      Sha256 sha256 = Sha256.of(content);
      Path staged = Files.createTempFile(folder, "staged", "");
      Files.write(staged, content);
      Files.move(staged, folder.resolve(sha256.hex()), StandardCopyOption.REPLACE_EXISTING);
      return stored(sha256, content.length).withTable(facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {}
}
