// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The sorted map from path to file of a commit. Immutable; nodes are read when they are needed, so
 * every method may throw {@link io.beamwright.versioning.storage.DamagedObject}. Streams are lazy,
 * sequential and need not be closed.
 *
 * <p>A folder is named as {@code /2017/01}, with or without a trailing {@code /}; {@code /} or the
 * empty text is the whole tree.
 */
public final class Tree {

  private final NodeStore nodes;
  private final Sha256 id;
  private final Optional<NodeEntry> summary;
  private final int level;

  /** The tree whose root node is {@code root}, or the empty tree. */
  Tree(NodeStore nodes, Optional<Node> root) {
    this.nodes = nodes;
    this.id = root.map(Node::id).orElse(Trees.EMPTY);
    this.summary = root.map(Node::asChild);
    this.level = root.map(node -> node.level() + 1).orElse(0);
  }

  private Optional<Node> root() {
    return summary.map(root -> nodes.read(root.childId()));
  }

  /** Its id: the same for the same paths, kinds, executable bits, sizes and contents. */
  public Sha256 id() {
    return id;
  }

  /** Number of files. */
  public long fileCount() {
    return summary.map(root -> root.files(level)).orElse(0L);
  }

  /** Sum of the sizes of the files. */
  public long totalBytes() {
    return summary.map(root -> root.bytes(level)).orElse(0L);
  }

  /** The file at {@code path}. */
  public Optional<FileEntry> find(FilePath path) {
    PathBytes wanted = PathBytes.of(path.text());
    Cursor cursor = new Cursor(nodes, root());
    cursor.seek(wanted, 0);
    boolean found = !cursor.isAtEnd() && cursor.item().comparePath(wanted) == 0;
    return found ? Optional.of(cursor.file()) : Optional.empty();
  }

  /** The first path that is not before {@code path}. */
  Optional<FilePath> firstFrom(FilePath path) {
    Cursor cursor = new Cursor(nodes, root());
    cursor.seek(PathBytes.of(path.text()), 0);
    return cursor.isAtEnd() ? Optional.empty() : Optional.of(cursor.path());
  }

  /** Finds files whose paths are asked for in their order, each node being read once. */
  public final class Finder {

    private final Cursor cursor = new Cursor(nodes, root());

    private Finder() {}

    /** The file at {@code path}, which does not come before one that was asked for. */
    public Optional<FileEntry> find(FilePath path) {
      PathBytes wanted = PathBytes.of(path.text());
      cursor.seek(wanted, 0);
      boolean found = !cursor.isAtEnd() && cursor.item().comparePath(wanted) == 0;
      return found ? Optional.of(cursor.file()) : Optional.empty();
    }
  }

  /** Finds one file after the other. */
  public Finder finder() {
    return new Finder();
  }

  /** Whether any file lies below {@code folder}. The whole tree always is a folder. */
  public boolean isFolder(String folder) {
    PathBytes prefix = PathBytes.of(Folders.prefix(folder));
    Cursor cursor = new Cursor(nodes, root());
    cursor.seek(prefix, 0);
    return prefix.length() == 1 || (!cursor.isAtEnd() && cursor.item().pathStartsWith(prefix));
  }

  /** All files in the order of their paths. */
  public Stream<FileEntry> files() {
    return filesStartingWith("");
  }

  /** The files below {@code folder}, at any depth, in the order of their paths. */
  public Stream<FileEntry> filesUnder(String folder) {
    return filesStartingWith(Folders.prefix(folder));
  }

  /**
   * The files whose path begins with {@code prefix}, any text that begins with {@code /}, in the
   * order of their paths. Besides the nodes that hold them, only those on the way to the first one
   * and to the one after the last are read.
   */
  public Stream<FileEntry> filesStartingWith(String prefix) {
    return stream(startingWith(prefix, Cursor::file));
  }

  /** The paths below {@code folder}, in order, without their files. */
  public Iterator<FilePath> pathsUnder(String folder) {
    return startingWith(Folders.prefix(folder), Cursor::path);
  }

  private <T> Iterator<T> startingWith(String text, Function<Cursor, T> read) {
    PathBytes prefix = PathBytes.of(text);
    Cursor cursor = new Cursor(nodes, root());
    cursor.seek(prefix, 0);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        // Children say where they end, not where they begin: only reading one tells.
        cursor.descendTo(0);
        return !cursor.isAtEnd() && cursor.item().pathStartsWith(prefix);
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        T item = read.apply(cursor);
        cursor.advance();
        return item;
      }
    };
  }

  /**
   * What lies immediately in {@code folder}, in the order of the tree, where a folder stands at its
   * files. What lies deeper is counted from inner nodes, not read.
   */
  public Stream<FolderChild> listFolder(String folder) {
    return stream(new FolderListing(new Cursor(nodes, root()), Folders.prefix(folder)));
  }

  /**
   * What changed from this tree to {@code newer}, in the order of the paths. Nodes that both share
   * are not read.
   */
  public Stream<TreeChange> diff(Tree newer) {
    return stream(new TreeDiff(new Cursor(nodes, root()), new Cursor(newer.nodes, newer.root())));
  }

  /**
   * What changed from this tree to {@code newer} at {@code path} itself, if it is a file in either,
   * and below it, if it is a folder; {@code /} is all. In the order of the paths; reads the nodes
   * on the way to {@code path} and those below that both do not share.
   */
  public Stream<TreeChange> diff(Tree newer, String path) {
    String prefix = Folders.prefix(path);
    if (id.equals(newer.id)) {
      return Stream.empty();
    }
    if (prefix.length() == 1) {
      return diff(newer);
    }
    // Between a file and what lies below its path there may be others, such as "/a-b" after "/a".
    PathRange file = PathRange.ofFile(prefix.substring(0, prefix.length() - 1));
    return Stream.of(file, PathRange.ofFolder(path)).flatMap(range -> diff(newer, range));
  }

  private Stream<TreeChange> diff(Tree newer, PathRange range) {
    Cursor older = new Cursor(nodes, root());
    return stream(new TreeDiff(older, new Cursor(newer.nodes, newer.root()), range));
  }

  /** Whether there is a file at {@code path}, or any below it. */
  public boolean holds(String path) {
    return isFolder(path) || find(FilePath.of(path)).isPresent();
  }

  private static <T> Stream<T> stream(Iterator<T> iterator) {
    int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, traits), false);
  }

  /** Whether both hold the same files. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tree tree && id.equals(tree.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id.hex();
  }
}
