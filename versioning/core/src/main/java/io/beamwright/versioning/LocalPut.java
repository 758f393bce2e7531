// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.LocalFiles.Counted;
import io.beamwright.versioning.LocalFiles.Others;
import io.beamwright.versioning.StatCache.Known;
import io.beamwright.versioning.StatCache.Remembered;
import io.beamwright.versioning.StatCache.Remembering;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FileKind;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeChange;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Files of this machine that were compared with a tree, on their way into it. What is not the same
 * there is in a packer; it can be applied once that is flushed, also to another tree than the one
 * that was compared, as often as others are faster. For one thread.
 */
public final class LocalPut implements AutoCloseable {

  private final Tree base;
  private final String prefix;
  private final Others others;
  private final Tree.Finder finder;
  private final Remembered remembered;
  private final Optional<Remembering> remembering;
  private final boolean baseIsRemembered;
  private final PathList paths = new PathList();
  private final List<Changed> changed = new ArrayList<>();
  private long bytes;
  private long added;
  private boolean isExact;

  private record Changed(FilePath path, boolean executable, PendingFile file) {
    FileEntry entry() {
      return FileEntry.of(path, executable, file.stored());
    }
  }

  LocalPut(Tree base, String prefix, Others others, Optional<StatCache> stats, Instant began) {
    this.base = base;
    this.prefix = prefix;
    this.others = others;
    this.finder = base.finder();
    this.remembered = stats.map(StatCache::read).orElseGet(Remembered::nothing);
    this.remembering = stats.map(cache -> cache.write(began));
    this.baseIsRemembered = remembered.tree().equals(Optional.of(base.id()));
  }

  /** Compares {@code found}, and gives it to {@code intake} if that does not settle it. */
  void take(LocalWalk.Found found, Intake intake, Counted counted) throws IOException {
    FilePath path = placed(found.path());
    LocalStat stat = found.stat();
    byte[] utf8 = found.path().text().getBytes(StandardCharsets.UTF_8);
    paths.add(path);
    bytes += stat.size();
    Optional<Sha256> known =
        remembered
            .find(utf8)
            .filter(record -> record.trusted() && record.stat().equals(stat))
            .map(Known::sha256);
    // What was remembered with this very tree is in it.
    if (known.isEmpty() || !baseIsRemembered) {
      known = Optional.of(compare(path, found, known, intake, counted));
    }
    Sha256 content = known.get();
    remembering.ifPresent(records -> records.add(utf8, stat, content));
    counted.done(stat.size());
  }

  private Sha256 compare(
      FilePath path, LocalWalk.Found found, Optional<Sha256> known, Intake intake, Counted counted)
      throws IOException {
    Optional<FileEntry> there = finder.find(path);
    if (known.isPresent() && there.isPresent() && isSame(there.get(), found.stat(), known.get())) {
      return known.get();
    }
    PendingFile file =
        intake.add(
            found.file().toString(),
            counted.reading(found.file(), found.stat().size()),
            there.map(FileEntry::file));
    requireUnchanged(found);
    if (there.isEmpty()) {
      added++;
    }
    if (there.isEmpty() || !isSame(there.get(), found.stat(), file.sha256())) {
      changed.add(new Changed(path, found.stat().isExecutable(), file));
    }
    return file.sha256();
  }

  // What is read in one go is of one moment; a large file may be half of before and half of after.
  private static void requireUnchanged(LocalWalk.Found found) throws IOException {
    LocalStat stat = found.stat();
    if (stat.size() >= Packer.PACKED_BELOW) {
      LocalStat now = LocalStat.of(found.file());
      if (now.modifiedNanos() != stat.modifiedNanos() || now.size() != stat.size()) {
        throw new FileSystemException(
            found.file().toString(), null, "it changed while it was read");
      }
    }
  }

  private static boolean isSame(FileEntry there, LocalStat stat, Sha256 sha256) {
    return there.kind() == FileKind.FILE
        && there.executable() == stat.isExecutable()
        && there.size() == stat.size()
        && there.sha256().equals(sha256);
  }

  private FilePath placed(FilePath path) {
    return prefix.equals("/") ? path : new FilePath(prefix + path.text());
  }

  /** All files were taken. */
  void walked() {
    isExact =
        baseIsRemembered
            && prefix.equals("/")
            && remembered.skipped() == 0
            && base.fileCount() == paths.size() - added;
  }

  /** Number of files, those that did not change included. */
  public long fileCount() {
    return paths.size();
  }

  /** Sum of their sizes. */
  public long byteCount() {
    return bytes;
  }

  /** Where the files are put, in order. */
  public Iterable<FilePath> paths() {
    return paths;
  }

  /**
   * {@code before} with these files in it. The packer must have been flushed; may be called again.
   *
   * @throws io.beamwright.versioning.fault.UserFault if a path were a file and a folder at once
   */
  public Tree applyTo(Trees trees, Tree before) {
    if (before.fileCount() == 0) {
      return before.equals(base)
          ? trees.build(changed.stream().map(Changed::entry).iterator())
          : trees.edit(before, edits(before));
    }
    return trees.edit(before, edits(before));
  }

  /** What makes {@link #applyTo} of {@code before}. */
  public List<TreeEdit> edits(Tree before) {
    List<TreeEdit> edits = new ArrayList<>();
    boolean isBase = before.equals(base);
    if (!isBase) {
      addWhatOthersChanged(before, edits);
    }
    changed.forEach(file -> edits.add(new TreeEdit.Put(file.entry())));
    if (others == Others.GO && !(isBase && isExact)) {
      addOthersThatGo(before, edits);
    }
    return edits;
  }

  // Files that were in the tree already are as they were put, whoever changed them since.
  private void addWhatOthersChanged(Tree before, List<TreeEdit> edits) {
    Members ours = new Members(paths);
    Iterator<TreeChange> changes = base.diff(before).iterator();
    while (changes.hasNext()) {
      before(changes.next())
          .filter(file -> ours.holds(file.path()))
          .ifPresent(file -> edits.add(new TreeEdit.Put(file)));
    }
  }

  private static Optional<FileEntry> before(TreeChange change) {
    if (change instanceof TreeChange.Changed changed) {
      return Optional.of(changed.before());
    }
    return change instanceof TreeChange.Removed removed
        ? Optional.of(removed.before())
        : Optional.empty();
  }

  private void addOthersThatGo(Tree before, List<TreeEdit> edits) {
    Members ours = new Members(paths);
    Iterator<FilePath> there = before.pathsUnder(prefix);
    while (there.hasNext()) {
      FilePath path = there.next();
      if (!ours.holds(path)) {
        edits.add(new TreeEdit.Delete(path));
      }
    }
  }

  /** Answers whether paths are in a list, if they are asked for in order. */
  private static final class Members {

    private final Iterator<FilePath> ahead;
    private Optional<FilePath> next = Optional.empty();

    Members(PathList paths) {
      this.ahead = paths.iterator();
    }

    boolean holds(FilePath path) {
      while ((next.isEmpty() || next.get().compareTo(path) < 0) && ahead.hasNext()) {
        next = Optional.of(ahead.next());
      }
      return next.filter(path::equals).isPresent();
    }
  }

  /** These files are those of {@code tree} now, so that the next put need not read them. */
  public void remember(Tree tree) {
    remembering.ifPresent(records -> records.publish(tree.id()));
  }

  /** Gives up what was not remembered. */
  @Override
  public void close() {
    remembered.close();
    remembering.ifPresent(Remembering::close);
  }
}
