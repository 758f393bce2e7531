// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Column;
import io.beamwright.versioning.fault.UserFault;

/**
 * A fault in a file of text, with the place: what the reader throws, and its caller gives a path.
 */
final class TextProblem extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int MOST_SHOWN = 80;

  private final String remedy;

  private TextProblem(String what, String remedy) {
    super(what);
    this.remedy = remedy;
  }

  /** A fault of a whole line, counted from 1 as an editor counts them. */
  static TextProblem atLine(long line, String what, String remedy) {
    return new TextProblem("line " + line + ": " + what, remedy);
  }

  /** A fault of a value that is not of its column's type. */
  static TextProblem notOfType(long line, String value, FormatColumn declared, Column column) {
    String format = declared.format().map(text -> " of the format \"" + text + "\"").orElse("");
    return atLine(
        line,
        "column \"%s\" has \"%s\", which is no %s%s."
            .formatted(declared.from(), shortened(value), column.type().text(), format),
        "Correct the value, list it in \"null\", or declare the column with another type.");
  }

  private static String shortened(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN) + "…";
  }

  /** A fault of bytes that are no UTF-8. */
  static TextProblem notUtf8(String how, long line) {
    return atLine(
        line,
        "the file is not UTF-8: " + how + ".",
        "Convert it, for example with iconv -t UTF-8.");
  }

  /** A fault of a packed file, wherever it is. */
  static TextProblem damaged(Unpacked.Damaged e) {
    return inFile(
        "the file is packed by %s and damaged: %s.".formatted(e.packer(), e.getMessage()),
        "Pack it again from the original; %s -t tells whether a file is sound."
            .formatted(e.packer()));
  }

  /** A fault of the file as a whole. */
  static TextProblem inFile(String what, String remedy) {
    return new TextProblem(what, remedy);
  }

  /** The fault, of a file that is known by {@code path} to the user. */
  UserFault in(String path) {
    return new UserFault(path + ": " + getMessage(), remedy);
  }
}
