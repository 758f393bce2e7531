// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowHash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.schemas.Schema;
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
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows where their keys are equal, as SQL has it: a null is equal to nothing. Both sides are
 * divided into buckets by the hash of the key, each bucket is sorted by key in bounded memory, and
 * each key's rows are combined; only the right side's rows of one key have to fit into memory.
 *
 * <p>Beam's own join groups by the key itself, and takes nulls for equal. The DirectRunner spends
 * some 15 ms on each key that anything is grouped by, and on a bucket no more.
 */
final class KeyedJoin extends PTransform<PCollectionList<Row>, PCollection<Row>> {

  private static final long serialVersionUID = 1L;

  private static final TupleTag<KV<Integer, byte[]>> RECORDS = new TupleTag<>("records") {};
  private static final TupleTag<Row> ALONE = new TupleTag<>("alone") {};

  /** Sorts before {@link #LEFT}, so that a key's rows of the right side come first. */
  private static final byte RIGHT = 0;

  private static final byte LEFT = 1;

  private final JoinKey leftKey;
  private final JoinKey rightKey;
  private final boolean keepsLeft;
  private final boolean keepsRight;
  private final Schema joined;
  private final int buckets;

  /**
   * A join of two collections, left and right.
   *
   * @param keepsLeft whether rows of the left side without a partner are kept, with nulls
   * @param keepsRight the same of the right side
   * @param joined the columns of the left side and then of the right
   * @param buckets a power of two
   */
  KeyedJoin(
      JoinKey leftKey,
      JoinKey rightKey,
      boolean keepsLeft,
      boolean keepsRight,
      Schema joined,
      int buckets) {
    this.leftKey = leftKey;
    this.rightKey = rightKey;
    this.keepsLeft = keepsLeft;
    this.keepsRight = keepsRight;
    this.joined = joined;
    this.buckets = buckets;
  }

  @Override
  public PCollection<Row> expand(PCollectionList<Row> sides) {
    PCollection<Row> left = sides.get(0);
    PCollection<Row> right = sides.get(1);
    Combining combining = new Combining(left.getSchema(), right.getSchema(), joined);
    PCollectionTuple lefts = records("Left", left, leftKey, LEFT, keepsLeft, combining);
    PCollectionTuple rights = records("Right", right, rightKey, RIGHT, keepsRight, combining);
    PCollection<Row> partners =
        PCollectionList.of(lefts.get(RECORDS))
            .and(rights.get(RECORDS))
            .apply("Both", Flatten.pCollections())
            .apply("Group", GroupByKey.create())
            .apply("Combine", ParDo.of(new CombineBucket(combining, keepsLeft, keepsRight)))
            .setRowSchema(joined);
    return PCollectionList.of(partners)
        .and(lefts.get(ALONE).setRowSchema(joined))
        .and(rights.get(ALONE).setRowSchema(joined))
        .apply("All", Flatten.pCollections());
  }

  private PCollectionTuple records(
      String name, PCollection<Row> rows, JoinKey key, byte side, boolean keeps, Combining with) {
    PCollectionTuple both =
        rows.apply(
            name,
            ParDo.of(new ToRecords(key, side, keeps, with, buckets))
                .withOutputTags(RECORDS, TupleTagList.of(ALONE)));
    both.get(RECORDS).setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
    return both;
  }

  /** Rows of either side, and what becomes of two of them. */
  private record Combining(Schema left, Schema right, Schema joined) implements Serializable {

    byte[] encode(byte side, Row row) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      coder(side).encode(row, bytes);
      return bytes.toByteArray();
    }

    RowCoder coder(byte side) {
      return RowCoder.of(side == LEFT ? left : right);
    }

    Row of(@Nullable Row leftRow, @Nullable Row rightRow) {
      List<@Nullable Object> values = new ArrayList<>(joined.getFieldCount());
      add(leftRow, left, values);
      add(rightRow, right, values);
      return Row.withSchema(joined).attachValues(values);
    }

    private static void add(@Nullable Row row, Schema schema, List<@Nullable Object> values) {
      for (int i = 0; i < schema.getFieldCount(); i++) {
        values.add(row == null ? null : row.getValue(i));
      }
    }

