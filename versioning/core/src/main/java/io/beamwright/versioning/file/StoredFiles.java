// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files of a store. What is read is what was written, or a {@link DamagedObject} that
 * names every object concerned. Safe for many threads.
 */
public final class StoredFiles {

  private static final int BUFFER = 128 * 1024;

  // A range of a file up to this size is cut out of the whole file, so that it is verified.
  private static final int VERIFIED_WHOLE = 1 << 20;
  private static final int NAMED_LOCATIONS = 3;
  private static final int MOST_OBJECT_BYTES = 64 << 20;

  private final Storage storage;

  /** Reads from {@code storage}, which the caller closes. */
  public StoredFiles(Storage storage) {
    this.storage = storage;
  }

  /**
   * Opens {@code file} from its beginning; the caller closes the stream. The last bytes are handed
   * out only when all were right, so a program that reads to the end has read what was written; one
   * that stops before has read bytes that nobody checked.
   *
   * @throws DamagedObject from the stream's methods
   */
  public InputStream open(StoredFile file) {
    ExtentStream bytes = new ExtentStream(storage, file.extents(), holds(file));
    return new VerifiedStream(bytes, file, actual -> wrongContent(file, actual));
  }

  /**
   * The bytes of {@code file} to be stored elsewhere: a stream of them fails as {@link #open}'s.
   */
  public Content content(StoredFile file) {
    return new Content() {
      @Override
      public long size() {
        return file.size();
      }

      @Override
      public InputStream open() {
        return StoredFiles.this.open(file);
      }
    };
  }

  /**
   * All bytes of {@code file}, verified, in memory: for files that are known to be small.
   *
   * @throws DamagedObject if they are not what was written
   * @throws IllegalArgumentException if {@code file} has over 2 GiB
   */
  public byte[] readAll(StoredFile file) {
    if (file.size() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("too large for memory: " + file.size() + " bytes");
    }
    try (InputStream in = open(file)) {
      // Takes memory as bytes come, not for what a size claims.
      byte[] content = in.readNBytes((int) file.size());
      if (content.length < file.size() || in.read() >= 0) {
        throw new IllegalStateException("a verified stream has the size of its file");
      }
      return content;
    } catch (IOException e) {
      throw new IllegalStateException("reading a store throws faults alone", e);
    }
  }

