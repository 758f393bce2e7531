// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.values.Row;

/**
 * The columns of one side of a join whose values are to be equal to those of the other side.
 *
 * @param columns the places of the columns
 */
record JoinKey(List<Integer> columns) implements Serializable {

  JoinKey {
    columns = List.copyOf(columns);
  }

  /**
   * The key of a row as bytes that are equal where SQL's {@code =} holds for all columns, whatever
   * width their numbers have; absent where a value is null, which is equal to nothing.
   */
  Optional<byte[]> of(Row row) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    for (int column : columns) {
      Object value = row.getValue(column);
      if (value == null) {
        return Optional.empty();
      }
      byte[] encoded = encode(value);
      data.writeInt(encoded.length);
      data.write(encoded);
    }
    return Optional.of(bytes.toByteArray());
  }

  private static byte[] encode(Object value) {
    return value instanceof byte[] bytes ? bytes : text(value).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object value) {
    if (value instanceof Double || value instanceof Float) {
      // Adding 0 makes -0.0, which is equal to 0.0, the same.
      return Double.toString(((Number) value).doubleValue() + 0.0);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
