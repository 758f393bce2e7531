// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.transforms.reading.TextFile;
import io.beamwright.transforms.reading.TextKind;
import io.beamwright.transforms.reading.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;

/**
 * CSV or JSON files. Our reader makes the rows, and DuckDB is told every type: it guesses nothing.
 */
final class TextInput extends InputTable {

  private final TextKind kind;

  TextInput(String name, InputFiles input, TextKind kind) {
    super(name, input);
    this.kind = kind;
  }

  @Override
  void createFrom(DuckDb duckDb) throws SQLException, IOException {
    List<TextFile> files =
        input().files().stream()
            .map(file -> new TextFile(place(file), kind, () -> Files.newInputStream(file)))
            .toList();
    TableFormat declared = input().format().orElse(TableFormat.BY_THE_RULES);
    TextTable table = new TextTable(TextTable.complete(declared, files));
    LoadedTable.create(
        duckDb,
        name(),
        table.schema(),
        batches -> {
          for (TextFile file : files) {
            table.read(file, batches);
          }
        });
  }
}
