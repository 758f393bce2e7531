// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.DigestMap;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the nodes of trees: that each is what its id names, in order, of the level, totals and
 * last path that its parent says, and cut where the format cuts. Each node is read once, however
 * many trees it is part of. Not safe for several threads.
 */
public final class TreeCheck {

  /** What the check is told and tells. */
  public interface Reports {

    /** The generations in which the store has the node {@code id}, the lowest first. */
    List<Integer> generations(Sha256 id);

    /** A node is damaged or, if the store has it in no generation, absent. */
    void damaged(StorageKey node, String how);

    /** A file of a sound leaf. */
    void file(FileEntry file);

    /** An object, whole, that an entry of a sound leaf names besides its content. */
    void attachment(Extent whole);

    /** An entry of a leaf whose facts lie in an object that cannot be read. */
    void unreadable(Sha256 leaf, String how);

    /** A node that this check met again, with all that is below it. */
    void again(Sha256 node);

    /** The check goes into a node, and asks for a bracket that {@link #leave} closes. */
    void enter(Sha256 node);

    /** Everything below {@code node} has been shown. */
    void leave(Sha256 node);
  }

  private static final long ENDS_BY_CUTS = 1;

  private final NodeStore nodes;
  private final TreeShape shape;
  private final Reports reports;
  // What a parent has to say of the node, as a digest of 62 bits; and whether its right edge is
  // cut.
  private final DigestMap seen = new DigestMap();

  // Paths of files before the place where the check is, below which a later node may have others.
  private List<PathBytes> open = List.of();
  // The files of a node below which nodes after it may have others, but for the last: hardly any.
  private final Map<Sha256, List<PathBytes>> openEnds = new HashMap<>();
  // Nodes that were found to come after a path and to have nothing below it, with that path.
  private final DigestSet apart = new DigestSet();
  private long clashes;

  /** Checks the nodes in {@code storage}. */
  public TreeCheck(Storage storage, Reports reports) {
    this(storage, TreeShape.STANDARD, reports);
  }

  TreeCheck(Storage storage, TreeShape shape, Reports reports) {
    this.nodes = new NodeStore(new WriteSession(storage));
    this.shape = shape;
    this.reports = reports;
  }

  /** Whether {@code key} of {@code storage} holds the node {@code id}, every bit of it. */
  public static boolean isNode(Storage storage, Sha256 id, StorageKey key) {
    try {
      var unused = new NodeStore(new WriteSession(storage)).parse(id, key);
      return true;
    } catch (MalformedBytes | ObjectAbsent e) {
      return false;
    }
  }

  /** Checks the tree {@code root} as far as it was not checked before. */
  public void tree(Sha256 root) {
    open = List.of();
    if (!root.equals(Trees.EMPTY)) {
      visit(root, Optional.empty(), PathBytes.of(""), -1);
    }
  }

  /** Whether the node {@code id} was part of a tree that was checked. */
  public boolean hasSeen(Sha256 id) {
    return seen.contains(id);
  }

  /** Checks a node that no tree leads to, in all of its generations, and nothing below it. */
  public void alone(Sha256 id) {
    read(id).ifPresent(this::requireInnerCuts);
  }

  /** The node, from the lowest generation that is sound; every other generation is read too. */
  private Optional<Node> read(Sha256 id) {
    List<Integer> generations = reports.generations(id);
    if (generations.isEmpty()) {
      reports.damaged(StoreLayout.treeNode(id, 0), "is absent");
    }
    Optional<Node> sound = Optional.empty();
    for (int generation : generations) {
      StorageKey key = StoreLayout.treeNode(id, generation);
      try {
        Node node = nodes.parse(id, key);
        sound = sound.isPresent() ? sound : Optional.of(node);
      } catch (MalformedBytes e) {
        reports.damaged(key, e.how());
      } catch (ObjectAbsent e) {
        reports.damaged(key, "is absent");
      }
    }
    return sound;
  }

