// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/**
 * One walk through the folders of a store in the order of the keys. Only folders that can hold a
 * matching key are read, each from the first name that matters, and a page of it at a time.
 */
final class HdfsListing {

  private final HdfsFolders folders;
  private final String prefix;
  private final String startAfter;
  private final int limit;
  private final List<Listed> found = new ArrayList<>();

  /** {@code startAfter} is empty for a walk from the beginning. */
  HdfsListing(HdfsFolders folders, String prefix, String startAfter, int limit) {
    this.folders = folders;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.limit = limit;
  }

  List<Listed> walk() throws IOException {
    int slash = prefix.lastIndexOf('/');
    if (slash < 0 || StorageKey.isKey(prefix.substring(0, slash))) {
      walk(prefix.substring(0, slash + 1));
    }
    return found;
  }

  /** {@code keys} is what every key in the folder begins with: empty, or it ends in a slash. */
  private void walk(String keys) throws IOException {
    if (!mayHoldKeys(keys)) {
      return;
    }
    String names = prefix.startsWith(keys) ? prefix.substring(keys.length()) : "";
    String after = startAfter.startsWith(keys) ? startAfter.substring(keys.length()) : "";
    HdfsFolder folder = new HdfsFolder(folders, keys, names, after);
    for (Optional<HdfsFolder.Child> next = folder.next();
        next.isPresent() && found.size() < limit;
        next = folder.next()) {
      visit(keys, next.get());
    }
  }

  private void visit(String keys, HdfsFolder.Child child) throws IOException {
    String key = keys + child.order();
    if (child.isFolder()) {
      walk(key);
    } else if (key.compareTo(startAfter) > 0 && StorageKey.isKey(key)) {
      add(key, child.status());
    }
  }

  private void add(String key, HdfsFileStatus status) {
    Instant created = Instant.ofEpochMilli(status.getModificationTime());
    found.add(new Listed(new StorageKey(key), status.getLen(), created));
  }

  /** Whether a key that begins with {@code folder} can be asked for. */
  private boolean mayHoldKeys(String folder) {
    return folder.compareTo(startAfter) > 0 || startAfter.startsWith(folder);
  }
}
