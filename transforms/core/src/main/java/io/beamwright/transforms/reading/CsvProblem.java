// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.versioning.fault.UserFault;

/** A fault in a CSV file, with the place: what the reader throws, and its caller gives a path. */
final class CsvProblem extends Exception {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  private CsvProblem(String what, String remedy) {
    super(what);
    this.remedy = remedy;
  }

  /** A fault of a whole line, counted from 1 as an editor counts them. */
  static CsvProblem atLine(long line, String what, String remedy) {
    return new CsvProblem("line " + line + ": " + what, remedy);
  }

  /** A fault of the file as a whole. */
  static CsvProblem inFile(String what, String remedy) {
    return new CsvProblem(what, remedy);
  }

  /** The same, of a file that is known by {@code path} to the user. */
  UserFault in(String path) {
    return new UserFault(path + ": " + getMessage(), remedy);
  }
}
