// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.storage.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes files into a store as what they say they are: a table is an object of its own with its
 * facts, anything else is bytes. For one thread.
 */
public final class Intake {

  private final Packer packer;
  private final Inspection inspection;

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
   * the same, it is not stored again.
   */
  public PendingFile add(String name, Content content, Optional<StoredFile> there)
      throws IOException {
    if (inspection.inspectors().isEmpty()) {
      return packer.add(content, there);
    }
    // A small file is opened once: of a million of them, opening is most of the work.
    Content bytes =
        content.size() < Packer.PACKED_BELOW ? Content.of(Packer.readSmall(content)) : content;
    Optional<FileInspector> inspector = inspection.of(beginning(bytes));
    if (inspector.isEmpty()) {
      return packer.add(bytes, there);
    }
    Table table = new Table(name, requireReady(name, inspector.get()));
    return table.as(packer.addWhole(bytes, table::inspect));
  }

  /**
   * Takes all of {@code in}, whose size nobody knows; the caller closes it. Throws as {@link
   * #add(String, Content)} does, {@link InspectorNotReady} when no more than the beginning was
   * read.
   */
  public Supplier<StoredFile> add(String name, InputStream in) throws IOException {
    if (inspection.inspectors().isEmpty()) {
      return packer.add(in)::stored;
    }
    byte[] beginning = in.readNBytes(FileInspector.BEGINNING);
    Optional<FileInspector> inspector = inspection.of(beginning);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
    if (inspector.isEmpty()) {
      return packer.add(whole)::stored;
    }
    Table table = new Table(name, requireReady(name, inspector.get()));
    return table.as(packer.addWhole(whole, table::inspect))::stored;
  }

  private static byte[] beginning(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readNBytes(FileInspector.BEGINNING);
    }
  }

  private static FileInspector requireReady(String name, FileInspector inspector) {
    if (!inspector.isReady()) {
      throw new InspectorNotReady(name, inspector);
    }
    return inspector;
  }

  /** A table on its way into the store. */
  private final class Table {
    private final String name;
    private final FileInspector inspector;
    private Optional<TableFacts> facts = Optional.empty();

    Table(String name, FileInspector inspector) {
      this.name = name;
      this.inspector = inspector;
    }

    void inspect(RandomAccessSource bytes) throws IOException {
      facts = Optional.of(inspection.facts(inspector, name, bytes));
    }

    PendingFile as(PendingFile file) {
      return file.withTable(facts.orElseThrow());
    }
  }
}
