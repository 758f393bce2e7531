// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.PatternContent;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.hdfs.server.datanode.metrics.DataNodeMetrics;
import org.apache.hadoop.metrics2.lib.MutableCounterLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is created is on the disks of the DataNodes when the create returns. */
class HdfsDurabilityTest {

  @TempDir Path folder;

  @Test
  void everyBlockIsFlushedToTheDisk() throws IOException, ReflectiveOperationException {
    // Three blocks, of which closing alone would flush none.
    Files.writeString(
        folder.resolve("hdfs-site.xml"),
        "<configuration><property><name>dfs.blocksize</name><value>65536</value></property>"
            + "</configuration>");
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    try (Storage storage =
        StorageLocation.parse(root.toString(), Map.of("hdfs.conf", folder.toString())).open()) {
      long before = flushes();

      storage.createIfAbsent(new StorageKey("key"), new PatternContent(150_000, 1));

      assertThat(flushes() - before).isEqualTo(3);
      assertThat(storage.read(new StorageKey("key"), 0, 200_000))
          .isEqualTo(PatternContent.bytes(0, 150_000, 1));
    }
  }

  // What it shows of itself is up to ten seconds old.
  private static long flushes() throws ReflectiveOperationException {
    DataNodeMetrics metrics = InProcessHdfs.cluster().getDataNodes().get(0).getMetrics();
    Field count = DataNodeMetrics.class.getDeclaredField("fsyncCount");
    count.setAccessible(true);
    return ((MutableCounterLong) count.get(metrics)).value();
  }
}