  /**
   * Writes all bytes of {@code file}, verified, to {@code target}, in place of what is there. If
   * that fails, nothing is left at {@code target}.
   *
   * @throws DamagedObject if they are not what was written
   * @throws EnvironmentFault if {@code target} cannot be written
   */
  public void copyTo(StoredFile file, Path target) {
    try (OutputStream out = Files.newOutputStream(target)) {
      transferOrDelete(file, out, target);
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The file " + target + " cannot be written: " + e + ".",
          "Check that its folder exists, may be written to and has space.",
          e);
    }
  }

  private void transferOrDelete(StoredFile file, OutputStream out, Path target) throws IOException {
    boolean copied = false;
    try {
      transfer(file, out);
      copied = true;
    } finally {
      // A device or a pipe is left alone.
      if (!copied && Files.isRegularFile(target)) {
        Files.delete(target);
      }
    }
  }

  private void transfer(StoredFile file, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, file.size()))];
    try (InputStream in = open(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
  }

  /**
   * The content of {@code first} with that of {@code second} after it, by reference: both are read
   * for the digest of the whole, and nothing is stored.
   *
   * @throws DamagedObject if one of them is not what was written
   */
  public StoredFile concat(StoredFile first, StoredFile second) {
    MessageDigest digest = Sha256.messageDigest();
    try (OutputStream hash = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      transfer(first, hash);
      transfer(second, hash);
    } catch (IOException e) {
      throw new IllegalStateException("reading a store throws faults alone", e);
    }
    List<Extent> extents = new ArrayList<>(first.extents());
    extents.addAll(second.extents());
    return new StoredFile(
        Math.addExact(first.size(), second.size()),
        Sha256.ofDigest(digest.digest()),
        extents,
        Optional.empty());
  }

  /**
   * All bytes of the object {@code id}, verified, in memory: for what is stored by its digest
   * alone, such as specs.
   *
   * @throws DamagedObject if it is absent, or its bytes are others
   */
  public byte[] readObject(Sha256 id) {
    String holds = "the bytes that its name is the SHA-256 of";
    try {
      return readObject(ObjectRef.of(id), holds);
    } catch (ObjectAbsent e) {
      return Whereabouts.holdings(storage).generations(id).stream()
          .findFirst()
          .map(generation -> readObject(new ObjectRef(id, generation), holds))
          .orElseThrow(() -> DamagedObject.absent(storage, e, holds));
    }
  }

  private byte[] readObject(ObjectRef object, String holds) {
    StorageKey key = ExtentStream.key(object);
    byte[] bytes = storage.read(key, 0, MOST_OBJECT_BYTES);
    if (!Sha256.of(bytes).equals(object.id())) {
      storage.distrust(key);
      throw DamagedObject.at(storage, key, holds, "gives SHA-256 " + Sha256.of(bytes));
    }
    return bytes;
  }

  /**
   * {@code length} bytes of {@code file} from {@code offset}. They are verified if the whole file
   * has at most 1 MiB; a range of a larger file is as the storage gives it, and its reader has to
   * bring checks of its own, as Parquet readers do.
   *
   * @throws DamagedObject if an object is absent, too short, or known to be wrong
   * @throws IllegalArgumentException if the range is not within the file
   */
  public byte[] read(StoredFile file, long offset, int length) {
    if (offset < 0 || length < 0 || offset > file.size() - length) {
      throw new IllegalArgumentException(
          "bytes " + offset + "+" + length + " of a file of " + file.size());
    }
    if (file.size() <= VERIFIED_WHOLE) {
      return Arrays.copyOfRange(readAll(file), (int) offset, (int) offset + length);
    }
    byte[] range = new byte[length];
    try (InputStream in = new ExtentStream(storage, cut(file, offset, length), holds(file))) {
      in.readNBytes(range, 0, length);
      return range;
    } catch (IOException e) {
      throw new IllegalStateException("reading a store throws faults alone", e);
    }
  }

  private static List<Extent> cut(StoredFile file, long offset, int length) {
    List<Extent> cut = new ArrayList<>();
    long start = 0;
    for (Extent extent : file.extents()) {
      long from = Math.max(offset, start);
      long to = Math.min(offset + length, start + extent.length());
      if (from < to) {
        cut.add(new Extent(extent.object(), extent.offset() + (from - start), to - from));
      }
      start += extent.length();
    }
    return cut;
  }

  /**
   * The file of this machine that holds exactly the bytes of {@code file}, for programs that read
   * in place and only read: present where the storage is local and {@code file} is one whole
   * object. Its size is checked, its content is not.
   *
   * @throws DamagedObject if it has another size
   */
  public Optional<Path> localPath(StoredFile file) {
    if (!isOneObject(file)) {
      return Optional.empty();
    }
    var key = ExtentStream.key(file.extents().get(0).object());
    Optional<Path> path = storage.localPath(key);
    path.map(StoredFiles::sizeOf)
        .filter(size -> size != file.size())
        .ifPresent(
            size -> {
              throw DamagedObject.at(storage, key, holds(file), "has " + size + " bytes");
            });
    return path;
  }

  private static boolean isOneObject(StoredFile file) {
    return file.extents().size() == 1
        && file.extents().get(0).offset() == 0
        && file.extents().get(0).object().id().equals(file.sha256());
  }

  private static long sizeOf(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new EnvironmentFault("The file " + path + " cannot be read: " + e + ".", "", e);
    }
  }

  /** The object {@code object} of {@code size} bytes, all of it, as a file. */
  public static StoredFile wholeObject(ObjectRef object, long size) {
    List<Extent> whole = size == 0 ? List.of() : List.of(new Extent(object, 0, size));
    return new StoredFile(size, object.id(), whole, Optional.empty());
  }

  /** Whether the store holds the bytes of {@code extent}, here or moved; they are not read. */
  public boolean isPresent(Extent extent) {
    return Whereabouts.in(storage).find(extent).isPresent();
  }

  private static String holds(StoredFile file) {
    return "bytes of the file with SHA-256 " + file.sha256() + " (" + file.size() + " bytes)";
  }

  private DamagedObject wrongContent(StoredFile file, Sha256 actual) {
    file.extents().stream()
        .map(extent -> ExtentStream.key(extent.object()))
        .distinct()
        .forEach(storage::distrust);
    var keys = file.extents().stream().map(extent -> ExtentStream.key(extent.object())).distinct();
    String others = file.extents().size() > NAMED_LOCATIONS ? " (or another of its objects)" : "";
    return DamagedObject.among(
        storage, keys.limit(NAMED_LOCATIONS), holds(file) + others, "gives SHA-256 " + actual);
  }
}
