// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.DroppedCommit;
import io.beamwright.versioning.ref.MissingRef;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.FolderChild;
import io.beamwright.versioning.tree.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the commits that refs mean, and those before them. */
public final class History {

  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 10;
  private static final int MOST_ALIKE = 10_000;

  private final Store store;

  History(Store store) {
    this.store = store;
  }

  /**
   * A commit that a ref was resolved to.
   *
   * @param id its id
   * @param commit what it says
   */
  public record Named(CommitId id, Commit commit) {}

  /**
   * The commit that {@code revision} means. A branch or tag wins over a prefix of a commit's or a
   * job's id.
   *
   * @throws MissingRef if there is none; names the near misses
   * @throws UserFault if there is more than one; names the candidates
   */
  public Named resolve(Revision revision) {
    Repo repo = store.repos().require(revision.repo());
    Named named = named(repo, revision);
    return revision.steps() instanceof Revision.Steps.FromRoot root
        ? fromRoot(named, root.place(), revision)
        : back(named, ((Revision.Steps.Back) revision.steps()).count(), revision);
  }

  /** The commit of this id. */
  public Named read(CommitId id) {
    return new Named(id, store.commits().read(id));
  }

  /**
   * The tree of the files of {@code commit}.
   *
   * @throws UserFault if it was dropped by a rule
   */
  public Tree files(Commit commit) {
    store
        .droppedCommits()
        .find(commit.id())
        .filter(dropped -> dropped.what() == DroppedCommit.What.TREE)
        .ifPresent(
            dropped -> {
              throw dropped.fault();
            });
    return store.trees().open(commit.tree());
  }

  /**
   * {@code commit} and those before it along first parents, newest first, at most {@code limit}.
   */
  public List<Named> firstParents(Named commit, int limit) {
    List<Named> line = new ArrayList<>();
    Optional<Named> next = Optional.of(commit);
    while (next.isPresent() && line.size() < limit) {
      line.add(next.get());
      next = next.get().commit().parents().stream().findFirst().map(this::read);
    }
    return line;
  }

  /**
   * The commits that can be reached from {@code heads} along all parents, each once, by their
   * times, newest first; none before every commit that led to it, whatever the clocks said. Lazy,
   * sequential, need not be closed.
   */
  public Stream<Named> newestFirst(Collection<CommitId> heads) {
    Set<CommitId> seen = new HashSet<>();
    PriorityQueue<Named> next =
        new PriorityQueue<>(
            Comparator.comparing((Named named) -> named.commit().time())
                .thenComparing(named -> named.commit().depth())
                .reversed());
    heads.stream().filter(seen::add).map(this::read).forEach(next::add);
    return Stream.generate(
            () -> {
              Optional<Named> newest = Optional.ofNullable(next.poll());
              newest.stream()
                  .flatMap(named -> named.commit().parents().stream())
                  .filter(seen::add)
                  .map(this::read)
                  .forEach(next::add);
              return newest;
            })
        .takeWhile(Optional::isPresent)
        .map(Optional::orElseThrow);
  }

  /**
   * The branches and tags of other repos whose commit was made from commits of {@code repo}, as
   * {@code other@master}.
   */
  public List<String> readersOf(Repo repo) {
    List<String> readers = new ArrayList<>();
    for (Repo other : store.repos().list()) {
      for (RefHead head : store.repos().refs(other).list()) {
        boolean reads =
            !other.id().equals(repo.id())
                && head.commit().filter(id -> isMadeFrom(read(id).commit(), repo)).isPresent();
        if (reads) {
          readers.add(other.name() + "@" + head.name());
        }
      }
    }
    return readers;
  }

  private boolean isMadeFrom(Commit commit, Repo repo) {
    return commit.provenance().stream()
        .flatMap(made -> made.inputs().stream())
        .filter(input -> input.repo().equals(repo.name()))
        .anyMatch(input -> read(input.commit()).commit().repoId().equals(repo.id()));
  }

  /**
   * Where the branch or tag {@code name} of {@code repo} stands.
   *
   * @throws UserFault if there is none of this kind; names the near misses
   */
  public RefHead requireRef(Repo repo, String name, RefKind kind) {
    Refs refs = store.repos().refs(repo);
    RefHead head = refs.head(Refs.requireName(name));
    if (head.is(kind)) {
      return head;
    }
    String list = "beamwright list " + kind.word() + " " + repo.name();
    if (head.exists()) {
      RefKind other = kind == RefKind.TAG ? RefKind.BRANCH : RefKind.TAG;
      throw new UserFault(
          "\"%s@%s\" is a %s, not a %s.".formatted(repo.name(), name, other.word(), kind.word()),
          "Try: " + list);
    }
    List<String> names =
        refs.list().stream().filter(ref -> ref.is(kind)).map(RefHead::name).toList();
    throw new UserFault(
        "There is no %s \"%s\" in the repo %s.".formatted(kind.word(), name, repo.name()),
        NearMiss.sentence(name, names, list));
  }

  /**
   * The file at {@code path} in a commit.
   *
   * @throws UserFault if there is none, or a folder; names the near misses
   */
  public FileEntry requireFile(Tree files, FilePath path, String revision) {
    return files
        .find(path)
        .orElseThrow(
            () ->
                files.isFolder(path.text())
                    ? new UserFault(
                        "\"" + path + "\" in " + revision + " is a folder, not a file.",
                        "Add -r to take the whole folder, or name a file in it: beamwright list file "
                            + revision
                            + ":"
                            + path)
                    : noSuchPath(files, path, revision));
  }

