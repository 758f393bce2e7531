// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers in processes of their own, started once for all tests that share them. */
final class RealHdfs {

  private static final AtomicInteger STORES = new AtomicInteger();

  private RealHdfs() {}

  private static final class Shared {
    static final HdfsProcesses SERVERS = start();
  }

  static HdfsProcesses shared() {
    return Shared.SERVERS;
  }

  /** New servers of the caller's own, who closes them. */
  static HdfsProcesses start() {
    try {
      Path target = Path.of("target");
      return HdfsProcesses.start(Files.createTempDirectory(target.toAbsolutePath(), "hdfs-"));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where no store is yet. */
  static URI newRoot(URI hdfs) {
    return URI.create(hdfs + "/stores/not/yet/there-" + STORES.incrementAndGet());
  }
}
