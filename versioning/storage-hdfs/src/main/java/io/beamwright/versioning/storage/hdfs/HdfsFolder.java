// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.hadoop.hdfs.protocol.DirectoryListing;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/**
 * The names in one folder in the order of their keys, read as far as they are asked for.
 *
 * <p>The NameNode gives names in byte order, a thousand at a time, from any name on. A folder
 * {@code a} stands for keys that begin with {@code a/}, which come after {@code a-b}: so it waits
 * until the NameNode has given a name that comes after {@code a/}.
 */
final class HdfsFolder {

  private static final char FIRST_PRINTABLE = '!';
  private static final char LAST_PRINTABLE = '~';

  private final HdfsFolders folders;
  private final String keys;
  private final String names;
  private final PriorityQueue<Child> waiting =
      new PriorityQueue<>(Comparator.comparing(Child::order));
  // The last name that was read, or just before the first that is wanted.
  private byte[] position;
  private String read = "";
  private boolean isAtEnd;

  /**
   * What stands under a name.
   *
   * @param order the name, and for a folder a slash
   */
  record Child(String order, HdfsFileStatus status) {

    boolean isFolder() {
      return status.isDirectory();
    }
  }

  /**
   * @param keys what every key in the folder begins with
   * @param names only names are wanted that begin with this
   * @param after only keys are wanted that come after this, without {@code keys}
   */
  HdfsFolder(HdfsFolders folders, String keys, String names, String after) throws IOException {
    this.folders = folders;
    this.keys = keys;
    this.names = names;
    int slash = after.indexOf('/');
    String name = slash < 0 ? after : after.substring(0, slash);
    this.position = justBefore(name.compareTo(names) > 0 ? name : names);
    addFoldersThatSortLater(name);
  }

  /** The next one; nothing at the end. */
  Optional<Child> next() throws IOException {
    while (!isAtEnd && (waiting.isEmpty() || waiting.element().order().compareTo(read) > 0)) {
      readPage();
    }
    return Optional.ofNullable(waiting.poll());
  }

  private void readPage() throws IOException {
    Optional<DirectoryListing> page = folders.page(keys, position);
    if (page.isEmpty()) {
      isAtEnd = true;
      return;
    }
    for (HdfsFileStatus status : page.get().getPartialListing()) {
      add(status.getLocalName(), status);
    }
    isAtEnd |= !page.get().hasMore();
    position = page.get().getLastName();
  }

  private void add(String name, HdfsFileStatus status) {
    read = name;
    if (name.startsWith(names)) {
      addIfOurs(name, status);
    } else if (name.compareTo(names) > 0) {
      isAtEnd = true;
    }
  }

  // A symbolic link could lead out of the store; other names were not made by a store.
  private void addIfOurs(String name, HdfsFileStatus status) {
    if (!status.isSymlink() && StorageKey.isKey(name)) {
      waiting.add(new Child(status.isDirectory() ? name + "/" : name, status));
    }
  }

  /**
   * A folder {@code a} is before {@code a-b}, but its keys {@code a/…} come after: where {@code
   * name}, after which keys are wanted, is {@code a-b}, the page that begins there lacks {@code a}.
   */
  private void addFoldersThatSortLater(String name) throws IOException {
    for (int length = 1; length < name.length(); length++) {
      String shorter = name.substring(0, length);
      if (name.charAt(length) < '/' && shorter.startsWith(names) && StorageKey.isKey(shorter)) {
        folders
            .find(keys + shorter)
            .filter(HdfsFileStatus::isDirectory)
            .ifPresent(status -> addIfOurs(shorter, status));
      }
    }
  }

  /**
   * A text that comes before {@code name} and after every name of a key that does so too, for the
   * NameNode gives the names after it: if {@code name} holds a character that no key has, the names
   * before and after that are told apart by what precedes it.
   */
  private static byte[] justBefore(String name) {
    int end = 0;
    while (end < name.length() && isPrintable(name.charAt(end))) {
      end++;
    }
    String before;
    if (end < name.length()) {
      before = name.substring(0, end) + (name.charAt(end) < FIRST_PRINTABLE ? "" : "\u007f");
    } else if (end == 0) {
      before = "";
    } else {
      before = name.substring(0, end - 1) + (char) (name.charAt(end - 1) - 1) + "\u007f";
    }
    return before.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isPrintable(char ch) {
    return ch >= FIRST_PRINTABLE && ch <= LAST_PRINTABLE;
  }
}
