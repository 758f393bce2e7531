// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.Sha256;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a key names back from its text: the other direction of {@code StoreLayout}. */
final class Keys {

  private static final Pattern ENTRY = Pattern.compile("(.+)/(\\d{3})/(\\d{3})/(\\d{3})/(\\d{3})");
  private static final Pattern JOURNAL =
      Pattern.compile("journals/(\\d{3})/(\\d{3})/(\\d{3})/(\\d{3})/[^/]+");
  private static final Pattern LIVE_LOG =
      Pattern.compile("live-logs/(\\d{3})/(\\d{3})/(\\d{3})/(\\d{3})");
  private static final long LAST = 999_999_999_999L;
  private static final int FOLDER_DIGITS = 3;

  private Keys() {}

  /** A digest and a generation. */
  record Named(Sha256 id, int generation) {}

  /** What the last two segments of {@code key}, {@code <3>/<64>[-<g>]}, name. */
  static Optional<Named> named(String key) {
    int slash = key.lastIndexOf('/');
    String name = key.substring(slash + 1);
    int hexDigits = 2 * Sha256.BYTES;
    if (name.length() < hexDigits || slash < FOLDER_DIGITS) {
      return Optional.empty();
    }
    String hex = name.substring(0, hexDigits);
    String folder = key.substring(slash - FOLDER_DIGITS, slash);
    String rest = name.substring(hexDigits);
    boolean isOne = Sha256.isHex(hex) && hex.startsWith(folder) && key.indexOf('/') == slash - 4;
    if (!isOne || !rest.matches("|-[1-9]\\d{0,8}")) {
      return Optional.empty();
    }
    int generation = rest.isEmpty() ? 0 : Integer.parseInt(rest.substring(1));
    return Optional.of(new Named(Sha256.parse(hex), generation));
  }

  /** An entry of a log. */
  record Entry(String log, long number) {}

  /** Which entry {@code key} is, if it is one. */
  static Optional<Entry> entry(String key) {
    Matcher form = ENTRY.matcher(key);
    return form.matches()
        ? Optional.of(new Entry(form.group(1), LAST - number(form, 2)))
        : Optional.empty();
  }

  /** The attempt whose journal {@code key} is, if it is one. */
  static Optional<Long> journalAttempt(String key) {
    Matcher form = JOURNAL.matcher(key);
    return form.matches() ? Optional.of(number(form, 1)) : Optional.empty();
  }

  /** The attempt whose live log is the log {@code prefix}, if it is one. */
  static Optional<Long> liveLogAttempt(String prefix) {
    Matcher form = LIVE_LOG.matcher(prefix);
    return form.matches() ? Optional.of(number(form, 1)) : Optional.empty();
  }

  private static long number(Matcher form, int firstGroup) {
    long number = 0;
    for (int group = firstGroup; group < firstGroup + 4; group++) {
      number = 1_000 * number + Long.parseLong(form.group(group));
    }
    return number;
  }
}
