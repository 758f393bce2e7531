// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * One walk through the folders of a local storage in the order of the keys.
 *
 * <p>A folder {@code a} stands for keys that begin with {@code a/}, so that {@code a-b} and {@code
 * a.b} come before them and {@code a0} after. A folder's names wait in a heap: only those that are
 * reached are looked at, and only folders that can hold a matching key are read.
 */
final class LocalListing {

  private final Path root;
  private final LocalFolders folders;
  private final String prefix;
  private final String startAfter;
  private final int limit;
  private final List<Listed> found = new ArrayList<>();

  /** {@code startAfter} is empty for a walk from the beginning. */
  LocalListing(Path root, LocalFolders folders, String prefix, String startAfter, int limit) {
    this.root = root;
    this.folders = folders;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.limit = limit;
  }

  List<Listed> walk() throws IOException {
    int wholeSegments = prefix.lastIndexOf('/') + 1;
    if (wholeSegments == 0) {
      if (Files.exists(root)) {
        walk(root, "");
      }
    } else if (StorageKey.isKey(prefix.substring(0, wholeSegments - 1))) {
      String folder = prefix.substring(0, wholeSegments - 1);
      if (folders.find(folder).filter(LocalEntry::isFolder).isPresent()) {
        walk(root.resolve(folder), folder + "/");
      }
    }
    return found;
  }

  /** {@code keys} is what every key in {@code folder} begins with. */
  private void walk(Path folder, String keys) throws IOException {
    PriorityQueue<String> names = new PriorityQueue<>(namesIn(folder, keys));
    boolean flushed = false;
    while (!names.isEmpty() && found.size() < limit) {
      String name = names.remove();
      if (name.endsWith("/")) {
        walk(folder.resolve(name), keys + name);
        continue;
      }
      if (!StorageKey.isKey(keys + name)) {
        continue; // Nothing that a storage made.
      }
      Optional<LocalEntry> entry = LocalEntry.at(folder.resolve(name));
      if (entry.isEmpty()) {
        continue; // Deleted since the folder was read.
      }
      if (entry.get().isFolder() && mayHoldKeys(keys + name + "/")) {
        names.add(name + "/");
      }
      if (entry.get().isFile() && keys.concat(name).compareTo(startAfter) > 0) {
        if (!entry.get().isSettled() && !flushed) {
          folders.flush(folder);
          flushed = true;
        }
        add(keys + name, entry.get());
      }
    }
  }

  private void add(String key, LocalEntry entry) {
    found.add(new Listed(new StorageKey(key), entry.size(), entry.modified().toInstant()));
  }

  private List<String> namesIn(Path folder, String keys) throws IOException {
    List<String> names = new ArrayList<>();
    boolean allLead = startAfter.isEmpty() && keys.startsWith(prefix);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (allLead || mayLeadToKeys(keys + name)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private boolean mayLeadToKeys(String path) {
    return path.startsWith(prefix)
        && (path.compareTo(startAfter) > 0 || mayHoldKeys(path.concat("/")));
  }

  /** Whether a key that begins with {@code folder}, which ends in a slash, can be asked for. */
  private boolean mayHoldKeys(String folder) {
    return folder.compareTo(startAfter) > 0 || startAfter.startsWith(folder);
  }
}
