// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A tree against a sorted map, in shapes so small that every case has several levels. */
class TreeProperties {

  @Provide
  Arbitrary<TreeShape> shapes() {
    return Arbitraries.of(
        new TreeShape(4, 3, 9, 1 << 20),
        new TreeShape(2, 2, 8_192, 1 << 20),
        new TreeShape(4, 2, 2, 1 << 20),
        new TreeShape(5, 4, 100, 150),
        TreeShape.STANDARD);
  }

  // Few names, so that paths share prefixes, and files and folders clash. "-" sorts before "/".
  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> names =
        Arbitraries.of("a", "b", "a-", "a0", "ab", "é", "\uffee", "😀", "😀z", "long name.csv");
    return names.list().ofMinSize(1).ofMaxSize(3).map(list -> "/" + String.join("/", list));
  }

  @Provide
  Arbitrary<TreeEdit> edits() {
    Arbitrary<TreeEdit> puts =
        Combinators.combine(paths(), Arbitraries.of("", "x", "y", "zz")).as(Entries::put);
    Arbitrary<TreeEdit> deletes = paths().map(path -> new TreeEdit.Delete(new FilePath(path)));
    Arbitrary<TreeEdit> folders = paths().map(TreeEdit.DeleteFolder::new).map(TreeEdit.class::cast);
    return Arbitraries.frequencyOf(Tuple.of(12, puts), Tuple.of(4, deletes), Tuple.of(1, folders));
  }

  @Provide
  Arbitrary<List<List<TreeEdit>>> commits() {
    return edits().list().ofMaxSize(25).list().ofMinSize(1).ofMaxSize(8);
  }

  /** What a tree should be. */
  private static final class Model {
    private final TreeMap<FilePath, FileEntry> files;

    Model(Map<FilePath, FileEntry> files) {
      this.files = new TreeMap<>(files);
    }

    Model after(List<? extends TreeEdit> edits) {
      Model model = new Model(files);
      for (TreeEdit edit : edits) {
        if (edit instanceof TreeEdit.Put put) {
          model.files.put(put.entry().path(), put.entry());
        } else if (edit instanceof TreeEdit.Delete delete) {
          model.files.remove(delete.path());
        } else if (edit instanceof TreeEdit.DeleteFolder folder) {
          String prefix = folder.folder().equals("/") ? "/" : folder.folder() + "/";
          model.files.keySet().removeIf(path -> path.text().startsWith(prefix));
        }
      }
      return model;
    }

    boolean clashes() {
      return files.keySet().stream()
          .flatMap(path -> path.folders().stream())
          .anyMatch(folder -> files.containsKey(new FilePath(folder)));
    }

    List<FileEntry> under(String prefix) {
      return files.values().stream().filter(e -> e.path().text().startsWith(prefix)).toList();
    }

    List<String> children(String prefix) {
      Map<String, long[]> children = new LinkedHashMap<>();
      for (FileEntry entry : under(prefix)) {
        String rest = entry.path().text().substring(prefix.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash + 1);
        long[] sums = children.computeIfAbsent(name, key -> new long[2]);
        sums[0]++;
        sums[1] += entry.size();
      }
      List<String> lines = new ArrayList<>();
      children.forEach((name, sums) -> lines.add(name + " " + sums[0] + " " + sums[1]));
      return lines;
    }

    List<TreeChange> changesTo(Model newer) {
      TreeMap<FilePath, FileEntry> all = new TreeMap<>(files);
      all.putAll(newer.files);
      List<TreeChange> changes = new ArrayList<>();
      for (FilePath path : all.keySet()) {
        FileEntry before = files.get(path);
        FileEntry after = newer.files.get(path);
        if (after == null && before != null) {
          changes.add(new TreeChange.Removed(before));
        } else if (before == null && after != null) {
          changes.add(new TreeChange.Added(after));
        } else if (before != null && after != null && !before.isSameAs(after)) {
          changes.add(new TreeChange.Changed(before, after));
        }
      }
      return changes;
    }
  }

  @Property(tries = 400)
  void anyHistoryGivesTheTreeOfItsFiles(
      @ForAll("shapes") TreeShape shape,
      @ForAll("commits") List<List<TreeEdit>> commits,
      @ForAll Random random) {
    RecordingStorage storage = new RecordingStorage();
    Tree tree = new Trees(new WriteSession(storage), shape).empty();
    Model model = new Model(Map.of());
    for (List<TreeEdit> some : commits) {
      List<TreeEdit> edits = random.nextInt(4) == 0 ? some : thatDoNotClash(model, some);
      Model next = model.after(edits);
      Trees trees = new Trees(new WriteSession(storage), shape);
      if (next.clashes()) {
        Tree before = tree;
        assertThat(catchThrowable(() -> trees.edit(before, edits))).isInstanceOf(UserFault.class);
        continue;
      }
      tree = trees.edit(trees.open(tree.id()), edits);
      model = next;
      assertThat(tree.id()).isEqualTo(builtAtOnce(shape, model).id());
      assertThat(tree.files()).isEqualTo(List.copyOf(model.files.values()));
      assertThat(tree.fileCount()).isEqualTo(model.files.size());
      assertThat(tree.totalBytes())
          .isEqualTo(model.files.values().stream().mapToLong(FileEntry::size).sum());
    }
  }

  // No clashes and hundreds of files: nodes end, grow together and lose their last child all the
  // time, also at the end of their level.
  @Property(tries = 60)
  void aLongHistoryGivesTheTreeOfItsFiles(
      @ForAll("shapes") TreeShape shape, @ForAll Random random) {
    RecordingStorage storage = new RecordingStorage();
    Tree tree = new Trees(new WriteSession(storage), shape).empty();
    Model model = new Model(Map.of());
    int names = 10 + random.nextInt(400);
    for (int commit = 0; commit < 25; commit++) {
      List<TreeEdit> edits = someEdits(random, names);
      tree = new Trees(new WriteSession(storage), shape).edit(tree, edits);
      model = model.after(edits);
      assertThat(tree.id()).isEqualTo(builtAtOnce(shape, model).id());
      assertThat(tree.fileCount()).isEqualTo(model.files.size());
    }
    assertThat(new Trees(new WriteSession(storage), shape).open(tree.id()).files())
        .isEqualTo(List.copyOf(model.files.values()));
  }

  private static List<TreeEdit> someEdits(Random random, int names) {
    List<TreeEdit> edits = new ArrayList<>();
    int from = random.nextInt(names);
    int span = random.nextBoolean() ? names : 1 + random.nextInt(20);
    boolean mostlyDeletes = random.nextInt(3) == 0;
    for (int i = random.nextInt(40); i >= 0; i--) {
      int name = (from + random.nextInt(span)) % names;
      String path = "/" + name % 7 + "/" + name;
      boolean delete = random.nextInt(10) < (mostlyDeletes ? 8 : 3);
      edits.add(
          delete
              ? new TreeEdit.Delete(new FilePath(path))
              : Entries.put(path, "v" + random.nextInt(3)));
    }
    if (random.nextInt(15) == 0) {
      edits.add(random.nextInt(edits.size()), new TreeEdit.DeleteFolder("/" + random.nextInt(7)));
    }
    return edits;
  }

  private static Tree builtAtOnce(TreeShape shape, Model model) {
    return new Trees(new WriteSession(new RecordingStorage()), shape)
        .build(model.files.values().iterator());
  }

  @Property(tries = 300)
  void questionsHaveTheModelsAnswers(
      @ForAll("shapes") TreeShape shape,
      @ForAll("commits") List<List<TreeEdit>> commits,
      @ForAll("paths") String path) {
    Model model = withoutClashes(commits);
    RecordingStorage storage = new RecordingStorage();
    Tree built = new Trees(new WriteSession(storage), shape).build(model.files.values().iterator());
    Tree tree = new Trees(new WriteSession(storage), shape).open(built.id());

    FilePath file = new FilePath(path);
    assertThat(tree.find(file).orElse(null)).isEqualTo(model.files.get(file));
    assertThat(tree.isFolder(path)).isEqualTo(!model.under(path + "/").isEmpty());
    assertThat(tree.filesUnder(path)).isEqualTo(model.under(path + "/"));
    assertThat(tree.filesStartingWith(path)).isEqualTo(model.under(path));
    assertThat(lines(tree, path + "/")).isEqualTo(model.children(path + "/"));
    assertThat(lines(tree, "/")).isEqualTo(model.children("/"));
  }

  private static Stream<String> lines(Tree tree, String folder) {
    return tree.listFolder(folder)
        .map(
            child -> {
              if (child instanceof FolderChild.Folder f) {
                return f.path().substring(folder.length()) + "/ " + f.files() + " " + f.bytes();
              }
              FileEntry entry = ((FolderChild.File) child).entry();
              return entry.path().name() + " 1 " + entry.size();
            });
  }

  @Property(tries = 300)
  void aDiffHoldsWhatChanged(
      @ForAll("shapes") TreeShape shape,
      @ForAll("commits") List<List<TreeEdit>> older,
      @ForAll("commits") List<List<TreeEdit>> newer,
      @ForAll boolean related) {
    List<List<TreeEdit>> history = new ArrayList<>(related ? older : List.of());
    history.addAll(newer);
    Model before = withoutClashes(older);
    Model after = withoutClashes(history);
    Trees trees = new Trees(new WriteSession(new RecordingStorage()), shape);
    Tree one = trees.build(before.files.values().iterator());
    Tree other = trees.build(after.files.values().iterator());

    assertThat(one.diff(other)).isEqualTo(before.changesTo(after));
    assertThat(other.diff(one)).isEqualTo(after.changesTo(before));
  }

  @Property(tries = 300)
  void aDiffOfAPathHoldsWhatChangedThere(
      @ForAll("shapes") TreeShape shape,
      @ForAll("commits") List<List<TreeEdit>> older,
      @ForAll("commits") List<List<TreeEdit>> newer,
      @ForAll("paths") String path,
      @ForAll boolean related) {
    List<List<TreeEdit>> history = new ArrayList<>(related ? older : List.of());
    history.addAll(newer);
    Trees trees = new Trees(new WriteSession(new RecordingStorage()), shape);
    Tree one = trees.build(withoutClashes(older).files.values().iterator());
    Tree other = trees.build(withoutClashes(history).files.values().iterator());

    assertThat(one.diff(other, path)).isEqualTo(changesAt(one, other, path));
    assertThat(one.diff(other, "/")).isEqualTo(one.diff(other).toList());
  }

  @Property(tries = 60)
  void aDiffOfAPathOfALargeTreeHoldsWhatChangedThere(
      @ForAll("shapes") TreeShape shape, @ForAll Random random) {
    Trees trees = new Trees(new WriteSession(new RecordingStorage()), shape);
    Tree one = trees.edit(trees.empty(), Entries.puts(Entries.many(random.nextInt(1_500))));
    List<TreeEdit> edits = new ArrayList<>();
    for (int i = random.nextInt(60); i >= 0; i--) {
      int at = random.nextInt(1_600);
      String path = String.format("/f%05d/%02d.csv", at / 100, at % 100);
      edits.add(
          random.nextBoolean()
              ? new TreeEdit.Delete(new FilePath(path))
              : Entries.put(path, "new " + i));
    }
    Tree other = trees.edit(one, edits);

    for (String path : List.of("/f00000", "/f00007", "/f00015", "/f00016", "/f00003/07.csv")) {
      assertThat(one.diff(other, path)).isEqualTo(changesAt(one, other, path));
      assertThat(other.diff(one, path)).isEqualTo(changesAt(other, one, path));
    }
  }

  private static List<TreeChange> changesAt(Tree one, Tree other, String path) {
    return one.diff(other)
        .filter(c -> c.path().text().equals(path) || c.path().text().startsWith(path + "/"))
        .toList();
  }

  private static Model withoutClashes(List<List<TreeEdit>> commits) {
    Model model = new Model(Map.of());
    for (List<TreeEdit> edits : commits) {
      model = model.after(thatDoNotClash(model, edits));
    }
    return model;
  }

  private static List<TreeEdit> thatDoNotClash(Model base, List<TreeEdit> edits) {
    List<TreeEdit> kept = new ArrayList<>();
    Model model = base;
    for (TreeEdit edit : edits) {
      Model next = model.after(List.of(edit));
      if (!next.clashes()) {
        kept.add(edit);
        model = next;
      }
    }
    return kept;
  }

  @Property(tries = 40)
  void theOrderOfEditsAndThePackingDoNotMatter(
      @ForAll("shapes") TreeShape shape, @ForAll Random random) {
    List<FileEntry> files = Entries.many(300);
    Tree expected =
        new Trees(new WriteSession(new RecordingStorage()), shape).build(files.iterator());
    List<TreeEdit> shuffled = new ArrayList<>();
    for (FileEntry file : files) {
      FileEntry packedElsewhere =
          Entries.entry(file.path().text(), "v" + files.indexOf(file), "pack " + random.nextInt(9));
      shuffled.add(new TreeEdit.Put(packedElsewhere));
    }
    Collections.shuffle(shuffled, random);

    Trees trees = new Trees(new WriteSession(new RecordingStorage()), shape);
    Tree tree = trees.edit(trees.empty(), Entries.puts(Entries.many(random.nextInt(400) + 1)));
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(80));
      tree = trees.edit(tree, shuffled.subList(from, to));
      from = to;
    }
    List<TreeEdit> surplus =
        new ArrayList<>(
            tree.files()
                .filter(entry -> files.stream().noneMatch(file -> file.isSameAs(entry)))
                .map(entry -> new TreeEdit.Delete(entry.path()))
                .toList());
    Collections.shuffle(surplus, random);
    tree = trees.edit(tree, surplus);

    assertThat(tree.id()).isEqualTo(expected.id());
  }
}