  private void visit(Sha256 id, Optional<NodeEntry> said, PathBytes after, int parentLevel) {
    long known = seen.get(id, -1);
    if (known >= 0) {
      reports.again(id);
      said.ifPresent(
          entry -> {
            requireSaid(id, known, entry, parentLevel);
            pass(id, known, entry, after, parentLevel);
          });
      return;
    }
    reports.enter(id);
    List<PathBytes> before = open;
    long clashesBefore = clashes;
    Optional<Node> node = read(id);
    // Marked before what is below it: a circle of ids would be a broken SHA-256, but ends too.
    seen.put(id, node.map(TreeCheck::summary).orElse(0L));
    open = node.isEmpty() ? List.of() : open;
    node.ifPresent(
        sound -> {
          visitSound(sound, said, after, parentLevel);
          rememberEnds(sound, before, clashesBefore);
        });
    reports.leave(id);
  }

  // --- files that are folders too, or out of order, in nodes that do not know of each other ---

  private void rememberEnds(Node node, List<PathBytes> before, long clashesBefore) {
    PathBytes last = node.last().path();
    List<PathBytes> own =
        open.stream().filter(file -> !before.contains(file) && !file.equals(last)).toList();
    if (!own.isEmpty()) {
      openEnds.put(node.id(), own);
    }
    if (before.size() == 1 && clashes == clashesBefore && !open.contains(before.get(0))) {
      var unused = apart.add(pair(before.get(0), node.id()));
    }
  }

  private static Sha256 pair(PathBytes path, Sha256 node) {
    byte[] both = Arrays.copyOf(path.utf8(), path.length() + Sha256.BYTES);
    System.arraycopy(node.bytes(), 0, both, path.length(), Sha256.BYTES);
    return Sha256.of(both);
  }

  /** Goes over a leaf. */
  private void pass(Node leaf) {
    List<PathBytes> ahead = new ArrayList<>();
    for (PathBytes file : open) {
      PathBytes below = file.below();
      int at = leaf.search(below, 0);
      if (at == leaf.size()) {
        ahead.add(file);
      } else if (leaf.entry(at).pathStartsWith(below)) {
        clash(leaf.id(), file, leaf.entry(at));
      }
    }
    for (int i = 0; i < leaf.size(); i++) {
      if (leaf.last().pathStartsWith(leaf.entry(i))) {
        ahead.add(leaf.entry(i).path());
      }
    }
    open = ahead;
  }

  /** Goes over a node that was checked before, perhaps after another one. */
  private void pass(Sha256 id, long known, NodeEntry said, PathBytes after, int parentLevel) {
    List<PathBytes> ahead = new ArrayList<>();
    boolean isApart = open.size() == 1 && apart.contains(pair(open.get(0), id));
    if (known == 0) {
      // It cannot be read.
      open = List.of();
      return;
    }
    if (!isApart && after.length() > 0) {
      try {
        ahead.addAll(passAnew(id, nodes.readChild(said, parentLevel), after));
      } catch (DamagedObject e) {
        // That it is not what its parent says has been told.
        open = List.of();
        return;
      }
    }
    ahead.addAll(openEnds.getOrDefault(id, List.of()));
    ahead.add(said.path());
    open = ahead;
  }

  private List<PathBytes> passAnew(Sha256 id, Node node, PathBytes after) {
    long clashesBefore = clashes;
    List<PathBytes> ahead = new ArrayList<>();
    Cursor first = new Cursor(nodes, Optional.of(node));
    first.descendTo(0);
    if (first.item().comparePath(after) <= 0) {
      clashes++;
      damaged(id, "begins before the end of the node before it");
    }
    for (PathBytes file : open) {
      Cursor cursor = new Cursor(nodes, Optional.of(node));
      var unused = cursor.seek(file.below(), 0);
      if (cursor.isAtEnd()) {
        ahead.add(file);
      } else if (cursor.item().pathStartsWith(file.below())) {
        clash(id, file, cursor.item());
      }
    }
    if (open.size() == 1 && ahead.isEmpty() && clashes == clashesBefore) {
      var unused = apart.add(pair(open.get(0), id));
    }
    return ahead;
  }

