// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.protocol.DirectoryListing;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/** The names below the root of a store, asked of the NameNode each time. */
final class HdfsFolders {

  private final DFSClient client;
  private final String root;

  /** {@code root} is an absolute path; that of HDFS's own root is empty. */
  HdfsFolders(DFSClient client, String root) {
    this.client = client;
    this.root = root;
  }

  /** The path of {@code names}, which are joined by slashes. */
  String path(String names) {
    return root + "/" + names;
  }

  /** What stands at {@code names}, or nothing if it or a folder on the way is not there. */
  Optional<HdfsFileStatus> find(String names) throws IOException {
    try {
      return Optional.ofNullable(client.getFileInfo(path(names)));
    } catch (IOException e) {
      return nothingIfAbsent(e);
    }
  }

  /**
   * Names of the folder {@code names}, which is empty or ends in a slash, after {@code after};
   * nothing if there is no such folder.
   */
  Optional<DirectoryListing> page(String names, byte[] after) throws IOException {
    String path = names.isEmpty() ? root : path(names.substring(0, names.length() - 1));
    try {
      // What it says of a file is the file itself, under an empty name.
      return Optional.ofNullable(client.listPaths(path.isEmpty() ? "/" : path, after))
          .filter(page -> !isFile(page));
    } catch (IOException e) {
      return nothingIfAbsent(e);
    }
  }

  private static boolean isFile(DirectoryListing page) {
    HdfsFileStatus[] names = page.getPartialListing();
    return names.length == 1 && names[0].isEmptyLocalName();
  }

  private static <T> Optional<T> nothingIfAbsent(IOException e) throws IOException {
    if (e instanceof FileNotFoundException || HdfsTrouble.of(e) == HdfsTrouble.NOT_A_FOLDER) {
      return Optional.empty();
    }
    throw e;
  }
}
