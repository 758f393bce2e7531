// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS in this process, started once for all tests that share it. */
final class InProcessHdfs {

  // Small pages, so that a listing needs several.
  static final int PAGE = 7;

  private static final Logger HADOOP = Logger.getLogger("org.apache.hadoop");
  private static final Logger BLOCKS = Logger.getLogger("BlockStateChange");

  private InProcessHdfs() {}

  private static final class Shared {
    static final MiniDFSCluster CLUSTER = start();
  }

  private static MiniDFSCluster start() {
    HADOOP.setLevel(Level.OFF);
    BLOCKS.setLevel(Level.OFF);
    try {
      Configuration configuration = new Configuration();
      configuration.set("dfs.ls.limit", Integer.toString(PAGE));
      configuration.set("dfs.namenode.fs-limits.min-block-size", "1024");
      Path folder =
          Files.createTempDirectory(Path.of("target").toAbsolutePath(), "hdfs-in-process-");
      return new MiniDFSCluster.Builder(configuration, folder.toFile()).numDataNodes(1).build();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static MiniDFSCluster cluster() {
    return Shared.CLUSTER;
  }

  static URI uri() {
    return URI.create("hdfs://127.0.0.1:" + cluster().getNameNodePort());
  }
}
