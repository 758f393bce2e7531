// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whom programs in a sandbox run as where this process is root: a user and a group that own nothing
 * on this machine. Root in a user namespace is root outside of it too, to whatever the kernel does
 * not ask about namespaces.
 */
final class ProgramUser {

  // Below those that images of containers like to use (65532, 65534), above all that people have.
  private static final int HIGHEST = 65_531;
  private static final int LOWEST = 65_000;

  private static final long ALL_IDS = 0xFFFF_FFFFL;

  private ProgramUser() {}

  /** Whether this process is root, at least of its own user namespace. */
  static boolean isRoot() {
    try {
      return ids("Uid:", status(Path.of("/proc/self"))).contains(0);
    } catch (IOException e) {
      // There is no /proc, and so no bubblewrap.
      return false;
    }
  }

  /**
   * Whether this process is root in name only: no other user exists in its user namespace. To the
   * rest of the machine it is an ordinary user.
   */
  static boolean isAlone() throws IOException {
    List<long[]> users = mapped(Path.of("/proc/self/uid_map"));
    return users.stream().mapToLong(range -> range[1]).sum() == 1;
  }

  /**
   * A number that is no user, no group and no process' here, as far as this machine knows. Two who
   * ask at once may get the same one: what keeps their programs apart is the sandbox.
   */
  static OptionalInt unused() throws IOException {
    Set<Integer> used = new HashSet<>();
    used.addAll(listed(Path.of("/etc/passwd")));
    used.addAll(listed(Path.of("/etc/group")));
    used.addAll(running());
    List<long[]> users = mapped(Path.of("/proc/self/uid_map"));
    List<long[]> groups = mapped(Path.of("/proc/self/gid_map"));
    return IntStream.iterate(HIGHEST, id -> id >= LOWEST, id -> id - 1)
        .filter(id -> !used.contains(id) && isIn(users, id) && isIn(groups, id))
        .findFirst();
  }

  /** The third field of each line, as in {@code passwd(5)} and {@code group(5)}. */
  private static Set<Integer> listed(Path file) throws IOException {
    Set<Integer> ids = new HashSet<>();
    if (Files.exists(file)) {
      for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2 && fields[2].matches("[0-9]{1,9}")) {
          ids.add(Integer.parseInt(fields[2]));
        }
      }
    }
    return ids;
  }

  private static Set<Integer> running() throws IOException {
    Set<Integer> ids = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          List<String> status = status(process);
          ids.addAll(ids("Uid:", status));
          ids.addAll(ids("Gid:", status));
        } catch (IOException e) {
          // It ended meanwhile.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return ids;
  }

  private static List<String> status(Path process) throws IOException {
    return Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1);
  }

  /** The four numbers (real, effective, saved, of files) of a line of {@code status}. */
  private static Set<Integer> ids(String field, List<String> status) {
    Set<Integer> ids = new HashSet<>();
    for (String line : status) {
      if (line.startsWith(field)) {
        for (String id : line.substring(field.length()).strip().split("\\s+")) {
          ids.add((int) Long.parseLong(id));
        }
      }
    }
    return ids;
  }

  /** The ranges of a {@code uid_map}: the first number inside, and how many. */
  private static List<long[]> mapped(Path map) throws IOException {
    List<long[]> ranges = new ArrayList<>();
    if (!Files.exists(map)) {
      ranges.add(new long[] {0, ALL_IDS});
      return ranges;
    }
    for (String line : Files.readAllLines(map, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.strip().split("\\s+");
      ranges.add(new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[2])});
    }
    return ranges;
  }

  private static boolean isIn(List<long[]> ranges, int id) {
    return ranges.stream().anyMatch(range -> id >= range[0] && id < range[0] + range[1]);
  }
}
