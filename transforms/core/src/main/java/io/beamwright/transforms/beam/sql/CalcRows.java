// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.SourcedBatch;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.versioning.fault.UserFault;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Computes the columns of each row for which a condition is true. */
final class CalcRows extends DoFn<SourcedBatch, SourcedBatch> {

  private static final long serialVersionUID = 1L;

  static final TupleTag<SourcedBatch> ROWS = new TupleTag<>("rows") {};
  static final TupleTag<StageFailure> FAILURES = new TupleTag<>("failures") {};

  private final String step;
  private final Expression condition;
  private final Columns columns;

  /** {@code step}: what messages call the step. */
  CalcRows(String step, Expression condition, Columns columns) {
    this.step = step;
    this.condition = condition;
    this.columns = columns;
  }

  @Setup
  public void setUp() {
    columns.setUp();
  }

  @ProcessElement
  public void process(@Element SourcedBatch element, MultiOutputReceiver out) {
    Batch batch = element.rows();
    BatchBuilder rows = columns.builder();
    try {
      for (int row = 0; row < batch.rowCount(); row++) {
        if (Boolean.TRUE.equals(condition.of(batch, row))) {
          columns.append(batch, row, rows);
        }
      }
    } catch (UserFault e) {
      out.get(FAILURES).output(failure(step, e));
      return;
    }
    if (rows.rowCount() > 0) {
      out.get(ROWS).output(new SourcedBatch(0, 0, rows.build()));
    }
  }

  static StageFailure failure(String step, UserFault fault) {
    return new StageFailure("Step " + step + ": " + fault.getMessage(), fault.remedy());
  }

  /** Expressions, and the schema of the columns that they make. */
  static final class Columns implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String schema;
    private final List<Expression> expressions;
    private transient @Nullable TableSchema read;

    Columns(TableSchema schema, List<Expression> expressions) {
      if (schema.width() != expressions.size()) {
        throw new IllegalArgumentException(
            expressions.size() + " expressions for " + schema.json());
      }
      this.schema = schema.json();
      this.expressions = List.copyOf(expressions);
    }

    void setUp() {
      read = TableSchema.parse(schema);
    }

    TableSchema schema() {
      TableSchema known = read;
      return known == null ? TableSchema.parse(schema) : known;
    }

    BatchBuilder builder() {
      return new BatchBuilder(schema());
    }

    void append(Batch batch, int row, BatchBuilder rows) {
      @Nullable Object[] values = new @Nullable Object[expressions.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = expressions.get(i).of(batch, row);
      }
      rows.appendRow(values);
    }

    /** The columns of each row of a batch. */
    Batch of(Batch batch) {
      BatchBuilder rows = builder();
      for (int row = 0; row < batch.rowCount(); row++) {
        append(batch, row, rows);
      }
      return rows.build();
    }
  }
}
