// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import java.util.List;

/** Texts no longer than what people see at once: libraries put whole stack traces into some. */
final class Screen {

  static final int MOST_LINES = 20;
  static final int MOST_CHARACTERS = 2_000;

  /** Room for what says that there was more. */
  private static final int MARK = 40;

  private Screen() {}

  /** The beginning of {@code text}, and how much more there was; of what this gives, the same. */
  static String of(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() <= MOST_LINES && text.length() <= MOST_CHARACTERS) {
      return text;
    }
    String kept = String.join("\n", lines.subList(0, Math.min(MOST_LINES - 1, lines.size())));
    int end = Math.min(MOST_CHARACTERS - MARK, kept.length());
    if (end > 0 && Character.isHighSurrogate(kept.charAt(end - 1))) {
      end--;
    }
    return kept.substring(0, end) + "\n… (" + (text.length() - end) + " more characters)";
  }
}
