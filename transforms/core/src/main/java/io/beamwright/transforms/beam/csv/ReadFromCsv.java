// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.csv;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.Dataset;
import io.beamwright.transforms.beam.FileSet;
import io.beamwright.transforms.beam.InputFile;
import io.beamwright.transforms.beam.Ordering;
import io.beamwright.transforms.beam.StageFiles;
import io.beamwright.transforms.beam.Step;
import io.beamwright.transforms.beam.StepContext;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.transforms.reading.TextFile;
import io.beamwright.transforms.reading.TextKind;
import io.beamwright.transforms.reading.TextTable;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads CSV files into a table with the columns and types that the configuration declares; what it
 * leaves open is found in the files' headers and by a pass over all their cells on the submitter.
 * Each file's rows keep their order. A file may be packed by gzip or zstd, whatever its name.
 */
public final class ReadFromCsv implements Step {

  static final String NAME = "ReadFromCsv";

  private static final StepDescription DESCRIPTION =
      new StepDescription(
          NAME,
          "3",
          Takes.FILES,
          "Reads CSV files, plain or packed by gzip or zstd, into typed columns.",
          List.of(
              ConfigField.optional(
                  "columns",
                  List.of(JsonType.ARRAY),
                  "The table's columns: name, and as needed from (the file's name for it), type and"
                      + " format (a java.time pattern for dates and timestamps); by default all of"
                      + " the file's, with inferred types."),
              ConfigField.optional(
                  "comment",
                  List.of(JsonType.STRING),
                  "A character that begins lines to pass over."),
              ConfigField.optional(
                  "delimiter",
                  List.of(JsonType.STRING),
                  "The character between cells; by default a comma, or a tab in files called"
                      + " .tsv."),
              ConfigField.optional(
                  "header",
                  List.of(JsonType.BOOLEAN, JsonType.ARRAY),
                  "Whether each file begins with its column names (the default), or the names."),
              ConfigField.optional(
                  "null",
                  List.of(JsonType.STRING, JsonType.ARRAY),
                  "Cells that mean null besides the empty cell."),
              ConfigField.optional(
                  "quote",
                  List.of(JsonType.STRING),
                  "The character around cells that hold others; by default a double quote. If it is"
                      + " \"\", quotes are text."),
              ConfigField.optional(
                  "skip",
                  List.of(JsonType.INTEGER),
                  "How many lines of each file to pass over before the header."),
              ConfigField.optional(
                  "thousands",
                  List.of(JsonType.STRING),
                  "The character that groups the digits of numbers."),
              ConfigField.optional(
                  "type",
                  List.of(JsonType.STRING),
                  "csv, or tsv for tabs between cells; by default tsv for files called .tsv.")));

  @Override
  public StepDescription description() {
    return DESCRIPTION;
  }

  @Override
  public void check(String label, ObjectNode config) {
    TableFormat unused = declared(config);
  }

  @Override
  public Dataset expand(StepContext context) {
    FileSet files = context.files();
    TableFormat complete = complete(context, files);
    PCollectionTuple both =
        files
            .files()
            .apply(
                context.transform("Read"),
                ParDo.of(
                        new ReadCsvFile(
                            files.input(), CanonicalJson.text(complete.toJson()), context.store()))
                    .withOutputTags(ReadCsvFile.BATCHES, TupleTagList.of(ReadCsvFile.FAILURES)));
    context.report(both.get(ReadCsvFile.FAILURES));
    return new Dataset(complete.schema(), Ordering.BY_SOURCE, both.get(ReadCsvFile.BATCHES));
  }

  private static TableFormat declared(ObjectNode config) {
    TableFormat declared = TableFormat.of(config, NAME);
    if (declared.kind().equals(Optional.of(TextKind.JSON))) {
      throw new UserFault(
          NAME + ": \"type\" is \"json\".", "Write csv or tsv; an sql stage reads JSON.");
    }
    return declared;
  }

  private static TableFormat complete(StepContext context, FileSet files) {
    TableFormat declared = declared(context.config());
    if (!declared.isComplete() && files.planned().isEmpty()) {
      throw new UserFault(
          NAME + ": input \"" + files.input() + "\" has no file to take the columns from.",
          "Declare the columns and their types in \"columns\", or put a file.");
    }
    try (StageFiles store = context.store().open()) {
      return TextTable.complete(
          declared,
          files.planned().stream()
              .map(file -> text(files.input(), file, declared, store))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(files.input(), e);
    }
  }

  /** A file of an input as text, to be read while {@code store} is open. */
  static TextFile text(String input, InputFile file, TableFormat format, StageFiles store) {
    TextKind kind =
        format
            .kind()
            .or(() -> TextKind.ofName(file.entry().path().text()).filter(k -> k == TextKind.TSV))
            .orElse(TextKind.CSV);
    return new TextFile(FileSet.shown(input, file), kind, () -> store.open(file.entry().file()));
  }
}
