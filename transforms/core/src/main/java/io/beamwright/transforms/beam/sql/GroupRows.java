// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.RowHash;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.transforms.beam.sql.Accumulator.Aggregate;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
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
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.Create;
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
 * Groups rows by their first columns and aggregates the others, one aggregate a column. Nulls are
 * one group. Without any column to group by, the output is one row, also of no row.
 *
 * <p>Rows of one bundle are aggregated before they are sent, and a bucket's groups are merged in
 * the order of their keys, in bounded memory.
 */
final class GroupRows extends PTransform<PCollection<SourcedBatch>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  static final TupleTag<SourcedBatch> ROWS = new TupleTag<>("rows") {};
  static final TupleTag<StageFailure> FAILURES = new TupleTag<>("failures") {};

  private final String step;
  private final Plan plan;
  private final int buckets;

  /**
   * A grouping.
   *
   * @param step what messages call the step
   * @param input the columns to group by, and then an argument for each aggregate
   * @param output the columns to group by, and then each aggregate's result
   * @param buckets a power of two
   */
  GroupRows(
      String step, TableSchema input, TableSchema output, List<Aggregate> aggregates, int buckets) {
    this.step = step;
    this.plan = new Plan(input.json(), output.json(), List.copyOf(aggregates));
    this.buckets = plan.keys() == 0 ? 1 : buckets;
  }

  @Override
  public PCollectionTuple expand(PCollection<SourcedBatch> rows) {
    PCollection<KV<Integer, byte[]>> parts =
        rows.apply("Part", ParDo.of(new ToParts(plan, buckets))).setCoder(Blocks.coder());
    if (plan.keys() == 0) {
      PCollection<KV<Integer, byte[]>> none =
          rows.getPipeline()
              .apply("One", Create.of(KV.of(0, new byte[0])).withCoder(Blocks.coder()));
      parts = PCollectionList.of(parts).and(none).apply("Both", Flatten.pCollections());
    }
    return parts
        .apply("Group", GroupByKey.create())
        .apply(
            "Merge",
            ParDo.of(new MergeParts(step, plan)).withOutputTags(ROWS, TupleTagList.of(FAILURES)));
  }

  private record Plan(String input, String output, List<Aggregate> aggregates)
      implements Serializable {

    TableSchema inputSchema() {
      return TableSchema.parse(input);
    }

    int keys() {
      return inputSchema().width() - aggregates.size();
    }

    TableSchema keySchema() {
      return new TableSchema(inputSchema().columns().subList(0, keys()));
    }

    List<Accumulator> accumulators() {
      List<Accumulator> accumulators = new ArrayList<>();
      aggregates.forEach(aggregate -> accumulators.add(aggregate.accumulator()));
      return accumulators;
    }
  }

  /** The groups of a bundle: key, and what each aggregate has written. */
  private static final class ToParts extends DoFn<SourcedBatch, KV<Integer, byte[]>> {

    private static final long serialVersionUID = 1L;
    private static final int MOST_GROUPS = 10_000;

    private final Plan plan;
    private final int buckets;
    private transient @Nullable Groups groups;

    ToParts(Plan plan, int buckets) {
      this.plan = plan;
      this.buckets = buckets;
    }

    @StartBundle
    public void start() {
      groups = new Groups(plan);
    }

    private Groups groups() {
      return Objects.requireNonNull(groups);
    }

    @ProcessElement
    public void process(@Element SourcedBatch batch, OutputReceiver<KV<Integer, byte[]>> out) {
      groups().add(batch.rows());
      if (groups().size() > MOST_GROUPS) {
        groups().flush(buckets, out::output);
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      groups()
          .flush(
              buckets,
              block ->
                  context.output(
                      block, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE));
    }
  }

  private static final class Groups {

    private final Plan plan;
    private final RowEncoding keys;
    private final Map<ByteBuffer, List<Accumulator>> byKey = new HashMap<>();

    Groups(Plan plan) {
      this.plan = plan;
      this.keys = new RowEncoding(plan.keySchema());
    }

    int size() {
      return byKey.size();
    }

    void add(Batch batch) {
      int width = plan.keys();
      Batch key = new Batch(keys.schema(), batch.rowCount(), batch.columns().subList(0, width));
      List<Batch> arguments = new ArrayList<>();
      for (int i = width; i < batch.columns().size(); i++) {
        TableSchema one = Accumulator.schema(batch.column(i).type());
        arguments.add(new Batch(one, batch.rowCount(), List.of(batch.column(i))));
      }
      for (int row = 0; row < batch.rowCount(); row++) {
        List<Accumulator> group =
            byKey.computeIfAbsent(
                ByteBuffer.wrap(keys.encode(key, row)), any -> plan.accumulators());
        for (int i = 0; i < group.size(); i++) {
          if (!arguments.get(i).column(0).isNull(row)) {
            group.get(i).add(arguments.get(i), row);
          }
        }
      }
    }

    void flush(int buckets, Blocks.Receiver out) {
      Blocks blocks = new Blocks();
      byKey.forEach(
          (key, group) -> {
            byte[] bytes = key.array();
            blocks.add(
                buckets == 1 ? 0 : RowHash.of(bytes).partition(buckets),
                Blocks.keyed(bytes, written -> write(group, written)),
                out);
          });
      blocks.flush(out);
      byKey.clear();
    }

    private static void write(List<Accumulator> group, DataOutputStream out) throws IOException {
      for (Accumulator accumulator : group) {
        accumulator.writeTo(out);
      }
    }
  }

  private static final class MergeParts extends DoFn<KV<Integer, Iterable<byte[]>>, SourcedBatch> {

    private static final long serialVersionUID = 1L;
    private static final long MEMORY_BYTES = 64L << 20;

    private final String step;
    private final Plan plan;

    MergeParts(String step, Plan plan) {
      this.step = step;
      this.plan = plan;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<byte[]>> bucket, MultiOutputReceiver out)
        throws IOException {
      try (ExternalSort sort = new ExternalSort(MEMORY_BYTES)) {
        for (byte[] block : bucket.getValue()) {
          Blocks.forEach(block, sort::add);
        }
        Merging merging = new Merging(plan, rows -> out.get(ROWS).output(rows));
        try {
          sort.sortTo(merging::add);
          merging.end();
        } catch (UserFault e) {
          out.get(FAILURES).output(CalcRows.failure(step, e));
        }
      }
    }
  }

  /** The parts of one group after the other. */
  private static final class Merging {

    private final Plan plan;
    private final RowEncoding keys;
    private final OutputRows out;
    private byte @Nullable [] key;
    private List<Accumulator> group = List.of();

    Merging(Plan plan, Consumer<SourcedBatch> out) {
      this.plan = plan;
      this.keys = new RowEncoding(plan.keySchema());
      this.out = new OutputRows(TableSchema.parse(plan.output()), out);
    }

    void add(byte[] record) throws IOException {
      int payload = Blocks.payload(record);
      byte[] known = key;
      if (known == null || !Arrays.equals(known, 0, known.length, record, Integer.BYTES, payload)) {
        finishGroup();
        key = Arrays.copyOfRange(record, Integer.BYTES, payload);
        group = plan.accumulators();
      }
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(record, payload, record.length - payload));
      for (Accumulator accumulator : group) {
        accumulator.add(in);
      }
    }

    void end() {
      if (key == null && plan.keys() == 0) {
        key = new byte[0];
        group = plan.accumulators();
      }
      finishGroup();
      out.end();
    }

    private void finishGroup() {
      byte[] known = key;
      if (known == null) {
        return;
      }
      List<@Nullable Object> values = new ArrayList<>();
      if (plan.keys() > 0) {
        BatchBuilder row = new BatchBuilder(keys.schema());
        keys.decode(known, row);
        Batch batch = row.build();
        batch.columns().forEach(column -> values.add(column.valueAt(0)));
      }
      group.forEach(accumulator -> values.add(accumulator.result()));
      out.add(values);
    }
  }
}
