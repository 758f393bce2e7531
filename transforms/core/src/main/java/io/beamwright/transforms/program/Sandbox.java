// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a machine as a program in a sandbox sees them.
 *
 * <p>A link that a program made means what it meant to the program. Followed by our own process it
 * could lead to something else of the same name, such as this machine's {@code /etc/passwd}, so
 * paths are resolved here one element at a time, and only to what the program could see.
 */
public final class Sandbox {

  private static final int MOST_LINKS = 40;

  private final Map<Path, Path> mounts;
  private final Map<String, String> shown;

  private Sandbox(Map<Path, Path> mounts, Map<String, String> shown) {
    this.mounts = mounts;
    this.shown = shown;
  }

  /**
   * A file system of its own: {@code mounts} maps each path in it to where its content lies on this
   * machine. The folders of {@code workspace} are under their own names.
   */
  public static Sandbox ofMounts(Workspace workspace, Map<Path, Path> mounts) {
    Map<Path, Path> all = new LinkedHashMap<>(mounts);
    all.putAll(
        Map.of(
            Path.of(Workspace.PFS), workspace.pfs(),
            Path.of(Workspace.CODE), workspace.code(),
            Path.of(Workspace.TMP), workspace.tmp(),
            Path.of(Workspace.HOME), workspace.home()));
    return new Sandbox(all, Map.of());
  }

  /** The machine as it is: the folders of {@code workspace} are where they lie. */
  public static Sandbox ofMachine(Workspace workspace) {
    return new Sandbox(
        Map.of(Path.of("/"), Path.of("/")),
        Map.of(
            Workspace.PFS, workspace.pfs().toString(),
            Workspace.CODE, workspace.code().toString(),
            Workspace.TMP, workspace.tmp().toString(),
            Workspace.HOME, workspace.home().toString()));
  }

  /**
   * What the program has to call a path that begins with {@code /pfs}, {@code /code}, {@code /tmp}
   * or {@code /home}; any other is as it is.
   */
  public String shown(String path) {
    int end = path.indexOf('/', 1);
    String top = end < 0 ? path : path.substring(0, end);
    String place = shown.get(top);
    return place == null ? path : place + path.substring(top.length());
  }

  /** What a resolved path is. */
  public sealed interface Resolved {

    /**
     * Something that exists.
     *
     * @param seen its path to the program, without links
     * @param host where it lies on this machine
     */
    record Found(Path seen, Path host) implements Resolved {}

    /**
     * Nothing that the program could see.
     *
     * @param why a clause that names the path
     */
    record Nothing(String why) implements Resolved {}
  }

  /** Follows {@code seen}, an absolute path as the program sees it, through all links. */
  public Resolved resolve(Path seen) throws IOException {
    Deque<Path> ahead = new ArrayDeque<>();
    push(ahead, seen);
    Path at = Path.of("/");
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop().toString();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        at = at.getParent() == null ? at : at.getParent();
        continue;
      }
      Path next = at.resolve(name);
      Optional<Path> host = host(next);
      if (host.isEmpty() && !leadsToMount(next)) {
        return new Resolved.Nothing(next + " is not in the sandbox");
      }
      Kind kind = host.isPresent() ? kind(host.get()) : Kind.OTHER;
      if (kind == Kind.LINK) {
        if (++links > MOST_LINKS) {
          return new Resolved.Nothing(seen + " goes round in links");
        }
        Path target = Files.readSymbolicLink(host.orElseThrow());
        push(ahead, target);
        at = target.isAbsolute() ? Path.of("/") : at;
        continue;
      }
      // The places of mounts below others are made when the sandbox is.
      if (kind == Kind.NOTHING && !leadsToMount(next)) {
        return new Resolved.Nothing(
            next + (kind(next) == Kind.NOTHING ? " does not exist" : " is not in the sandbox"));
      }
      at = next;
    }
    Path end = at;
    return host(end)
        .<Resolved>map(host -> new Resolved.Found(end, host))
        .orElseGet(() -> new Resolved.Nothing(end + " is a folder of the sandbox itself"));
  }

  private enum Kind {
    NOTHING,
    LINK,
    OTHER
  }

  private static Kind kind(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isSymbolicLink()
          ? Kind.LINK
          : Kind.OTHER;
    } catch (IOException e) {
      return Kind.NOTHING;
    }
  }

  private Optional<Path> host(Path seen) {
    // Of mounts within each other the innermost: it is the longest of those that seen lies under.
    for (Path at = seen; at != null; at = at.getParent()) {
      Path place = mounts.get(at);
      if (place != null) {
        return Optional.of(join(place, at.relativize(seen)));
      }
    }
    return Optional.empty();
  }

  private boolean leadsToMount(Path seen) {
    return mounts.keySet().stream().anyMatch(mount -> mount.startsWith(seen));
  }

  private static Path join(Path base, Path relative) {
    return relative.toString().isEmpty() ? base : base.resolve(relative);
  }

  private static void push(Deque<Path> ahead, Path path) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      ahead.push(path.getName(i));
    }
  }
}
