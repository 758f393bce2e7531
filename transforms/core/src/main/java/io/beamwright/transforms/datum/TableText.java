// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.tables.CommonSchema;
import io.beamwright.tables.TableFile;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TextFormat;
import io.beamwright.tables.TextWriter;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rows of Parquet files as one text; apart, so that only a datum that needs it loads
 * Parquet.
 */
final class TableText {

  private final StoredFiles store;
  private final DatumInput input;

  TableText(StoredFiles store, DatumInput input) {
    this.store = store;
    this.input = input;
  }

  /**
   * Writes the rows of {@code parts}, one after the other, to {@code target}.
   *
   * @param spare a file that does not exist and may for a while: one part at a time
   * @throws UserFault if they are not files of one table, or one is damaged
   */
  void write(List<FileEntry> parts, Path spare, Path target) throws IOException {
    TableSchema schema = schema(parts);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 128 << 10)) {
      TextWriter writer = format().writer(schema, out);
      for (FileEntry part : parts) {
        store.copyTo(part.file(), spare);
        try (TableReader rows =
            TableReader.openAs(schema, name(part), RandomAccessSource.of(spare))) {
          writer.write(rows);
        }
        Files.delete(spare);
      }
      writer.flush();
    }
  }

  private TextFormat format() {
    return switch (input.as()) {
      case CSV -> TextFormat.CSV;
      case JSON -> TextFormat.JSON;
      case NONE -> throw new IllegalArgumentException("shown as it is: input " + input.name());
    };
  }

  private TableSchema schema(List<FileEntry> parts) throws IOException {
    List<TableFile> files = new ArrayList<>();
    for (FileEntry part : parts) {
      RandomAccessSource source = RandomAccessSource.of(store, part.file());
      Optional<TableFacts> facts = part.file().table();
      files.add(
          facts.isPresent()
              ? new TableFile(name(part), facts.get(), source)
              : TableFile.inspect(name(part), source));
    }
    try {
      return CommonSchema.of(files).schema();
    } catch (UserFault e) {
      throw new UserFault(
          String.valueOf(e.getMessage()),
          "\"as\" shows the tables of a folder as one. " + e.remedy(),
          e);
    }
  }

  private String name(FileEntry part) {
    return input.name() + ":" + part.path();
  }
}
