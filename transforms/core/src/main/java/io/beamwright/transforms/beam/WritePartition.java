// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.TableSchema;
import java.io.IOException;
import org.apache.beam.sdk.values.KV;

/** Writes the rows of one partition, sorted by their canonical encoding. */
final class WritePartition extends TableSink.Write<KV<Integer, Iterable<byte[]>>> {

  private static final long serialVersionUID = 1L;
  private static final long MEMORY_BYTES = 64L << 20;
  private static final int BATCH_ROWS = 1_024;

  WritePartition(SerializableSchema schema, StageFiles.Opener opener) {
    super(schema, opener);
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<byte[]>> partition, OutputReceiver<TablePart> out)
      throws IOException {
    TableSchema schema = schema();
    try (ExternalSort sort = new ExternalSort(MEMORY_BYTES);
        PartWriter writer = writer(partition.getKey(), schema)) {
      for (byte[] block : partition.getValue()) {
        RowRecords.forEachRow(block, sort::add);
      }
      write(sort, schema, writer);
      writer.finish().forEach(out::output);
    }
  }

  private static void write(ExternalSort sort, TableSchema schema, PartWriter writer)
      throws IOException {
    RowEncoding encoding = new RowEncoding(schema);
    BatchBuilder rows = new BatchBuilder(schema);
    sort.sortTo(
        encoded -> {
          encoding.decode(encoded, rows);
          if (rows.rowCount() == BATCH_ROWS) {
            writer.write(rows.build());
          }
        });
    writer.write(rows.build());
  }
}
