// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes files into a store as what they say they are: a table is an object of its own with its
 * facts, anything else is bytes. For one thread.
 *
 * <p>A table is copied to a temporary file first, and looked at and stored from there: its facts
 * are those of the bytes that are stored, whatever becomes of the file meanwhile.
 */
public final class Intake {

  private final Packer packer;
  private final Inspection inspection;
  // What is held of small files, one after the other: a copy for each would be most of the garbage.
  private byte[] held = {};

  /** Stores through {@code packer}, which the caller flushes and closes. */
  public Intake(Packer packer, Inspection inspection) {
    this.packer = packer;
    this.inspection = inspection;
  }

  /**
   * Takes {@code content}.
   *
   * @param name the file's name, for messages
   * @return the file, once the packer is flushed
   * @throws IOException if {@code content} cannot be read, or has another size than it said
   * @throws io.beamwright.versioning.fault.UserFault if it says it is a table and is no whole one;
   *     nothing of it is stored then
   * @throws InspectorNotReady if it is a table and this process cannot tell what it holds
   */
  public Supplier<StoredFile> add(String name, Content content) throws IOException {
    return add(name, content, Optional.empty())::stored;
  }

  /**
   * The same; {@code there} is a file that the store has and keeps meanwhile: if {@code content} is
   * the same bytes, they are not stored again.
   */
  public PendingFile add(String name, Content content, Optional<StoredFile> there)
      throws IOException {
    if (inspection.inspectors().isEmpty()) {
      return packer.add(content, there);
    }
    // A small file is opened once: of a million of them, opening is most of the work.
    Content bytes = content.size() < Packer.PACKED_BELOW ? inMemory(content) : content;
    try (InputStream in = bytes.open()) {
      byte[] beginning = in.readNBytes(FileInspector.BEGINNING);
      Optional<FileInspector> inspector = inspection.of(beginning);
      if (inspector.isEmpty()) {
        return packer.add(bytes, there);
      }
      Inspection.requireReady(name, inspector.get(), new byte[0]);
      return addTable(name, inspector.get(), beginning, in);
    }
  }

  /**
   * Takes all of {@code in}, whose size nobody knows; the caller closes it. Throws as {@link
   * #add(String, Content)} does; {@link InspectorNotReady} has the few bytes that were read.
   */
  public Supplier<StoredFile> add(String name, InputStream in) throws IOException {
    if (inspection.inspectors().isEmpty()) {
      return packer.add(in)::stored;
    }
    byte[] beginning = in.readNBytes(FileInspector.BEGINNING);
    Optional<FileInspector> inspector = inspection.of(beginning);
    if (inspector.isEmpty()) {
      return packer.add(new SequenceInputStream(new ByteArrayInputStream(beginning), in))::stored;
    }
    Inspection.requireReady(name, inspector.get(), beginning);
    return addTable(name, inspector.get(), beginning, in)::stored;
  }

  /** The same content, read already; until the next one is. */
  private Content inMemory(Content content) throws IOException {
    int size = (int) content.size();
    if (held.length < size) {
      held = new byte[Math.min(Packer.PACKED_BELOW, Math.max(size, 2 * held.length))];
    }
    try (InputStream in = content.open()) {
      if (in.readNBytes(held, 0, size) < size || in.read() >= 0) {
        throw new IOException("it had " + size + " bytes and changed while it was read");
      }
    }
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(held, 0, size);
      }
    };
  }

  private PendingFile addTable(
      String name, FileInspector inspector, byte[] beginning, InputStream rest) throws IOException {
    Path copy = temporary();
    try {
      copy(beginning, rest, copy);
      TableFacts facts = inspection.facts(inspector, name, RandomAccessSource.of(copy));
      return packer.addWhole(Content.of(copy)).withTable(facts);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("beamwright-", ".table");
    } catch (IOException e) {
      throw cannotWrite("No temporary file can be made", e);
    }
  }

  private static void copy(byte[] beginning, InputStream rest, Path copy) throws IOException {
    byte[] block = new byte[1 << 17];
    try (OutputStream out = Files.newOutputStream(copy)) {
      write(out, beginning, beginning.length, copy);
      for (int read = rest.read(block); read >= 0; read = rest.read(block)) {
        write(out, block, read, copy);
      }
    }
  }

  // Apart from reading, so that a full temporary folder is not taken for a file that is unreadable.
  private static void write(OutputStream out, byte[] bytes, int length, Path copy) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw cannotWrite("The temporary file " + copy + " cannot be written", e);
    }
  }

  private static EnvironmentFault cannotWrite(String what, IOException e) {
    return new EnvironmentFault(
        what + ": " + e + ".",
        "Make room in " + System.getProperty("java.io.tmpdir") + " or set java.io.tmpdir.",
        e);
  }
}
