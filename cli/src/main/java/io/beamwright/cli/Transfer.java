// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.TransferProgress;

/** How files that go into or out of the store are shown to people. */
final class Transfer {

  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int STEP = 1024;

  private Transfer() {}

  /** Shows on {@code progress} how far files have come. */
  static TransferProgress on(Progress progress) {
    return (files, bytes) -> progress.show(() -> amount(files, bytes));
  }

  /** As in "3 files, 1.2 MiB". */
  static String amount(long files, long bytes) {
    return files + (files == 1 ? " file, " : " files, ") + size(bytes);
  }

  /** As in "1.2 MiB". */
  static String size(long bytes) {
    if (bytes == 1) {
      return "1 byte";
    }
    int unit = 0;
    double size = bytes;
    while (size >= STEP && unit < UNITS.length - 1) {
      size /= STEP;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(java.util.Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }
}
