// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InPlaceReadingTest {

  @Test
  void boundsThatLeaveNanOutMakeDuckDbLoseRowsAndAreNamed() throws Exception {
    Path file = file("float16_nonzeros_and_nans");
    String read = "SELECT count(*) FROM '%s' WHERE x > 2.5".formatted(file);
    String copied =
        "CREATE TEMP TABLE t AS FROM '%s'; SELECT count(*) FROM t WHERE x > 2.5".formatted(file);

    assertThat(of("f", RandomAccessSource.of(file)).unboundedNan()).containsExactly("x");
    assertThat(count(read)).as("what makes this necessary").isZero();
    assertThat(count(copied)).isEqualTo(1);
  }

  @Test
  void aFileOfOursIsReadInPlaceWithoutMore() throws Exception {
    byte[] table = Tables.write(RandomTables.ofAllTypes(4, 100)).bytes();

    InPlaceReading reading = of("t", RandomAccessSource.of(table));

    List<InPlaceReading.Field> columns;
    try (TableReader reader = TableReader.open("t", RandomAccessSource.of(table))) {
      columns =
          reader.schema().columns().stream()
              .map(c -> new InPlaceReading.Field(c.name(), Optional.of(c.type())))
              .toList();
    }
    assertThat(reading).isEqualTo(new InPlaceReading(columns, List.of(0), Set.of(), false));
    assertThat(reading.isAlike()).isTrue();
  }

  @Test
  void anInt96TimestampThatDuckDbWrapsIsRefused() {
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> of("f", RandomAccessSource.of(file("int96_from_spark"))))
        .withMessageMatching(
            "f: column \"a\" has the INT96 timestamp \\+290\\d{3}-[^ ]*, which a query cannot read.");
  }

  @Test
  void aWrongChecksumIsRefused() {
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> of("f", RandomAccessSource.of(file("datapage_v1-corrupt-checksum"))))
        .withMessageContaining("CRC checksum verification failed");
  }

  private static InPlaceReading of(String name, RandomAccessSource source) throws IOException {
    return InPlaceReading.of(Map.of(name, source));
  }

  private static long count(String sql) throws SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      String last = sql;
      for (int end = last.indexOf("; "); end > 0; end = last.indexOf("; ")) {
        statement.execute(last.substring(0, end));
        last = last.substring(end + 2);
      }
      try (ResultSet result = statement.executeQuery(last)) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static Path file(String name) throws IOException {
    try {
      return Path.of(
          Objects.requireNonNull(
                  InPlaceReadingTest.class.getResource("/parquet-testing/" + name + ".parquet"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
