// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TableProperties {

  @Provide
  Arbitrary<Batch> batches() {
    return Arbitraries.longs().map(RandomTables::batch);
  }

  @Property(tries = 300)
  void aBatchIsTheSameAfterItsBytes(@ForAll("batches") Batch batch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    batch.writeTo(new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(Batch.readFrom(batch.schema(), in)).isEqualTo(batch);
    assertThat(in.available()).isZero();
  }

  @Property(tries = 200)
  void slicesPutTogetherAreTheBatch(@ForAll("batches") Batch batch, @ForAll int cut) {
    int middle = Math.floorMod(cut, batch.rowCount() + 1);
    BatchBuilder whole = new BatchBuilder(batch.schema());
    for (Batch part : List.of(batch.slice(0, middle), batch.slice(middle, batch.rowCount()))) {
      for (int row = 0; row < part.rowCount(); row++) {
        whole.appendRow(part, row);
      }
    }

    assertThat(whole.build()).isEqualTo(batch);
  }

  @Property(tries = 200)
  void aTableIsTheSameAfterParquet(@ForAll("batches") Batch batch) throws IOException {
    assertThat(Tables.read(Tables.write(batch).bytes())).isEqualTo(batch);
  }

  @Property(tries = 100)
  void theFooterSaysWhatTheWriterSaid(@ForAll("batches") Batch batch) throws IOException {
    Tables.Written written = Tables.write(batch);
    TableFacts facts = TableInspector.inspect("t.parquet", RandomAccessSource.of(written.bytes()));

    assertThat(facts).isEqualTo(written.facts());
    assertThat(facts.rows()).isEqualTo(batch.rowCount());
    assertThat(facts.rowDigest()).contains(RowDigest.of(batch).text());
    assertThat(TableSchema.parse(facts.schemaJson())).isEqualTo(batch.schema());
    for (int i = 0; i < batch.schema().width(); i++) {
      assertThat(facts.columns().get(i).nulls()).contains((long) batch.column(i).nullCount());
    }
  }

  @Property(tries = 100)
  void howRowsAreDividedIntoBatchesChangesNoByte(@ForAll("batches") Batch batch, @ForAll int cut)
      throws IOException {
    int middle = Math.floorMod(cut, batch.rowCount() + 1);
    byte[] whole = Tables.write(batch).bytes();
    byte[] parts =
        Tables.write(batch.slice(0, middle), batch.slice(middle, batch.rowCount())).bytes();

    assertThat(parts).isEqualTo(whole);
  }

  @Property(tries = 300)
  void aRowIsTheSameAfterItsEncoding(@ForAll("batches") Batch batch) {
    RowEncoding encoding = new RowEncoding(batch.schema());
    BatchBuilder decoded = new BatchBuilder(batch.schema());
    for (int row = 0; row < batch.rowCount(); row++) {
      encoding.decode(encoding.encode(batch, row), decoded);
    }

    assertThat(decoded.build()).isEqualTo(batch);
  }

  @Property(tries = 300)
  void encodingsOrderRowsColumnByColumnWithNullsLast(@ForAll("batches") Batch batch) {
    RowEncoding encoding = new RowEncoding(batch.schema());
    for (int row = 1; row < batch.rowCount(); row++) {
      byte[] left = encoding.encode(batch, row - 1);
      byte[] right = encoding.encode(batch, row);
      int expected = compareRows(batch, row - 1, row);

      assertThat(Integer.signum(Arrays.compareUnsigned(left, right)))
          .as("rows %d and %d of %s", row - 1, row, batch)
          .isEqualTo(Integer.signum(expected));
    }
  }

  @Property(tries = 300)
  void noEncodingIsTheBeginningOfAnother(@ForAll("batches") Batch batch) {
    RowEncoding encoding = new RowEncoding(batch.schema());
    for (int row = 1; row < batch.rowCount(); row++) {
      byte[] left = encoding.encode(batch, row - 1);
      byte[] right = encoding.encode(batch, row);
      int shorter = Math.min(left.length, right.length);
      boolean begins = Arrays.equals(left, 0, shorter, right, 0, shorter);

      assertThat(begins).isEqualTo(Arrays.equals(left, right));
    }
  }

  @Property(tries = 100)
  void theDigestDependsNeitherOnOrderNorOnDivision(
      @ForAll("batches") Batch batch, @ForAll long seed) {
    List<Integer> order = new ArrayList<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      order.add(row);
    }
    Collections.shuffle(order, new Random(seed));
    RowDigest merged = RowDigest.EMPTY;
    for (int row : order) {
      merged = RowDigest.of(batch.slice(row, row + 1)).plus(merged);
    }

    assertThat(merged).isEqualTo(RowDigest.of(batch));
    assertThat(RowDigest.parse(merged.text())).isEqualTo(merged);
  }

  /** The order of the rows by their values, written down a second time. */
  private static int compareRows(Batch batch, int left, int right) {
    for (ColumnVector column : batch.columns()) {
      int order = compareCells(column, left, right);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareCells(ColumnVector column, int left, int right) {
    if (column.isNull(left) || column.isNull(right)) {
      return Boolean.compare(column.isNull(left), column.isNull(right));
    }
    return switch (column.type().kind()) {
      case BOOLEAN -> Boolean.compare(column.booleanAt(left), column.booleanAt(right));
      case INT32, DATE -> Integer.compare(column.intAt(left), column.intAt(right));
      case INT64, TIMESTAMP -> Long.compare(column.longAt(left), column.longAt(right));
      case FLOAT32 -> Float.compare(column.floatAt(left), column.floatAt(right));
      case FLOAT64 -> Double.compare(column.doubleAt(left), column.doubleAt(right));
      case DECIMAL -> {
        BigDecimal value = column.decimalAt(left);
        yield value.compareTo(column.decimalAt(right));
      }
      case TEXT ->
          Arrays.compare(
              column.textAt(left).codePoints().toArray(),
              column.textAt(right).codePoints().toArray());
      case BINARY -> Arrays.compareUnsigned(column.bytesAt(left), column.bytesAt(right));
    };
  }
}
