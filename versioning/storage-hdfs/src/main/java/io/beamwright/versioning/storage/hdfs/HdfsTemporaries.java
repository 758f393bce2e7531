// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.DFSOutputStream;
import org.apache.hadoop.hdfs.protocol.DirectoryListing;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/** The files of a store that have no key yet, in a folder of their own. */
final class HdfsTemporaries {

  // A key never begins with a dot, so no key can be here, and no listing shows it.
  static final String FOLDER = ".tmp/";

  // The writer of a file that was begun so long ago is dead.
  private static final Duration LIFE = Duration.ofDays(1);

  private static final int BUFFER_BYTES = 128 * 1024;

  private final DFSClient client;
  private final HdfsFolders folders;
  private final Configuration configuration;
  private volatile boolean isSwept;

  HdfsTemporaries(DFSClient client, HdfsFolders folders, Configuration configuration) {
    this.client = client;
    this.folders = folders;
    this.configuration = configuration;
  }

  /** A name that nobody else takes. */
  static String newName() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return FOLDER + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }

  /**
   * Creates {@code name} to be written to. Its blocks are flushed to the disks of their DataNodes,
   * and the folders that name them too, before it is closed: {@code hsync} at the end would leave
   * out all blocks but the last, and the folders (HDFS-5042). It is replicated whatever the
   * folder's erasure coding says, which does not flush.
   */
  DFSOutputStream create(String name) throws IOException {
    FsServerDefaults defaults = client.getServerDefaults();
    return client.create(
        folders.path(name),
        FsPermission.getFileDefault(),
        EnumSet.of(CreateFlag.CREATE, CreateFlag.SYNC_BLOCK, CreateFlag.SHOULD_REPLICATE),
        true,
        (short) configuration.getInt("dfs.replication", defaults.getReplication()),
        configuration.getLongBytes("dfs.blocksize", defaults.getBlockSize()),
        null,
        BUFFER_BYTES,
        null);
  }

  /**
   * Deletes what the dead left, once in a process; the NameNode's clock is read from {@code ours}.
   */
  void sweepOnce(String ours) throws IOException {
    if (isSwept) {
      return;
    }
    isSwept = true;
    Optional<HdfsFileStatus> now = folders.find(ours);
    if (now.isPresent()) {
      sweepBefore(now.get().getModificationTime() - LIFE.toMillis());
    }
  }

  private void sweepBefore(long millis) throws IOException {
    byte[] after = HdfsFileStatus.EMPTY_NAME;
    for (boolean isMore = true; isMore; ) {
      Optional<DirectoryListing> page = folders.page(FOLDER, after);
      if (page.isEmpty()) {
        return;
      }
      for (HdfsFileStatus file : page.get().getPartialListing()) {
        if (file.getModificationTime() < millis) {
          deleteLeftover(FOLDER + file.getLocalName());
        }
      }
      isMore = page.get().hasMore();
      after = page.get().getLastName();
    }
  }

  private void deleteLeftover(String name) throws IOException {
    try {
      client.delete(folders.path(name), false);
    } catch (IOException e) {
      // Another user's, who will sweep it: it harms nobody.
      if (HdfsTrouble.of(e) != HdfsTrouble.DENIED) {
        throw e;
      }
    }
  }
}
