// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** A temporary file of bytes that are hashed as they come, until their name is known. */
final class Spool implements AutoCloseable {

  private static final int BUFFER = 128 * 1024;

  private final Path file;
  private final OutputStream out;
  private final MessageDigest digest = Sha256.messageDigest();
  private long size;
  private Optional<Sha256> sha256 = Optional.empty();

  Spool(Path scratch) {
    Path created = null;
    try {
      created = Files.createTempFile(scratch, "spool-", ".tmp");
      this.out = new BufferedOutputStream(Files.newOutputStream(created), BUFFER);
      this.file = created;
    } catch (IOException e) {
      throw fault(created == null ? scratch : created, e);
    }
  }

  /** Appends all of {@code in}, which the caller closes and which must hold {@code announced}. */
  void append(InputStream in, long announced) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long before = size;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      append(buffer, read);
      if (size - before > announced) {
        break;
      }
    }
    if (size - before != announced) {
      throw changed(announced);
    }
  }

  /** Appends all of {@code in}, which the caller closes. */
  void append(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      append(buffer, read);
    }
  }

  void append(byte[] bytes) {
    append(bytes, bytes.length);
  }

  private void append(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw fault(file, e);
    }
    digest.update(bytes, 0, length);
    size += length;
  }

  static IOException changed(long announced) {
    return new IOException("it had " + announced + " bytes and changed while it was read");
  }

  long size() {
    return size;
  }

  /** The digest of everything; nothing can be appended any more. */
  Sha256 sha256() {
    if (sha256.isEmpty()) {
      sha256 = Optional.of(Sha256.ofDigest(digest.digest()));
    }
    return sha256.get();
  }

  /** Everything, to be read until this is closed. */
  Content content() {
    try {
      out.close();
      return Content.of(file);
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  @Override
  public void close() {
    try (out) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  private static EnvironmentFault fault(Path file, IOException cause) {
    return new EnvironmentFault(
        "The temporary file or folder " + file + " cannot be written: " + cause + ".",
        "Make room there, or choose another folder for temporary files.",
        cause);
  }
}
