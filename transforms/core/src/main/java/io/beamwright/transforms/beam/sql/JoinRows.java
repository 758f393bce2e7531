// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.RowHash;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.SourcedBatchCoder;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.transforms.beam.StageFailureCoder;
import io.beamwright.transforms.beam.sql.CalcRows.Columns;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows where their keys are equal, as SQL has it: a null is equal to nothing. Both sides are
 * divided into buckets by the hash of the key, each bucket is sorted by key in bounded memory, and
 * each key's rows are combined; only the right side's rows of one key have to fit into memory.
 */
final class JoinRows extends PTransform<PCollectionList<SourcedBatch>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  static final TupleTag<SourcedBatch> ROWS = new TupleTag<>("rows") {};
  static final TupleTag<StageFailure> FAILURES = new TupleTag<>("failures") {};

  private static final TupleTag<KV<Integer, byte[]>> RECORDS = new TupleTag<>("records") {};
  private static final TupleTag<SourcedBatch> ALONE = new TupleTag<>("alone") {};

  /** Sorts before {@link #LEFT}, so that a key's rows of the right side come first. */
  private static final byte RIGHT = 0;

  private static final byte LEFT = 1;

  /** What the canonical encoding of a row has in the place of a null. */
  private static final byte NULL = 2;

  /**
   * One side.
   *
   * @param schema of its rows, as JSON
   * @param keys the columns whose values are to be equal to the other side's
   * @param isKept whether its rows without a partner are kept, with nulls
   */
  record Side(String schema, Columns keys, boolean isKept) implements Serializable {

    int width() {
      return tableSchema().width();
    }

    TableSchema tableSchema() {
      return TableSchema.parse(schema);
    }
  }

  private final Join join;
  private final int buckets;

  private record Join(String step, Side left, Side right, String joined) implements Serializable {

    TableSchema schema() {
      return TableSchema.parse(joined);
    }

    // A row's canonical encoding is that of its columns, one after the other.
    byte[] of(byte[] leftRow, byte[] rightRow) {
      byte[] row = Arrays.copyOf(leftRow, leftRow.length + rightRow.length);
      System.arraycopy(rightRow, 0, row, leftRow.length, rightRow.length);
      return row;
    }

    byte[] alone(boolean isLeft, byte[] row) {
      return isLeft ? of(row, nulls(right)) : of(nulls(left), row);
    }

    private static byte[] nulls(Side side) {
      byte[] nulls = new byte[side.width()];
      Arrays.fill(nulls, NULL);
      return nulls;
    }
  }

  /**
   * A join of two collections, left and right.
   *
   * @param step what messages call the step
   * @param joined the columns of the left side and then of the right
   * @param buckets a power of two
   */
  JoinRows(String step, Side left, Side right, TableSchema joined, int buckets) {
    this.join = new Join(step, left, right, joined.json());
    this.buckets = buckets;
  }

  @Override
  public PCollectionTuple expand(PCollectionList<SourcedBatch> sides) {
    PCollectionTuple lefts = records("Left", sides.get(0), true);
    PCollectionTuple rights = records("Right", sides.get(1), false);
    PCollection<SourcedBatch> partners =
        PCollectionList.of(lefts.get(RECORDS))
            .and(rights.get(RECORDS))
            .apply("Both", Flatten.pCollections())
            .apply("Group", GroupByKey.create())
            .apply("Combine", ParDo.of(new CombineBucket(join)))
            .setCoder(new SourcedBatchCoder(join.schema()));
    PCollection<SourcedBatch> rows =
        PCollectionList.of(partners)
            .and(lefts.get(ALONE))
            .and(rights.get(ALONE))
            .apply("All", Flatten.pCollections());
    PCollection<StageFailure> failures =
        PCollectionList.of(lefts.get(FAILURES))
            .and(rights.get(FAILURES))
            .apply("Failures", Flatten.pCollections());
    return PCollectionTuple.of(ROWS, rows).and(FAILURES, failures);
  }

  private PCollectionTuple records(String name, PCollection<SourcedBatch> rows, boolean isLeft) {
    PCollectionTuple all =
        rows.apply(
            name,
            ParDo.of(new ToRecords(join, isLeft, buckets))
                .withOutputTags(RECORDS, TupleTagList.of(ALONE).and(FAILURES)));
    all.get(RECORDS).setCoder(Blocks.coder());
    all.get(ALONE).setCoder(new SourcedBatchCoder(join.schema()));
    all.get(FAILURES).setCoder(new StageFailureCoder());
    return all;
  }

  /** Divides rows by the hash of their keys: key, side (1 byte), row. */
  private static final class ToRecords extends DoFn<SourcedBatch, KV<Integer, byte[]>> {

    private static final long serialVersionUID = 1L;

    private final Join join;
    private final boolean isLeft;
    private final int buckets;
    private transient Blocks blocks = new Blocks();

    ToRecords(Join join, boolean isLeft, int buckets) {
      this.join = join;
      this.isLeft = isLeft;
      this.buckets = buckets;
    }

    private Side side() {
      return isLeft ? join.left() : join.right();
    }

    @StartBundle
    public void start() {
      blocks = new Blocks();
    }

    @ProcessElement
    public void process(@Element SourcedBatch element, MultiOutputReceiver out) {
      Batch batch = element.rows();
      try {
        Batch keys = side().keys().of(batch);
        RowEncoding keyEncoding = new RowEncoding(keys.schema());
        RowEncoding rowEncoding = new RowEncoding(side().tableSchema());
        OutputRows alone = new OutputRows(join.schema(), rows -> out.get(ALONE).output(rows));
        for (int row = 0; row < batch.rowCount(); row++) {
          byte[] encoded = rowEncoding.encode(batch, row);
          if (!hasNull(keys, row)) {
            add(keyEncoding.encode(keys, row), encoded, block -> out.get(RECORDS).output(block));
          } else if (side().isKept()) {
            new RowEncoding(join.schema()).decode(join.alone(isLeft, encoded), alone.builder());
            alone.added();
          }
        }
        alone.end();
      } catch (UserFault e) {
        out.get(FAILURES).output(CalcRows.failure(join.step(), e));
      }
    }

    private static boolean hasNull(Batch keys, int row) {
      return keys.columns().stream().anyMatch(column -> column.isNull(row));
    }

    private void add(byte[] key, byte[] row, Blocks.Receiver out) {
      byte[] record =
          Blocks.keyed(
              key,
              data -> {
                data.writeByte(isLeft ? LEFT : RIGHT);
                data.write(row);
              });
      blocks.add(RowHash.of(key).partition(buckets), record, out);
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      blocks.flush(
          block ->
              context.output(
                  RECORDS, block, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE));
    }
  }

  /** Reads a bucket's records once, in whatever order they come. */
  private static final class CombineBucket
      extends DoFn<KV<Integer, Iterable<byte[]>>, SourcedBatch> {

    private static final long serialVersionUID = 1L;
    private static final long MEMORY_BYTES = 64L << 20;

    private final Join join;

    CombineBucket(Join join) {
      this.join = join;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> bucket, OutputReceiver<SourcedBatch> out)
        throws IOException {
      try (ExternalSort sort = new ExternalSort(MEMORY_BYTES)) {
        for (byte[] block : bucket.getValue()) {
          Blocks.forEach(block, sort::add);
        }
        OfKey rows = new OfKey(join, new OutputRows(join.schema(), out::output));
        sort.sortTo(rows::add);
        rows.end();
      }
    }
  }

  /** The rows of one key after the other. */
  private static final class OfKey {

    private final Join join;
    private final OutputRows out;
    private final RowEncoding encoding;
    private final List<byte[]> rights = new ArrayList<>();
    private byte @Nullable [] key;
    private boolean hasLeft;

    OfKey(Join join, OutputRows out) {
      this.join = join;
      this.out = out;
      this.encoding = new RowEncoding(join.schema());
    }

    void add(byte[] record) {
      int payload = Blocks.payload(record);
      byte[] known = key;
      if (known == null || !Arrays.equals(known, 0, known.length, record, 0, payload)) {
        endKey();
        key = Arrays.copyOf(record, payload);
      }
      byte[] row = Arrays.copyOfRange(record, payload + 1, record.length);
      if (record[payload] == RIGHT) {
        rights.add(row);
      } else {
        hasLeft = true;
        combine(row);
      }
    }

    private void combine(byte[] left) {
      if (rights.isEmpty() && join.left().isKept()) {
        emit(join.alone(true, left));
      }
      for (byte[] right : rights) {
        emit(join.of(left, right));
      }
    }

    private void emit(byte[] row) {
      BatchBuilder rows = out.builder();
      encoding.decode(row, rows);
      out.added();
    }

    private void endKey() {
      if (!hasLeft && join.right().isKept()) {
        rights.forEach(right -> emit(join.alone(false, right)));
      }
      rights.clear();
      hasLeft = false;
    }

    void end() {
      endKey();
      out.end();
      key = null;
    }
  }
}