  /** The fault that says that {@code path} is not in {@code files}, with its near misses. */
  public UserFault noSuchPath(Tree files, FilePath path, String revision) {
    String folder = nearestFolder(files, path);
    List<String> siblings = files.listFolder(folder).map(FolderChild::path).toList();
    return new UserFault(
        "There is no file \"" + path + "\" in " + revision + ".",
        NearMiss.sentence(
            path.text(), siblings, "beamwright list file " + revision + ":" + folder));
  }

  private static String nearestFolder(Tree files, FilePath path) {
    List<String> folders = path.folders();
    for (int i = folders.size() - 1; i >= 0; i--) {
      if (files.isFolder(folders.get(i))) {
        return folders.get(i);
      }
    }
    return "/";
  }

  private Named named(Repo repo, Revision revision) {
    String name = revision.nameOrDefault();
    Refs refs = store.repos().refs(repo);
    RefHead head = refs.head(name);
    if (head.exists()) {
      return head.commit()
          .map(this::read)
          .orElseThrow(
              () ->
                  new MissingRef(
                      "The branch \"" + repo.name() + "@" + name + "\" has no commit yet.",
                      "Put a file: beamwright put file " + repo.name() + "@" + name + " -f FILE"));
    }
    Set<CommitId> candidates = candidates(repo, name);
    if (candidates.size() == 1) {
      return read(candidates.iterator().next());
    }
    throw candidates.isEmpty() ? unknown(repo, name, refs) : ambiguous(repo, name, candidates);
  }

  private Set<CommitId> candidates(Repo repo, String name) {
    Set<CommitId> candidates = new LinkedHashSet<>();
    if (!isPrefix(name)) {
      return candidates;
    }
    // Other repos' commits may begin alike, so the first few of the store are not enough.
    store.commits().withPrefix(name, MOST_ALIKE).stream()
        .filter(id -> isIn(repo, id))
        .limit(MOST_CANDIDATES + 1L)
        .forEach(candidates::add);
    for (Sha256 job : store.jobs().withPrefix(name, MOST_ALIKE)) {
      store.jobs().commit(job).filter(id -> isIn(repo, id)).ifPresent(candidates::add);
    }
    return candidates;
  }

  private static boolean isPrefix(String name) {
    return name.length() >= SHORTEST_PREFIX
        && name.length() <= 2 * Sha256.BYTES
        && Sha256.isHex(name);
  }

  private boolean isIn(Repo repo, CommitId id) {
    return store.commits().read(id).repoId().equals(repo.id());
  }

  private UserFault unknown(Repo repo, String name, Refs refs) {
    Optional<Sha256> job =
        isPrefix(name) ? store.jobs().withPrefix(name, 1).stream().findFirst() : Optional.empty();
    if (job.isPresent() && store.jobs().commit(job.get()).isEmpty()) {
      return new UserFault(
          "The job " + job.get() + " has made no commit.",
          "See how it ended: beamwright inspect job " + job.get());
    }
    List<String> names = refs.list().stream().map(RefHead::name).toList();
    String lists =
        "beamwright list branch " + repo.name() + ", or beamwright list commit " + repo.name();
    boolean isShort = name.length() < SHORTEST_PREFIX && Sha256.isHex(name);
    return new MissingRef(
        "There is no branch, tag, commit or job \"" + name + "\" in the repo " + repo.name() + ".",
        (isShort ? "Of an id, give " + SHORTEST_PREFIX + " digits or more. " : "")
            + NearMiss.sentence(name, names, lists));
  }

  private static UserFault ambiguous(Repo repo, String name, Set<CommitId> candidates) {
    return new UserFault(
        "\""
            + name
            + "\" in the repo "
            + repo.name()
            + " may be any of "
            + candidates.stream()
                .limit(MOST_CANDIDATES)
                .map(CommitId::hex)
                .collect(Collectors.joining(", "))
            + (candidates.size() > MOST_CANDIDATES ? ", and more." : "."),
        "Give more digits.");
  }

  private Named back(Named from, long count, Revision revision) {
    Named at = from;
    for (int i = 0; i < count; i++) {
      Optional<CommitId> parent = at.commit().parents().stream().findFirst();
      if (parent.isEmpty()) {
        throw tooFar(revision, i + 1);
      }
      at = read(parent.get());
    }
    return at;
  }

  private Named fromRoot(Named from, long place, Revision revision) {
    // Along first parents: where branches were merged, depth alone does not tell the place.
    List<CommitId> line = new ArrayList<>(List.of(from.id()));
    Named at = from;
    while (!at.commit().parents().isEmpty()) {
      at = read(at.commit().parents().get(0));
      line.add(at.id());
    }
    if (place < 1 || place > line.size()) {
      throw tooFar(revision, line.size());
    }
    return read(line.get(line.size() - (int) place));
  }

  private static UserFault tooFar(Revision revision, int commits) {
    return new UserFault(
        "\""
            + revision.typed()
            + "\" goes beyond the first commit: there are "
            + commits
            + " in its history.",
        "Try: beamwright list commit " + revision.repo() + "@" + revision.nameOrDefault());
  }
}
