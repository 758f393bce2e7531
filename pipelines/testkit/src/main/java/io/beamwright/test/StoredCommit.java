// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A commit as a test sees it: its files, and the rows of those that are tables. */
public final class StoredCommit {

  private static final int MOST_SHOWN = 20;

  private final Store store;
  private final String revision;
  private final History.Named named;

  StoredCommit(Store store, String revision, History.Named named) {
    this.store = store;
    this.revision = revision;
    this.named = named;
  }

  /** The commit's id. */
  public CommitId id() {
    return named.id();
  }

  /** The id of its tree: the same for the same files, whatever made them, wherever and when. */
  public Sha256 tree() {
    return named.commit().tree();
  }

  private Tree files() {
    return store.history().files(named.commit());
  }

  /** The paths of all files, in the order of the tree. */
  public List<String> paths() {
    return files().files().map(file -> file.path().text()).toList();
  }

  /**
   * The bytes of a file, which are checked against its digest.
   *
   * @throws io.beamwright.versioning.fault.UserFault that names what is like it, if there is none
   */
  public byte[] bytes(String path) {
    return store.files().readAll(file(path).file());
  }

  private FileEntry file(String path) {
    return store.history().requireFile(files(), FilePath.of(path), revision);
  }

  /** The text of a file, as UTF-8. */
  public String text(String path) {
    return new String(bytes(path), StandardCharsets.UTF_8);
  }

  /** Copies every file into {@code folder}, which is created if absent. */
  public void copyTo(Path folder) {
    for (FileEntry file : files().files().toList()) {
      try {
        Path copy = folder.resolve(file.path().text().substring(1));
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.write(copy, store.files().readAll(file.file()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The rows of all table files of the commit, file after file; all are held in memory.
   *
   * @throws AssertionError if it has none, or they differ in their columns
   */
  public TableRows rows() {
    List<FileEntry> tables =
        files().files().filter(file -> file.file().table().isPresent()).toList();
    if (tables.isEmpty()) {
      throw new AssertionError(
          revision + " has no table; its files are " + String.join(", ", paths()) + ".");
    }
    return TableRows.read(store, revision, tables);
  }

  /** The rows of one table file. */
  public TableRows rows(String path) {
    FileEntry file = file(path);
    if (file.file().table().isEmpty()) {
      throw new AssertionError(revision + ":" + path + " is no table.");
    }
    return TableRows.read(store, revision, List.of(file));
  }

  /** The commit has these files and no others. */
  public void assertFiles(String... expected) {
    assertSame("files", "", Arrays.asList(expected), paths());
  }

  /** A file has this text, but for the form of its line ends. */
  public void assertText(String path, String expected) {
    List<String> wanted = expected.lines().toList();
    List<String> found = text(path).lines().toList();
    for (int i = 0; i < Math.max(wanted.size(), found.size()); i++) {
      String want = i < wanted.size() ? wanted.get(i) : "the end";
      String find = i < found.size() ? found.get(i) : "the end";
      if (i >= wanted.size() || i >= found.size() || !want.equals(find)) {
        throw new AssertionError(
            "%s:%s, line %d:\n  expected: %s\n  found:    %s"
                .formatted(revision, path, i + 1, want, find));
      }
    }
  }

  /**
   * The tables of the commit have these rows, in any order.
   *
   * @param expected each as {@link TableRows#texts} shows it: cells divided by {@code |}
   */
  public void assertRows(String... expected) {
    TableRows rows = rows();
    String columns = "\n  columns:  " + String.join("|", rows.columns());
    assertSame("rows", columns, Arrays.asList(expected), rows.texts());
  }

  private void assertSame(String what, String head, List<String> expected, List<String> found) {
    List<String> missing = without(expected, found);
    List<String> unexpected = without(found, expected);
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      throw new AssertionError(
          "%s has other %s than expected:%s%s%s"
              .formatted(
                  revision,
                  what,
                  head,
                  shown("\n  missing:  ", missing),
                  shown("\n  too many: ", unexpected)));
    }
  }

  private static List<String> without(List<String> all, List<String> others) {
    List<String> rest = new ArrayList<>(all);
    others.forEach(rest::remove);
    return rest;
  }

  private static String shown(String label, List<String> lines) {
    String most = lines.stream().limit(MOST_SHOWN).map(label::concat).collect(Collectors.joining());
    long more = lines.size() - MOST_SHOWN;
    return more > 0 ? most + "\n  and " + more + " more" : most;
  }

  @Override
  public String toString() {
    return revision;
  }
}
