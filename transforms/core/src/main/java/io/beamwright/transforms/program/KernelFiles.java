// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What of {@code /proc} a sandbox shows read-only or not at all, as container engines do; {@code
 * /sys} is not shown. The lists are those of the OCI's default for Linux ({@code maskedPaths} and
 * {@code readonlyPaths} of runc) and what else a user may open for writing.
 */
final class KernelFiles {

  private static final Path PROC = Path.of("/proc");

  private static final List<String> READ_ONLY =
      // Whoever may write to pressure has the kernel watch for him, for as long as he likes.
      List.of("bus", "fs", "irq", "sys", "sysrq-trigger", "pressure");

  private static final List<String> HIDDEN =
      List.of(
          "acpi",
          "asound",
          "kcore",
          "keys",
          "latency_stats",
          "timer_list",
          "timer_stats",
          "sched_debug",
          "scsi");

  private KernelFiles() {}

  /** The words by which bubblewrap mounts {@code /proc}. */
  static List<String> words() {
    List<String> words = new ArrayList<>(List.of("--proc", PROC.toString()));
    for (String name : READ_ONLY) {
      String path = PROC.resolve(name).toString();
      if (Files.exists(PROC.resolve(name))) {
        words.addAll(List.of("--ro-bind", path, path));
      }
    }
    for (String name : HIDDEN) {
      Path path = PROC.resolve(name);
      if (Files.isDirectory(path)) {
        words.addAll(List.of("--tmpfs", path.toString(), "--remount-ro", path.toString()));
      } else if (Files.exists(path)) {
        words.addAll(List.of("--ro-bind", "/dev/null", path.toString()));
      }
    }
    return words;
  }
}
