// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.TableCutter;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.program.Scratch;
import io.beamwright.versioning.file.TableFacts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the rows of one group to files of this machine, cut by content, and from there to the
 * store.
 */
final class PartWriter implements Closeable {

  private final long group;
  private final StageFiles store;
  private final Scratch scratch = Scratch.under(Path.of(System.getProperty("java.io.tmpdir")));
  private final List<Path> files = new ArrayList<>();
  private final TableCutter cutter;

  PartWriter(long group, TableSchema schema, StageFiles store) throws IOException {
    this.group = group;
    this.store = store;
    // All users may pass the folder of a Scratch, and nobody else this one.
    Path folder = Files.createTempDirectory(scratch.folder(), "parts-");
    this.cutter =
        new TableCutter(
            schema,
            number -> {
              Path file = folder.resolve(number + ".parquet");
              files.add(file);
              return Files.newOutputStream(file);
            });
  }

  /** Appends rows. */
  void write(Batch rows) throws IOException {
    cutter.write(rows);
  }

  /** Ends the last file and stores all of them; there is at least one. */
  List<TablePart> finish() throws IOException {
    List<TableFacts> facts = cutter.finish();
    List<TablePart> parts = new ArrayList<>();
    for (int cut = 0; cut < facts.size(); cut++) {
      parts.add(new TablePart(group, cut, store.addTable(files.get(cut), facts.get(cut))));
      Files.delete(files.get(cut));
    }
    return parts;
  }

  /** Deletes what is left on this machine. */
  @Override
  public void close() throws IOException {
    try (scratch) {
      cutter.close();
    }
  }
}