    Row alone(byte side, Row row) {
      return side == LEFT ? of(row, null) : of(null, row);
    }
  }

  /**
   * Divides rows by the hash of their keys. An element is a bucket and any number of records: each
   * its length (4 bytes), the length of the key (4 bytes), the key, the side (1 byte), the row.
   */
  private static final class ToRecords extends DoFn<Row, KV<Integer, byte[]>> {

    private static final long serialVersionUID = 1L;
    private static final int BLOCK_BYTES = 64 << 10;

    private final JoinKey key;
    private final byte side;
    private final boolean keeps;
    private final Combining combining;
    private final int buckets;
    private transient Map<Integer, ByteArrayOutputStream> blocks = new HashMap<>();

    ToRecords(JoinKey key, byte side, boolean keeps, Combining combining, int buckets) {
      this.key = key;
      this.side = side;
      this.keeps = keeps;
      this.combining = combining;
      this.buckets = buckets;
    }

    @StartBundle
    public void start() {
      blocks = new HashMap<>();
    }

    @ProcessElement
    public void process(@Element Row row, MultiOutputReceiver out) throws IOException {
      Optional<byte[]> encoded = key.of(row);
      if (encoded.isEmpty()) {
        if (keeps) {
          out.get(ALONE).output(combining.alone(side, row));
        }
        return;
      }
      int bucket = RowHash.of(encoded.get()).partition(buckets);
      ByteArrayOutputStream block =
          blocks.computeIfAbsent(bucket, b -> new ByteArrayOutputStream());
      write(encoded.get(), combining.encode(side, row), new DataOutputStream(block));
      if (block.size() >= BLOCK_BYTES) {
        out.get(RECORDS).output(KV.of(bucket, block.toByteArray()));
        block.reset();
      }
    }

    private void write(byte[] encodedKey, byte[] row, DataOutputStream block) throws IOException {
      block.writeInt(Integer.BYTES + encodedKey.length + 1 + row.length);
      block.writeInt(encodedKey.length);
      block.write(encodedKey);
      block.write(side);
      block.write(row);
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      blocks.forEach(
          (bucket, block) -> {
            if (block.size() > 0) {
              context.output(
                  RECORDS,
                  KV.of(bucket, block.toByteArray()),
                  GlobalWindow.INSTANCE.maxTimestamp(),
                  GlobalWindow.INSTANCE);
            }
          });
    }
  }

  /** Reads a bucket's records once, in whatever order they come. */
  private static final class CombineBucket extends DoFn<KV<Integer, Iterable<byte[]>>, Row> {

    private static final long serialVersionUID = 1L;
    private static final long MEMORY_BYTES = 64L << 20;

    private final Combining combining;
    private final boolean keepsLeft;
    private final boolean keepsRight;

    CombineBucket(Combining combining, boolean keepsLeft, boolean keepsRight) {
      this.combining = combining;
      this.keepsLeft = keepsLeft;
      this.keepsRight = keepsRight;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<byte[]>> bucket, OutputReceiver<Row> out)
        throws IOException {
      try (ExternalSort sort = new ExternalSort(MEMORY_BYTES)) {
        for (byte[] block : bucket.getValue()) {
          ByteBuffer records = ByteBuffer.wrap(block);
          while (records.hasRemaining()) {
            byte[] record = new byte[records.getInt()];
            records.get(record);
            sort.add(record);
          }
        }
        OfKey rows = new OfKey(out);
        sort.sortTo(rows::add);
        rows.end();
      }
    }

    /** The rows of one key after the other. */
    private final class OfKey {

      private final OutputReceiver<Row> out;
      private final RowCoder leftCoder = combining.coder(LEFT);
      private final RowCoder rightCoder = combining.coder(RIGHT);
      private final List<Row> rights = new ArrayList<>();
      private byte @Nullable [] key;
      private boolean hasLeft;

      OfKey(OutputReceiver<Row> out) {
        this.out = out;
      }

      void add(byte[] record) throws IOException {
        int keyEnd = Integer.BYTES + ByteBuffer.wrap(record).getInt();
        byte[] known = key;
        if (known == null || !Arrays.equals(known, 0, known.length, record, 0, keyEnd)) {
          end();
          key = Arrays.copyOf(record, keyEnd);
        }
        int row = keyEnd + 1;
        ByteArrayInputStream bytes = new ByteArrayInputStream(record, row, record.length - row);
        if (record[keyEnd] == RIGHT) {
          rights.add(Objects.requireNonNull(rightCoder.decode(bytes)));
        } else {
          hasLeft = true;
          combine(Objects.requireNonNull(leftCoder.decode(bytes)));
        }
      }

      private void combine(Row left) {
        if (rights.isEmpty() && keepsLeft) {
          out.output(combining.alone(LEFT, left));
        }
        for (Row right : rights) {
          out.output(combining.of(left, right));
        }
      }

      void end() {
        if (!hasLeft && keepsRight) {
          rights.forEach(right -> out.output(combining.alone(RIGHT, right)));
        }
        rights.clear();
        hasLeft = false;
      }
    }
  }
}
