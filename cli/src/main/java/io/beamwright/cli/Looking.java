// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.file.Inspection;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of commands that put files: how closely these are looked at. */
final class Looking {

  @ArgGroup private Choice choice = new Choice();

  /** One of these, or none. */
  private static final class Choice {
    @Option(
        names = "--raw",
        description = "Take Parquet files as plain bytes too, without looking at them.")
    private boolean raw;

    @Option(
        names = "--verify-rows",
        description =
            "Read every row of a Parquet file that is put: it is refused if one cannot be read,"
                + " and its digest of rows is known.")
    private boolean verifyRows;
  }

  Inspection inspection() {
    return inspection(choice.raw, choice.verifyRows);
  }

  static Inspection inspection(boolean raw, boolean verifyRows) {
    return raw
        ? Inspection.RAW
        : Inspection.ofClassPath(verifyRows ? Inspection.Rows.READ : Inspection.Rows.UNREAD);
  }
}
