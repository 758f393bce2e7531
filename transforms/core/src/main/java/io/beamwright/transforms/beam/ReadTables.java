// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.Column;
import io.beamwright.tables.TableInspector;
import io.beamwright.tables.TableReader;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Reads an input whose files are tables: each file's rows in their order. */
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
   * @throws UserFault if there is no file, one is no table, or two differ in their columns
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
    InputFile first = files.planned().get(0);
    try (StageFiles store = opener.open()) {
      TableSchema schema = schemaOf(files.input(), first, store);
      for (InputFile file : files.planned()) {
        TableSchema other = schemaOf(files.input(), file, store);
        if (!other.equals(schema)) {
          throw differ(files.input(), first, schema, file, other);
        }
      }
      return schema;
    }
  }

  private static TableSchema schemaOf(String input, InputFile file, StageFiles store) {
    String shown = FileSet.shown(input, file);
    Optional<TableFacts> known = file.entry().file().table();
    try {
      return TableSchema.of(
          shown,
          known.isPresent()
              ? known.get()
              : TableInspector.inspect(shown, store.randomAccess(file.entry().file())));
    } catch (UserFault e) {
      throw new UserFault(
          String.valueOf(e.getMessage()),
          "A step that takes rows reads Parquet files; begin with ReadFromCsv for CSV. "
              + e.remedy(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(shown, e);
    }
  }

  private static UserFault differ(
      String input, InputFile first, TableSchema schema, InputFile file, TableSchema other) {
    return new UserFault(
        "%s and %s are tables of different columns: %s, and %s."
            .formatted(
                FileSet.shown(input, first),
                FileSet.shown(input, file),
                shown(schema, other),
                shown(other, schema)),
        "Match files of the same columns, or give each kind an input of its own.");
  }

  private static String shown(TableSchema schema, TableSchema other) {
    List<String> own =
        schema.columns().stream()
            .filter(column -> !other.columns().contains(column))
            .map(ReadTables::shown)
            .toList();
    return own.isEmpty() ? "the same in another order" : String.join(", ", own);
  }

  private static String shown(Column column) {
    return "%s %s%s (id %d)"
        .formatted(
            column.name(),
            column.type().text(),
            column.nullable() ? "" : " not null",
            column.fieldId());
  }

  @Setup
  public void setUp() {
    store = opener.open();
  }

  @ProcessElement
  public void process(@Element InputFile file, MultiOutputReceiver out) throws IOException {
    String shown = FileSet.shown(input, file);
    StageFiles open = Objects.requireNonNull(store);
    try (TableReader reader = TableReader.open(shown, open.randomAccess(file.entry().file()))) {
      if (!reader.schema().equals(schema.schema())) {
        throw new IllegalStateException(shown + " has another schema than its facts say");
      }
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
