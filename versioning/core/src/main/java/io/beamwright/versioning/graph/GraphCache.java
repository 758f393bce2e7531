// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.MalformedBytes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Nodes of a repo's graph in files of this machine, in a folder for each repo's id. A node is a
 * function of its commit's id, so what is read here is right whatever happened to the store, to
 * other processes, or to the rest of the cache; each file has a checksum of its own. Files are
 * written whole and renamed into place, never changed, and may be deleted at any time: they cost
 * time, not truth. Some files that each hold the news of one process become one when there are too
 * many, as in git's chains of commit-graphs.
 *
 * <p>A cache that cannot be read or written does without: nobody's command fails for it.
 */
final class GraphCache {

  private static final int MOST_FILES = 8;
  private static final long MOST_BYTES_OF_A_REPO = 64L << 20;
  private static final long MOST_BYTES = 256L << 20;
  private static final String SUFFIX = ".graph";

  private final Path root;
  private final Path folder;

  /** The cache below {@code root} of the repo that was created as {@code repoId}. */
  GraphCache(Path root, Sha256 repoId) {
    this.root = root;
    this.folder = root.resolve(repoId.hex());
  }

  /** What is known: nodes by the id of their commit's digest, those with a filter first. */
  Map<Sha256, GraphNode> load() {
    Map<Sha256, GraphNode> nodes = new LinkedHashMap<>();
    for (Path file : files()) {
      for (GraphNode node : read(file)) {
        nodes.merge(node.id().digest(), node, (a, b) -> a.changed().isPresent() ? a : b);
      }
    }
    return nodes;
  }

  /** Adds {@code news} to what is known, which is {@code all}, the news included. */
  void add(Collection<GraphNode> news, Collection<GraphNode> all) {
    List<Path> before = files();
    try {
      Files.createDirectories(folder);
      if (before.size() + 1 < MOST_FILES) {
        write(news);
      } else {
        write(all);
        for (Path file : before) {
          Files.deleteIfExists(file);
        }
      }
      trim();
    } catch (IOException e) {
      // A full disk or a home that cannot be written to: the next process finds out by itself.
      return;
    }
  }

  private void write(Collection<GraphNode> nodes) throws IOException {
    byte[] bytes = GraphCodec.encode(nodes);
    if (bytes.length > MOST_BYTES_OF_A_REPO) {
      return;
    }
    Path temporary = Files.createTempFile(folder, ".", ".tmp");
    try {
      Files.write(temporary, bytes);
      Path target = folder.resolve(Sha256.of(bytes).hex().substring(0, 32) + SUFFIX);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  // Files of repos that were not written to for the longest go first.
  private void trim() throws IOException {
    record Cached(Path file, long size, FileTime written) {}
    List<Cached> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
        all.add(new Cached(file, Files.size(file), Files.getLastModifiedTime(file)));
      }
    } catch (java.io.UncheckedIOException e) {
      // Another process deletes files too; it also trims.
      return;
    }
    all.sort(Comparator.comparing(Cached::written));
    long bytes = all.stream().mapToLong(Cached::size).sum();
    for (Cached oldest : all) {
      if (bytes <= MOST_BYTES) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      bytes -= oldest.size();
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      entries.forEach(files::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return files;
    }
    return files;
  }

  private static List<GraphNode> read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES_OF_A_REPO) {
        return List.of();
      }
      return GraphCodec.decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      // Another process has put its nodes into a larger file since we listed it.
      return List.of();
    } catch (IOException | MalformedBytes e) {
      discard(file);
      return List.of();
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It stays, and is passed over again.
      return;
    }
  }
}
