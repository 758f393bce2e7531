// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.Column;
import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.SourcedBatchCoder;
import io.beamwright.transforms.beam.sql.CalcRows.Columns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * {@code ORDER BY … OFFSET … LIMIT}: some rows of an order. Rows that are equal in it are ordered
 * by all their columns, so that the same rows come out whatever order they came in.
 */
final class FirstRows extends PTransform<PCollection<SourcedBatch>, PCollection<SourcedBatch>> {

  private static final long serialVersionUID = 1L;

  private final Order order;

  /**
   * What an order is.
   *
   * @param columns what it is by, first to last
   * @param isDescending of each
   * @param isNullFirst of each: whether nulls come before all values
   * @param offset how many rows are left out
   * @param limit how many are taken; {@link Long#MAX_VALUE} for all
   * @param schema of the rows, as JSON
   */
  record Order(
      Columns columns,
      List<Boolean> isDescending,
      List<Boolean> isNullFirst,
      long offset,
      long limit,
      String schema)
      implements Serializable {

    Order {
      isDescending = List.copyOf(isDescending);
      isNullFirst = List.copyOf(isNullFirst);
    }

    TableSchema tableSchema() {
      return TableSchema.parse(schema);
    }

    /** How many rows of the order can matter. */
    long needed() {
      return limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + limit;
    }
  }

  FirstRows(Order order) {
    this.order = order;
  }

  @Override
  public PCollection<SourcedBatch> expand(PCollection<SourcedBatch> rows) {
    return rows.apply("Sortable", ParDo.of(new ToRecords(order)))
        .setCoder(Blocks.coder())
        .apply("Gather", GroupByKey.create())
        .apply("Take", ParDo.of(new Take(order)))
        .setCoder(new SourcedBatchCoder(order.tableSchema()));
  }

  /**
   * Rows as records whose order as unsigned bytes is that of the query: the columns of the order,
   * the row, and in the last 4 bytes how long the former are.
   */
  private static final class Records {

    private static final byte NULL_FIRST = 0;

    private final Order order;
    private final List<RowEncoding> encodings = new ArrayList<>();
    private final RowEncoding row;

    Records(Order order) {
      this.order = order;
      for (Column column : order.columns().schema().columns()) {
        encodings.add(new RowEncoding(new TableSchema(List.of(column))));
      }
      this.row = new RowEncoding(order.tableSchema());
    }

    List<byte[]> of(Batch batch) {
      Batch keys = order.columns().of(batch);
      List<Batch> columns = new ArrayList<>();
      for (int i = 0; i < encodings.size(); i++) {
        columns.add(
            new Batch(encodings.get(i).schema(), batch.rowCount(), List.of(keys.column(i))));
      }
      List<byte[]> records = new ArrayList<>();
      for (int at = 0; at < batch.rowCount(); at++) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        for (int i = 0; i < columns.size(); i++) {
          record.writeBytes(key(columns.get(i), at, i));
        }
        int length = record.size();
        record.writeBytes(row.encode(batch, at));
        record.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        records.add(record.toByteArray());
      }
      return records;
    }

    // The first byte of a column says value (1) or null (2).
    private byte[] key(Batch column, int at, int place) {
      byte[] key = encodings.get(place).encode(column, at);
      if (column.column(0).isNull(at)) {
        key[0] = order.isNullFirst().get(place) ? NULL_FIRST : key[0];
      } else if (order.isDescending().get(place)) {
        for (int i = 1; i < key.length; i++) {
          key[i] = (byte) ~key[i];
        }
      }
      return key;
    }
  }

  /** Of each bundle, the rows that can be among those that are wanted. */
  private static final class ToRecords extends DoFn<SourcedBatch, KV<Integer, byte[]>> {

    private static final long serialVersionUID = 1L;

    /** More are not kept back: they would fill the memory. */
    private static final int MOST_KEPT = 10_000;

    private final Order order;
    private transient PriorityQueue<byte[]> best = greatestFirst();

    ToRecords(Order order) {
      this.order = order;
    }

    private static PriorityQueue<byte[]> greatestFirst() {
      return new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(b, a));
    }

    @StartBundle
    public void start() {
      best = greatestFirst();
    }

    @ProcessElement
    public void process(@Element SourcedBatch batch, OutputReceiver<KV<Integer, byte[]>> out) {
      Records records = new Records(order);
      if (order.needed() > MOST_KEPT) {
        Blocks blocks = new Blocks();
        records.of(batch.rows()).forEach(record -> blocks.add(0, record, out::output));
        blocks.flush(out::output);
        return;
      }
      for (byte[] record : records.of(batch.rows())) {
        best.add(record);
        if (best.size() > order.needed()) {
          best.poll();
        }
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      Blocks blocks = new Blocks();
      Blocks.Receiver out =
          block ->
              context.output(block, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      best.forEach(record -> blocks.add(0, record, out));
      blocks.flush(out);
      best = greatestFirst();
    }
  }

  private static final class Take extends DoFn<KV<Integer, Iterable<byte[]>>, SourcedBatch> {

    private static final long serialVersionUID = 1L;
    private static final long MEMORY_BYTES = 64L << 20;

    private final Order order;

    Take(Order order) {
      this.order = order;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> all, OutputReceiver<SourcedBatch> out)
        throws IOException {
      try (ExternalSort sort = new ExternalSort(MEMORY_BYTES)) {
        for (byte[] block : all.getValue()) {
          Blocks.forEach(block, sort::add);
        }
        Taking taking = new Taking(order, new OutputRows(order.tableSchema(), out::output));
        sort.sortTo(taking::add);
        taking.end();
      }
    }
  }

  private static final class Taking {

    private final Order order;
    private final OutputRows out;
    private final RowEncoding encoding;
    private long place;

    Taking(Order order, OutputRows out) {
      this.order = order;
      this.out = out;
      this.encoding = new RowEncoding(order.tableSchema());
    }

    void add(byte[] record) {
      boolean isWanted = place >= order.offset() && place - order.offset() < order.limit();
      place++;
      if (isWanted) {
        int end = record.length - Integer.BYTES;
        int start = ByteBuffer.wrap(record, end, Integer.BYTES).getInt();
        encoding.decode(Arrays.copyOfRange(record, start, end), out.builder());
        out.added();
      }
    }

    void end() {
      out.end();
    }
  }
}
