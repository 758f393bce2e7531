// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.glob.GlobMatch;
import io.beamwright.pipelines.spec.Input;
import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the inputs of a stage bring of the commits that they are pinned to. */
final class CommitMatches implements Input.Matches {

  private final Trees trees;
  private final Map<PfsInput, PinnedInput> inputs = new HashMap<>();

  CommitMatches(Trees trees, List<PinnedInput> inputs) {
    this.trees = trees;
    inputs.forEach(input -> this.inputs.put(input.leaf(), input));
  }

  @Override
  public Iterator<DatumInput> each(PfsInput leaf) {
    PinnedInput input = pinned(leaf);
    Iterator<GlobMatch<FileEntry>> found = select(input);
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
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(datumInput(input, DatumInput.WHOLE_REPO, new ArrayList<>(files.values())));
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
        files);
  }
}
