// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Dates are those of java.time, on every day of four leap cycles and far away. */
final class DatesTest {

  private final TimeReaders.Dates dates = new TimeReaders.Dates();

  private @Nullable Object read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(dates.reads(bytes, 0, bytes.length)).as(text).isTrue();
    BatchBuilder rows =
        new BatchBuilder(
            new TableSchema(List.of(new Column("d", ColumnType.Simple.DATE, true, 1))));
    dates.appendTo(rows.column(0));
    return rows.build().column(0).valueAt(0);
  }

  @Test
  void everyDayIsTheOneOfTheCalendar() {
    for (LocalDate day = LocalDate.of(1599, 12, 1); day.getYear() < 2002; day = day.plusDays(7)) {
      assertThat(read(day.toString())).isEqualTo(day);
    }
    for (int year = -5_000; year < 12_000; year += 37) {
      for (LocalDate day : List.of(LocalDate.of(year, 2, 28), LocalDate.of(year, 3, 1))) {
        assertThat(read(day.toString())).isEqualTo(day);
        assertThat(read(day.minusDays(1).toString())).isEqualTo(day.minusDays(1));
      }
    }
    assertThat(read("-999999-12-31")).isEqualTo(LocalDate.of(-999_999, 12, 31));
  }
}
