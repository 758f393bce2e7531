// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.RowDigest;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TextFormat;
import io.beamwright.tables.TextWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What {@code as} writes is read back equal, whatever a text holds. */
final class TextRoundTripProperties {

  @Property(tries = 500)
  void anyTextIsReadBack(@ForAll("tables") List<List<String>> rows) throws IOException {
    int width = rows.get(0).size();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(new Column("c" + i, ColumnType.Simple.TEXT, true, i + 1));
    }
    TableSchema schema = new TableSchema(columns);
    BatchBuilder builder = new BatchBuilder(schema);
    for (List<String> row : rows) {
      for (int i = 0; i < width; i++) {
        // A table has no gaps: what a shorter row lacks is null.
        builder.column(i).append(i < row.size() && !row.get(i).equals("∅") ? row.get(i) : null);
      }
    }
    Batch batch = builder.build();
    for (TextFormat as : TextFormat.values()) {
      assertThat(readBack(as, batch)).as(as.extension()).isEqualTo(RowDigest.of(batch));
    }
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> anything =
        Arbitraries.strings()
            .ofMaxLength(6)
            .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
    Arbitrary<String> nasty =
        Arbitraries.strings()
            .withChars('\r', '\n', '"', ',', ' ', 'a', '\uFEFF', '\0', '\\', '\uFFFF')
            .ofMaxLength(5);
    Arbitrary<String> cells = Arbitraries.oneOf(anything, nasty, Arbitraries.just("∅"));
    return cells.list().ofMinSize(1).ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6);
  }

  private static RowDigest readBack(TextFormat as, Batch batch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TextWriter writer = as.writer(batch.schema(), bytes);
    writer.write(batch);
    writer.flush();
    TextKind kind = as == TextFormat.CSV ? TextKind.CSV : TextKind.JSON;
    TextFile file = new TextFile("file", kind, () -> new ByteArrayInputStream(bytes.toByteArray()));
    List<FormatColumn> declared =
        batch.schema().columns().stream()
            .map(column -> FormatColumn.ofFile(column.name()).withType(column.type()))
            .toList();
    RowDigest[] digest = {RowDigest.EMPTY};
    new TextTable(TableFormat.BY_THE_RULES.withColumns(declared))
        .read(file, rows -> digest[0] = digest[0].plus(RowDigest.of(rows)));
    return digest[0];
  }
}
