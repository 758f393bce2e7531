// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.DFSOutputStream;

/**
 * The creation of one key: the content is written to a temporary file, flushed and closed, and that
 * file is renamed to the key by {@link HdfsRename}.
 */
final class HdfsCreation {

  private static final int MOST_TEMPORARIES = 5;
  private static final int BUFFER_BYTES = 128 * 1024;

  private final DFSClient client;
  private final HdfsFolders folders;
  private final HdfsTemporaries temporaries;
  private final HdfsFaults faults;
  private final StorageKey key;

  HdfsCreation(
      DFSClient client,
      HdfsFolders folders,
      HdfsTemporaries temporaries,
      HdfsFaults faults,
      StorageKey key) {
    this.client = client;
    this.folders = folders;
    this.temporaries = temporaries;
    this.faults = faults;
    this.key = key;
  }

  /**
   * @throws IOException if nothing was changed that a reader can see
   * @throws Fault if that is not known, or the content is at fault
   */
  Creation create(Content content) throws IOException {
    for (int i = 0; i < MOST_TEMPORARIES; i++) {
      HdfsTemporary temporary = write(content);
      temporaries.sweepOnce(temporary.name());
      Optional<Creation> creation =
          new HdfsRename(client, folders, faults, temporary, key).rename();
      if (creation.isPresent()) {
        return creation.get();
      }
    }
    throw new IOException("something deletes the store's temporary files");
  }

  private HdfsTemporary write(Content content) throws IOException {
    String name = HdfsTemporaries.newName();
    DFSOutputStream raw = temporaries.create(name);
    // Closed by hand: to close it after a failure would send what is left, and wait for it.
    OutputStream out = client.createWrappedOutputStream(raw, null);
    try {
      copy(content, out);
      out.close();
      return new HdfsTemporary(name, raw.getFileId());
    } catch (IOException | RuntimeException e) {
      Uninterrupted.run(() -> abandon(name, out, e));
      throw e;
    }
  }

  private void copy(Content content, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.size()))];
    long written = 0;
    try (InputStream in = open(content)) {
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        written += n;
        if (written > content.size()) {
          throw faults.otherSize(key, content.size(), "more");
        }
        out.write(buffer, 0, n);
      }
    }
    if (written < content.size()) {
      throw faults.otherSize(key, content.size(), Long.toString(written));
    }
  }

  private InputStream open(Content content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw faults.unreadableContent(key, e);
    }
  }

  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw faults.unreadableContent(key, e);
    }
  }

  // What is being told already is why; a file that stays behind is swept like a dead one's.
  private void abandon(String name, OutputStream out, Exception why) {
    try {
      client.delete(folders.path(name), false);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    try {
      out.close();
    } catch (IOException e) {
      // It may be told the same failure again.
      if (e != why) {
        why.addSuppressed(e);
      }
    }
  }
}
