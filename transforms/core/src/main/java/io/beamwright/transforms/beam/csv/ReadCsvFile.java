// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.csv;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.tables.Batch;
import io.beamwright.transforms.beam.InputFile;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.transforms.beam.StageFiles;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.transforms.reading.TextTable;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Reads one CSV file after the other; the first fault in a file ends that file. */
final class ReadCsvFile extends DoFn<InputFile, SourcedBatch> {

  private static final long serialVersionUID = 1L;

  static final TupleTag<SourcedBatch> BATCHES = new TupleTag<>("batches") {};
  static final TupleTag<StageFailure> FAILURES = new TupleTag<>("failures") {};

  private final String input;
  private final String configJson;
  private final StageFiles.Opener opener;
  private transient @Nullable StageFiles store;
  private transient @Nullable TableFormat format;
  private transient @Nullable TextTable table;

  ReadCsvFile(String input, String configJson, StageFiles.Opener opener) {
    this.input = input;
    this.configJson = configJson;
    this.opener = opener;
  }

  @Setup
  public void setUp() throws JsonProcessingException {
    byte[] json = configJson.getBytes(StandardCharsets.UTF_8);
    format = TableFormat.of((ObjectNode) CanonicalJson.parse(json), ReadFromCsv.NAME);
    table = new TextTable(format);
    store = opener.open();
  }

  @ProcessElement
  public void process(@Element InputFile file, MultiOutputReceiver out) throws IOException {
    try {
      Objects.requireNonNull(table)
          .read(
              ReadFromCsv.text(
                  input, file, Objects.requireNonNull(format), Objects.requireNonNull(store)),
              numbered(file.ordinal(), out.get(BATCHES)));
    } catch (UserFault e) {
      out.get(FAILURES).output(StageFailure.of(e));
    }
  }

  private static Consumer<Batch> numbered(long source, OutputReceiver<SourcedBatch> out) {
    return new Consumer<>() {
      private long sequence;

      @Override
      public void accept(Batch batch) {
        out.output(new SourcedBatch(source, sequence++, batch));
      }
    };
  }

  @Teardown
  public void tearDown() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