  private void clash(Sha256 id, PathBytes file, NodeEntry below) {
    clashes++;
    damaged(id, "has \"" + below.path() + "\", and \"" + file + "\" is a file");
  }

  private void visitSound(Node node, Optional<NodeEntry> said, PathBytes after, int parentLevel) {
    said.ifPresent(entry -> requireSaid(node.id(), summary(node), entry, parentLevel));
    if (node.entry(0).comparePath(after) <= 0) {
      damaged(node.id(), "begins before the end of the node before it");
    }
    requireInnerCuts(node);
    if (node.level() == 0) {
      pass(node);
      files(node);
    } else {
      children(node, after);
    }
    boolean isCut = endsByCut(node) && (node.level() == 0 || edgeIsCut(node.last().childId()));
    seen.put(node.id(), summary(node) | (isCut ? ENDS_BY_CUTS : 0));
  }

  private void files(Node leaf) {
    for (int i = 0; i < leaf.size(); i++) {
      FileEntryCodec.attachments(leaf.entry(i)).forEach(reports::attachment);
      try {
        reports.file(nodes.decode(leaf, i));
      } catch (MalformedBytes e) {
        damaged(leaf.id(), e.how());
      } catch (DamagedObject e) {
        reports.unreadable(leaf.id(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void children(Node parent, PathBytes after) {
    PathBytes last = after;
    for (int i = 0; i < parent.size(); i++) {
      NodeEntry child = parent.entry(i);
      visit(child.childId(), Optional.of(child), last, parent.level());
      // Only the last node of a level ends because the level does.
      if (i < parent.size() - 1 && !edgeIsCut(child.childId())) {
        damaged(child.childId(), "ends where no node does but the last of its level");
      }
      last = child.path();
    }
  }

  private boolean edgeIsCut(Sha256 id) {
    long known = seen.get(id, 0);
    // Of one that cannot be read, nobody can say.
    return known == 0 || (known & ENDS_BY_CUTS) != 0;
  }

  private void requireSaid(Sha256 id, long summary, NodeEntry said, int parentLevel) {
    long cuts = summary & ~ENDS_BY_CUTS;
    if (cuts != 0 && cuts != summary(parentLevel - 1, said)) {
      damaged(id, "has another level, last path or totals than its parent says");
    }
  }

  private static long summary(Node node) {
    return summary(node.level(), node.asChild());
  }

  private static long summary(int level, NodeEntry asChild) {
    long digest = Sha256.of(asChild.identityBytes()).word(0) + 31L * level;
    return (digest >>> 2 << 1) | (1L << 40);
  }

  /** No node goes on where the format cuts; but the last of an inner level takes a single child. */
  private void requireInnerCuts(Node node) {
    int bytes = 0;
    for (int i = 0; i < node.size() - 1; i++) {
      NodeEntry entry = node.entry(i);
      bytes += entry.length();
      boolean mayEnd = node.level() == 0 || i > 0;
      boolean isLastButOne = node.level() > 0 && i == node.size() - 2;
      if (mayEnd && !isLastButOne && cutsAfter(node.level(), entry, i + 1, bytes)) {
        damaged(node.id(), "goes on after the entry " + i + ", where a node ends");
        return;
      }
    }
  }

  private boolean endsByCut(Node node) {
    int bytes = 0;
    for (int i = 0; i < node.size(); i++) {
      bytes += node.entry(i).length();
    }
    return cutsAfter(node.level(), node.last(), node.size(), bytes);
  }

  private boolean cutsAfter(int level, NodeEntry entry, int entries, int bytes) {
    return entries >= shape.mostEntries() || bytes >= shape.mostBytes() || entry.cuts(shape, level);
  }

  private void damaged(Sha256 id, String how) {
    int generation = reports.generations(id).stream().findFirst().orElse(0);
    reports.damaged(StoreLayout.treeNode(id, generation), how);
  }
}
