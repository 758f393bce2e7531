// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Random commits with random parents and files, in a store and, the same ones, in git. */
public final class RandomHistory {

  /** Every path that may be in a commit, and every folder of one. */
  static final List<String> PATHS =
      List.of("/a", "/a-b", "/b/c", "/b/d", "/e/f/g", "/e/h", "/e", "/b", "/e/f", "/none", "/b/no");

  private static final List<String> FILES = List.of("/a", "/a-b", "/b/c", "/b/d", "/e/f/g", "/e/h");

  /** How many contents a file may have. */
  public static final int VALUES = 3;

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Store store;
  private final Repo repo;
  private final List<CommitId> ids = new ArrayList<>();
  private final List<List<Integer>> parents = new ArrayList<>();
  private final List<Map<String, String>> files = new ArrayList<>();

  public RandomHistory(Store store, Repo repo, Random random, int count) {
    this.store = store;
    this.repo = repo;
    for (int i = 0; i < count; i++) {
      parents.add(someParents(random, i));
      files.add(someFiles(random, parents.get(i)));
      ids.add(write(i));
    }
  }

  private static List<Integer> someParents(Random random, int number) {
    int most = random.nextInt(40) == 0 ? 0 : random.nextInt(2) == 0 ? 2 + random.nextInt(2) : 1;
    Set<Integer> some = new HashSet<>();
    for (int i = 0; i < most && number > 0; i++) {
      some.add(number - 1 - random.nextInt(Math.min(number, 6)));
    }
    return List.copyOf(some);
  }

  private Map<String, String> someFiles(Random random, List<Integer> of) {
    Map<String, String> some = new TreeMap<>();
    for (String file : FILES) {
      // Of a merge, each file as in one of the parents.
      Optional<String> inherited =
          of.isEmpty()
              ? Optional.empty()
              : Optional.ofNullable(files.get(of.get(random.nextInt(of.size()))).get(file));
      inherited.ifPresent(content -> some.put(file, content));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      String file = FILES.get(random.nextInt(FILES.size()));
      if (random.nextInt(4) == 0) {
        some.remove(file);
      } else {
        // No two paths ever have the same content, or git would take one for the other, renamed.
        some.put(file, content(file, random.nextInt(VALUES)));
      }
    }
    return some;
  }

  /** One of the contents that {@code file} may have: {@code value} is 0 to 2. */
  public static String content(String file, int value) {
    return file + " is " + value;
  }

  private CommitId write(int number) {
    List<CommitId> before = parents(number).stream().map(ids::get).toList();
    long depth =
        before.stream().mapToLong(id -> store.commits().read(id).depth() + 1).max().orElse(0);
    List<TreeEdit> puts = new ArrayList<>();
    files.get(number).forEach((path, content) -> puts.add(new TreeEdit.Put(entry(path, content))));
    return store
        .commits()
        .write(
            new Commit(
                repo.name(),
                repo.id(),
                before,
                depth,
                store.trees().edit(store.trees().empty(), puts).id(),
                Optional.empty(),
                "ann",
                NOON.plusSeconds(number),
                "" + number,
                Optional.empty()));
  }

  public static FileEntry entry(String path, String content) {
    byte[] bytes = content.getBytes(UTF_8);
    Extent extent = new Extent(ObjectRef.of(Sha256.of(bytes)), 0, bytes.length);
    return FileEntry.of(
        new FilePath(path),
        false,
        new StoredFile(bytes.length, Sha256.of(bytes), List.of(extent), Optional.empty()));
  }

  public int size() {
    return ids.size();
  }

  public CommitId id(int number) {
    return ids.get(number);
  }

  /** The numbers of these commits, in order. */
  public List<Integer> numbers(List<CommitId> some) {
    return some.stream().map(ids::indexOf).sorted().toList();
  }

  List<Integer> parents(int number) {
    return parents.get(number);
  }

  /** The commit {@code number} and all before it. */
  Set<Integer> closure(int number) {
    Set<Integer> closure = new HashSet<>(Set.of(number));
    parents(number).forEach(parent -> closure.addAll(closure(parent)));
    return closure;
  }

  /** Makes a git repository of the same commits; {@code n-N} names number N. */
  public Git toGit(Path folder) throws IOException, InterruptedException {
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      stream.append("commit refs/heads/n-%d\nmark :%d\n".formatted(i, i + 1));
      stream.append("committer ann <ann> %d +0000\n".formatted(1_800_000_000 + i));
      data(stream, "" + i);
      for (int p = 0; p < parents(i).size(); p++) {
        stream.append("%s :%d\n".formatted(p == 0 ? "from" : "merge", parents(i).get(p) + 1));
      }
      stream.append("deleteall\n");
      files
          .get(i)
          .forEach(
              (path, content) -> {
                stream.append("M 100644 inline %s\n".formatted(path.substring(1)));
                data(stream, content);
              });
    }
    Path input = Files.writeString(folder.resolve("stream"), stream);
    Git git = new Git(folder.resolve("repo.git"));
    git.run(Optional.empty(), "init", "-q", "--bare", ".");
    git.run(Optional.of(input), "fast-import", "--quiet");
    return git;
  }

  private static void data(StringBuilder stream, String text) {
    stream.append("data %d\n%s\n".formatted(text.length(), text));
  }

  /** A git repository: the oracle. */
  public record Git(Path folder) {

    public Git {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /** Git's name of a file of this content. */
    public static String blobId(String content) {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update("blob %d\0%s".formatted(content.length(), content).getBytes(UTF_8));
        return HexFormat.of().formatHex(sha1.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The lines that {@code git} prints, without an exit code but 0 or 1. */
    public List<String> run(Optional<Path> input, String... words)
        throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
      command.addAll(List.of(words));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      input.ifPresent(file -> builder.redirectInput(file.toFile()));
      // Nothing of this machine's settings may change what git says.
      builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
      builder.environment().put("HOME", folder.toString());
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      int exit = process.waitFor();
      if (exit > 1) {
        throw new IOException(command + ": exit " + exit + "\n" + said);
      }
      return said.lines().toList();
    }
  }
}
