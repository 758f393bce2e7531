// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Merges of files against what a person would do with three lists of paths. */
class MergedFilesProperties {

  private static final List<String> NAMES =
      List.of("/a", "/a/b", "/a/b/c", "/a/d", "/a-b", "/e", "/e/f", "/g");

  private final Trees trees = new Trees(new WriteSession(new RecordingStorage()));

  @Property(tries = 2_000)
  void aPathBecomesWhatTheSideThatChangedItMadeOfIt(@ForAll Random random) {
    Map<String, String> base = someFiles(random, Map.of());
    Map<String, String> ours = someFiles(random, base);
    Map<String, String> theirs = someFiles(random, base);
    SortedMap<String, String> merged = new TreeMap<>();
    SortedSet<String> conflicts = new TreeSet<>();
    for (String path : NAMES) {
      String before = base.get(path);
      String our = ours.get(path);
      String their = theirs.get(path);
      if (!Objects.equals(our, their) && !before(before, our) && !before(before, their)) {
        conflicts.add(path);
      }
      String result = before(before, our) ? their : our;
      if (result != null) {
        merged.put(path, result);
      }
    }

    MergedFiles outcome = merge(base, ours, theirs, Prefer.NEITHER);

    if (outcome instanceof MergedFiles.Clean clean) {
      assertThat(conflicts).isEmpty();
      assertThat(files(clean.files())).isEqualTo(merged);
    } else {
      SortedSet<String> named = new TreeSet<>();
      SortedSet<String> clashing = new TreeSet<>();
      for (Conflict conflict : ((MergedFiles.Conflicting) outcome).conflicts()) {
        (conflict.how() == Conflict.How.FILE_AND_FOLDER ? clashing : named)
            .add(conflict.path().text());
      }
      assertThat(named).isEqualTo(conflicts);
      assertThat(clashing).isEqualTo(putsThatClash(ours, merged));
      assertThat(named.size() + clashing.size()).isPositive();
    }
  }

  private static boolean before(@Nullable String before, @Nullable String now) {
    return Objects.equals(before, now);
  }

  private static SortedSet<String> putsThatClash(
      Map<String, String> ours, Map<String, String> merged) {
    SortedSet<String> clashing = new TreeSet<>();
    for (String put : merged.keySet()) {
      boolean clashes =
          merged.keySet().stream()
              .filter(ours::containsKey)
              .anyMatch(our -> our.startsWith(put + "/") || put.startsWith(our + "/"));
      if (!ours.containsKey(put) && clashes) {
        clashing.add(put);
      }
    }
    return clashing;
  }

  @Property(tries = 2_000)
  void whereOneSideIsPreferredNothingIsAConflictAndItsChangesStay(@ForAll Random random) {
    Map<String, String> base = someFiles(random, Map.of());
    Map<String, String> ours = someFiles(random, base);
    Map<String, String> theirs = someFiles(random, base);

    Tree preferOurs = clean(merge(base, ours, theirs, Prefer.OURS));
    Tree preferTheirs = clean(merge(base, ours, theirs, Prefer.THEIRS));

    for (String path : NAMES) {
      if (!Objects.equals(base.get(path), ours.get(path)) && ours.get(path) != null) {
        assertThat(files(preferOurs)).as(path).containsEntry(path, ours.get(path));
      }
      if (!Objects.equals(base.get(path), theirs.get(path)) && theirs.get(path) != null) {
        assertThat(files(preferTheirs)).as(path).containsEntry(path, theirs.get(path));
      }
    }
  }

  @Property(tries = 500)
  void aMergeWithOneselfOrWithTheBaseChangesNothing(@ForAll Random random) {
    Map<String, String> base = someFiles(random, Map.of());
    Map<String, String> ours = someFiles(random, base);

    assertThat(files(clean(merge(base, ours, ours, Prefer.NEITHER)))).isEqualTo(ours);
    assertThat(files(clean(merge(base, ours, base, Prefer.NEITHER)))).isEqualTo(ours);
    assertThat(files(clean(merge(base, base, ours, Prefer.NEITHER)))).isEqualTo(ours);
  }

  private MergedFiles merge(
      Map<String, String> base, Map<String, String> ours, Map<String, String> theirs, Prefer p) {
    return MergedFiles.merge(trees, Version.of(tree(base)), tree(ours), tree(theirs), p);
  }

  private static Tree clean(MergedFiles merged) {
    assertThat(merged).isInstanceOf(MergedFiles.Clean.class);
    return ((MergedFiles.Clean) merged).files();
  }

  private static Map<String, String> someFiles(Random random, Map<String, String> from) {
    SortedMap<String, String> files = new TreeMap<>(from);
    for (int i = random.nextInt(5); i > 0; i--) {
      String path = NAMES.get(random.nextInt(NAMES.size()));
      files.remove(path);
      if (random.nextInt(3) > 0) {
        // Nothing is a file and a folder at once.
        files.keySet().removeIf(p -> p.startsWith(path + "/") || path.startsWith(p + "/"));
        files.put(path, "v" + random.nextInt(3));
      }
    }
    return files;
  }

  // The content of a file stands for itself by its digest; none is stored.
  private Tree tree(Map<String, String> files) {
    List<FileEntry> entries = new ArrayList<>();
    new TreeMap<>(files)
        .forEach(
            (path, content) ->
                entries.add(
                    FileEntry.of(
                        new FilePath(path),
                        false,
                        new StoredFile(
                            0, Sha256.of(content.getBytes(UTF_8)), List.of(), Optional.empty()))));
    return trees.build(entries.iterator());
  }

  private static SortedMap<String, String> files(Tree tree) {
    SortedMap<String, String> files = new TreeMap<>();
    tree.files().forEach(entry -> files.put(entry.path().text(), content(entry)));
    return files;
  }

  private static String content(FileEntry entry) {
    for (int i = 0; i < 3; i++) {
      if (Sha256.of(("v" + i).getBytes(UTF_8)).equals(entry.sha256())) {
        return "v" + i;
      }
    }
    throw new AssertionError(entry);
  }
}
