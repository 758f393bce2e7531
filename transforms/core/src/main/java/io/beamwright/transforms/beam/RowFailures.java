// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** The rows for which one of Beam's transforms failed, as faults in the data. */
final class RowFailures extends DoFn<Row, StageFailure> {

  private static final long serialVersionUID = 1L;
  private static final String MESSAGE = "error_message";
  private static final String ROW = "failed_row";
  private static final int MOST_SHOWN = 300;

  private final String step;

  private RowFailures(String step) {
    this.step = step;
  }

  static PCollection<StageFailure> of(StepContext context, PCollection<Row> errors) {
    return errors.apply(context.transform("Errors"), ParDo.of(new RowFailures(context.label())));
  }

  @ProcessElement
  public void process(@Element Row error, OutputReceiver<StageFailure> failures) {
    String why = error.getSchema().hasField(MESSAGE) ? error.getString(MESSAGE) : null;
    Row row = error.getSchema().hasField(ROW) ? error.getRow(ROW) : null;
    failures.output(
        new StageFailure(
            "Step " + step + " cannot be computed for a row: " + why + ". The row: " + shown(row),
            "Correct the expression or the data, for example by a filter before."));
  }

  private static String shown(@Nullable Row row) {
    StringBuilder shown = new StringBuilder();
    if (row != null) {
      for (int i = 0; i < row.getFieldCount(); i++) {
        shown.append(i == 0 ? "" : ", ").append(row.getSchema().getField(i).getName());
        shown.append(" = ").append((Object) row.getValue(i));
      }
    }
    return shown.length() <= MOST_SHOWN
        ? shown.append('.').toString()
        : shown.substring(0, MOST_SHOWN) + "…";
  }
}
