// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Batch;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A table of text whose columns and types are known: it reads one file after the other. Not for
 * several threads.
 */
public final class TextTable {

  private final TableFormat format;
  private final CsvTableReader csv;
  private final JsonTableReader json;

  /**
   * A table whose columns and types are all declared, such as by {@link #complete}.
   *
   * @throws IllegalStateException if a type is not known
   */
  public TextTable(TableFormat format) {
    this.format = format;
    this.csv = new CsvTableReader(format);
    this.json = new JsonTableReader(format);
  }

  /**
   * The format with the columns and types that it leaves open, found by a pass over every cell of
   * every file; the format itself if it leaves nothing open.
   *
   * @param files all files of the table, of one kind, in the order of their paths; at least one if
   *     the format leaves anything open
   * @throws UserFault if a file is not what it should be, or they do not have the same columns; the
   *     message names the file and the line
   */
  public static TableFormat complete(TableFormat format, List<TextFile> files) throws IOException {
    requireSense(format, files);
    if (format.isComplete()) {
      return format;
    }
    return files.get(0).kind() == TextKind.JSON
        ? JsonInference.complete(format, files)
        : CsvInference.complete(format, files);
  }

  private static void requireSense(TableFormat format, List<TextFile> files) {
    for (TextFile file : files) {
      Optional<String> member =
          file.kind() == TextKind.JSON ? format.ofCsvAlone() : Optional.empty();
      if (member.isPresent()) {
        throw new UserFault(
            file.name() + " is JSON, of which \"" + member.get() + "\" in its format says nothing.",
            "Leave it out; JSON takes \"columns\" and \"null\".");
      }
    }
  }

  /** The columns of every file's batches. */
  public TableSchema schema() {
    return format.schema();
  }

  /**
   * Gives the rows of a file, in their order, to {@code batches}.
   *
   * @throws UserFault if the file is not what it should be; the message names the file and the line
   */
  public void read(TextFile file, Consumer<Batch> batches) throws IOException {
    try {
      if (file.kind() == TextKind.JSON) {
        json.read(file.content().open(), batches);
      } else {
        csv.read(file.content().open(), file.kind(), batches);
      }
    } catch (TextProblem e) {
      throw e.in(file.name());
    }
  }
}
