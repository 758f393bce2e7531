// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.csv;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.Dataset;
import io.beamwright.transforms.beam.FileSet;
import io.beamwright.transforms.beam.Ordering;
import io.beamwright.transforms.beam.StageFiles;
import io.beamwright.transforms.beam.Step;
import io.beamwright.transforms.beam.StepContext;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.CanonicalJson;
import java.util.List;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads CSV files into a table with the columns and types that the configuration declares; what it
 * leaves open is found in the files' headers and by a pass over all their cells on the submitter.
 * Each file's rows keep their order. A file may be packed by gzip, whatever its name.
 */
public final class ReadFromCsv implements Step {

  private static final StepDescription DESCRIPTION =
      new StepDescription(
          "ReadFromCsv",
          "1",
          Takes.FILES,
          "Reads CSV files, plain or packed by gzip, into typed columns.",
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
                  "The character between cells; by default a comma."),
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
                  "The character around cells that hold others; by default a double quote."),
              ConfigField.optional(
                  "thousands",
                  List.of(JsonType.STRING),
                  "The character that groups the digits of numbers.")));

  @Override
  public StepDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Dataset expand(StepContext context) {
    FileSet files = context.files();
    ObjectNode complete = complete(context, files);
    CsvConfig config = CsvConfig.of(complete);
    PCollectionTuple both =
        files
            .files()
            .apply(
                context.transform("Read"),
                ParDo.of(
                        new ReadCsvFile(
                            files.input(), CanonicalJson.text(complete), context.store()))
                    .withOutputTags(ReadCsvFile.BATCHES, TupleTagList.of(ReadCsvFile.FAILURES)));
    context.report(both.get(ReadCsvFile.FAILURES));
    return new Dataset(config.schema(), Ordering.BY_SOURCE, both.get(ReadCsvFile.BATCHES));
  }

  private static ObjectNode complete(StepContext context, FileSet files) {
    CsvConfig declared = CsvConfig.of(context.config());
    if (declared.isComplete()) {
      return context.config();
    }
    try (StageFiles store = context.store().open()) {
      return CsvConfig.withColumns(context.config(), CsvInference.columns(declared, files, store));
    }
  }
}
