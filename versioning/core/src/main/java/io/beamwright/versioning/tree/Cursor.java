// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes forward over the entries of a tree, on any level: an item is a file, or a child that stands
 * for all below it and is read only by who descends into it. The first item is the root as a child.
 */
final class Cursor {

  private static final class Frame {
    final Node node;
    int index;

    Frame(Node node, int index) {
      this.node = node;
      this.index = index;
    }
  }

  private final NodeStore nodes;
  private final List<Frame> frames = new ArrayList<>();
  private @Nullable NodeEntry passed;

  /** Stands at {@code root}; at the end if there is none, as in the empty tree. */
  Cursor(NodeStore nodes, Optional<Node> root) {
    this.nodes = nodes;
    root.ifPresent(node -> push(aboveOf(node), 0));
  }

  // A node that is never stored, so that the root is an item like any other.
  private static Node aboveOf(Node root) {
    return Node.of(root.level() + 1, List.of(root.asChild()));
  }

  private void push(Node node, int index) {
    frames.add(new Frame(node, index));
  }

  private Frame top() {
    return frames.get(frames.size() - 1);
  }

  boolean isAtEnd() {
    return frames.isEmpty();
  }

  /** The item here. */
  NodeEntry item() {
    return top().node.entry(top().index);
  }

  /** 0 if the item here is a file; else one more than the level of the node it stands for. */
  int itemLevel() {
    return top().node.level();
  }

  /** The item here, a file. */
  FileEntry file() {
    return nodes.file(top().node, top().index);
  }

  /** The path of the item here, a file. */
  FilePath path() {
    return new FilePath(item().path().toString());
  }

  /** The last item that was passed by {@link #advance}: all that is ahead comes after its path. */
  Optional<NodeEntry> passed() {
    return Optional.ofNullable(passed);
  }

  /** Goes to the next item, not below this one. */
  void advance() {
    passed = item();
    step();
  }

  private void step() {
    top().index++;
    while (!frames.isEmpty() && top().index == top().node.size()) {
      frames.remove(frames.size() - 1);
      if (!frames.isEmpty()) {
        top().index++;
      }
    }
  }

  /** Goes from a child to its first entry. */
  void descend() {
    Node child = nodes.readChild(item(), itemLevel());
    for (int i = frames.size() - 1; i >= 0; i--) {
      Frame frame = frames.get(i);
      if (frame.index > 0) {
        nodes.requireAfter(child, frame.node.entry(frame.index - 1));
        break;
      }
    }
    push(child, 0);
  }

  /** Goes down until the item here is of {@code itemLevel}. */
  void descendTo(int itemLevel) {
    while (!isAtEnd() && itemLevel() > itemLevel) {
      descend();
    }
  }

  /**
   * Goes forward to the first item of {@code itemLevel} whose path is not before {@code path}; its
   * path is the last one below it.
   *
   * @return whether any item of that level lies between the one before and this one
   */
  boolean seek(PathBytes path, int itemLevel) {
    boolean jumped = false;
    while (!isAtEnd()) {
      Frame frame = top();
      int index = frame.node.search(path, frame.index);
      jumped |= index > frame.index;
      if (stopAt(index, itemLevel)) {
        break;
      }
    }
    return jumped;
  }

  /** Goes forward from a file to the first file not before {@code path}; says what it passed. */
  Totals passFilesBefore(PathBytes path) {
    long files = 0;
    long bytes = 0;
    while (!isAtEnd()) {
      Frame frame = top();
      int index = frame.node.search(path, frame.index);
      for (int i = frame.index; i < index; i++) {
        files += frame.node.entry(i).files(frame.node.level());
        bytes += frame.node.entry(i).bytes(frame.node.level());
      }
      if (stopAt(index, 0)) {
        break;
      }
    }
    return new Totals(files, bytes);
  }

  /** Number of files, and the sum of their sizes. */
  record Totals(long files, long bytes) {}

  // Goes to an item of the node here, or past the node, or into the item; says if that was the aim.
  private boolean stopAt(int index, int itemLevel) {
    Frame frame = top();
    if (index == frame.node.size()) {
      frame.index = index - 1;
      step();
      return false;
    }
    frame.index = index;
    if (itemLevel() == itemLevel) {
      return true;
    }
    descend();
    return false;
  }
}
