// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.glob.Glob;
import io.beamwright.pipelines.glob.GlobMatch;
import io.beamwright.pipelines.spec.Input;
import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.FolderChild;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the inputs of a stage bring of the commits that they are pinned to. */
final class CommitMatches implements Input.Matches {

  private static final int MOST_SHOWN = 5;

  private final Trees trees;
  private final Map<PfsInput, PinnedInput> inputs = new LinkedHashMap<>();
  private final Set<PfsInput> matched = new HashSet<>();

  CommitMatches(Trees trees, List<PinnedInput> inputs) {
    this.trees = trees;
    inputs.forEach(input -> this.inputs.put(input.leaf(), input));
  }

  @Override
  public Iterator<DatumInput> each(PfsInput leaf) {
    PinnedInput input = pinned(leaf);
    Iterator<GlobMatch<FileEntry>> found = select(input);
    if (found.hasNext()) {
      matched.add(leaf);
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return found.hasNext();
      }

      @Override
      public DatumInput next() {
        GlobMatch<FileEntry> match = found.next();
        return datumInput(input, match.path(), match.files());
      }
    };
  }

  @Override
  public Optional<DatumInput> all(PfsInput leaf) {
    PinnedInput input = pinned(leaf);
    SortedMap<FilePath, FileEntry> files = new TreeMap<>();
    Iterator<GlobMatch<FileEntry>> found = select(input);
    while (found.hasNext()) {
      found.next().files().forEach(file -> files.put(file.path(), file));
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    matched.add(leaf);
    return Optional.of(datumInput(input, DatumInput.WHOLE_REPO, new ArrayList<>(files.values())));
  }

  /** A sentence for each glob that matches nothing, with what there is instead. */
  List<String> globsWithoutMatch() {
    return inputs.values().stream()
        // Where one side of a cross is empty, others were not looked at.
        .filter(input -> !matched.contains(input.leaf()) && !select(input).hasNext())
        .map(this::nothingMatched)
        .toList();
  }

  private String nothingMatched(PinnedInput input) {
    Glob glob = input.leaf().glob();
    Tree tree = trees.open(input.commit().commit().tree());
    String folder = nearestFolder(tree, glob.literalPrefix());
    List<String> there =
        tree.listFolder(folder).map(FolderChild::path).limit(MOST_SHOWN + 1L).toList();
    String others = there.size() > MOST_SHOWN ? ", …" : "";
    return "the glob \"%s\" of the input %s matches nothing in %s@%s%s"
        .formatted(
            glob.text(),
            input.leaf().name(),
            input.leaf().repo(),
            input.leaf().branch(),
            there.isEmpty()
                ? ", which has no file."
                : ". Under %s there is: %s%s"
                    .formatted(
                        folder,
                        String.join(", ", there.subList(0, Math.min(MOST_SHOWN, there.size()))),
                        others.isEmpty() ? "." : others));
  }

  /** The deepest folder on the way to what begins with {@code prefix}. */
  private static String nearestFolder(Tree tree, String prefix) {
    for (int end = prefix.lastIndexOf('/'); end > 0; end = prefix.lastIndexOf('/', end - 1)) {
      if (tree.isFolder(prefix.substring(0, end))) {
        return prefix.substring(0, end);
      }
    }
    return "/";
  }

  private PinnedInput pinned(PfsInput leaf) {
    return Objects.requireNonNull(inputs.get(leaf), leaf.pointer());
  }

  private Iterator<GlobMatch<FileEntry>> select(PinnedInput input) {
    Tree tree = trees.open(input.commit().commit().tree());
    Iterator<FileEntry> files =
        tree.filesStartingWith(input.leaf().glob().literalPrefix()).iterator();
    return input.leaf().glob().select(files, file -> file.path().text());
  }

  private static DatumInput datumInput(PinnedInput input, String match, List<FileEntry> files) {
    PfsInput leaf = input.leaf();
    return new DatumInput(
        leaf.name(),
        leaf.repo(),
        leaf.branch(),
        input.commit().id().digest(),
        match,
        leaf.as(),
        leaf.format(),
        files);
  }
}
