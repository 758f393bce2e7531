// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.CommonSchema;
import io.beamwright.tables.TableFile;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Reads an input whose files are one table: each file's rows in their order, in its schema. */
final class ReadTables extends DoFn<InputFile, SourcedBatch> {

  private static final long serialVersionUID = 1L;
  private static final TupleTag<SourcedBatch> BATCHES = new TupleTag<>("batches") {};
  private static final TupleTag<StageFailure> FAILURES = new TupleTag<>("failures") {};

  private final String input;
  private final SerializableSchema schema;
  private final StageFiles.Opener opener;
  private transient @Nullable StageFiles store;

  private ReadTables(String input, SerializableSchema schema, StageFiles.Opener opener) {
    this.input = input;
    this.schema = schema;
    this.opener = opener;
  }

  /**
   * The rows of all files of {@code context}'s input.
   *
   * @throws UserFault if there is no file, one is no table, or two are not of one table, as {@link
   *     CommonSchema} has it
   */
  static Dataset expand(StepContext context) {
    FileSet files = context.files();
    TableSchema schema = schema(files, context.store());
    ReadTables read = new ReadTables(files.input(), SerializableSchema.of(schema), context.store());
    PCollectionTuple both =
        files
            .files()
            .apply(
                context.transform("Read"),
                ParDo.of(read).withOutputTags(BATCHES, TupleTagList.of(FAILURES)));
    context.report(both.get(FAILURES));
    return new Dataset(schema, Ordering.BY_SOURCE, both.get(BATCHES));
  }

  private static TableSchema schema(FileSet files, StageFiles.Opener opener) {
    if (files.planned().isEmpty()) {
      throw new UserFault(
          "Input \"" + files.input() + "\" has no file, so its columns are not known.",
          "Put a table into it, or correct its glob.");
    }
    try (StageFiles store = opener.open()) {
      List<TableFile> tables = new ArrayList<>();
      for (InputFile file : files.planned()) {
        tables.add(tableOf(FileSet.shown(files.input(), file), file, store));
      }
      return CommonSchema.of(tables).schema();
    } catch (IOException e) {
      throw new UncheckedIOException("input " + files.input(), e);
    }
  }

  private static TableFile tableOf(String shown, InputFile file, StageFiles store)
      throws IOException {
    Optional<TableFacts> known = file.entry().file().table();
    RandomAccessSource source = store.randomAccess(file.entry().file());
    try {
      return known.isPresent()
          ? new TableFile(shown, known.get(), source)
          : TableFile.inspect(shown, source);
    } catch (UserFault e) {
      throw new UserFault(
          String.valueOf(e.getMessage()),
          "A step that takes rows reads Parquet files; begin with ReadFromCsv for CSV. "
              + e.remedy(),
          e);
    }
  }

  @Setup
  public void setUp() {
    store = opener.open();
  }

  @ProcessElement
  public void process(@Element InputFile file, MultiOutputReceiver out) throws IOException {
    String shown = FileSet.shown(input, file);
    StageFiles open = Objects.requireNonNull(store);
    try (TableReader reader =
        TableReader.openAs(schema.schema(), shown, open.randomAccess(file.entry().file()))) {
      long sequence = 0;
      for (Optional<Batch> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
        out.get(BATCHES).output(new SourcedBatch(file.ordinal(), sequence++, rows.get()));
      }
    } catch (UserFault e) {
      out.get(FAILURES).output(StageFailure.of(e));
    }
  }

  @Teardown
  public void tearDown() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
