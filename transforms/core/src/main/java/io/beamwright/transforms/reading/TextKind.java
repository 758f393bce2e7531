// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What kind of text a table is written in. */
public enum TextKind {
  /** Cells between commas, unless another delimiter is declared. */
  CSV("CSV", "csv"),

  /** Cells between tabs, unless another delimiter is declared. */
  TSV("TSV", "tsv"),

  /** One array of objects, or objects one after the other. */
  JSON("JSON", "json|jsonl|ndjson");

  /** What may follow the extension of a file that is packed. */
  private static final String PACKED = "(\\.gz|\\.zst)?";

  private final String displayName;
  private final Pattern fileNames;

  TextKind(String displayName, String extensions) {
    this.displayName = displayName;
    this.fileNames =
        Pattern.compile(
            ".*\\.(" + extensions + ")" + PACKED, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  /** The kind that a file's name tells by its extension, such as {@code a.csv.gz}. */
  public static Optional<TextKind> ofName(String fileName) {
    return Arrays.stream(values())
        .filter(kind -> kind.fileNames.matcher(fileName).matches())
        .findFirst();
  }

  /** The kind that a format declares by its word: {@code csv}, {@code tsv} or {@code json}. */
  static Optional<TextKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How messages call it. */
  public String displayName() {
    return displayName;
  }
}
