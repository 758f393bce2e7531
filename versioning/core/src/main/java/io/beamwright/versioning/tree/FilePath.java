// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.fault.UserFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a file in a commit: a {@code /}, then elements joined by {@code /}. Ordered by the
 * unsigned bytes of its UTF-8 form.
 *
 * @param text the whole path, beginning with {@code /}
 */
public record FilePath(String text) implements Comparable<FilePath> {

  /** The longest path, in UTF-16 code units. */
  public static final int LONGEST = 4_096;

  /**
   * @throws UserFault if an element is empty, {@code .} or {@code ..}, or the path holds a control
   *     character or half of a surrogate pair, or is longer than {@link #LONGEST}
   */
  public FilePath {
    if (text.length() < 2 || text.charAt(0) != '/') {
      throw wrong(text, "does not begin with / and name a file");
    }
    if (text.length() > LONGEST) {
      throw wrong(text.substring(0, 60) + "…", "is longer than " + LONGEST + " characters");
    }
    requireElements(text);
    requireCharacters(text);
  }

  /** Reads a path as people type it: with or without the leading {@code /}. */
  public static FilePath of(String typed) {
    return new FilePath(typed.startsWith("/") ? typed : "/" + typed);
  }

  /** The last element. */
  public String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Every folder above this file, outermost first, each without a trailing {@code /}. */
  public List<String> folders() {
    List<String> folders = new ArrayList<>();
    for (int slash = text.indexOf('/', 1); slash > 0; slash = text.indexOf('/', slash + 1)) {
      folders.add(text.substring(0, slash));
    }
    return folders;
  }

  /** The UTF-8 bytes of the whole path, in a new array. */
  byte[] utf8() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(FilePath other) {
    return compareUtf8(text, other.text);
  }

  /** Compares as unsigned UTF-8, which is the order of code points, without encoding. */
  public static int compareUtf8(String one, String two) {
    int length = Math.min(one.length(), two.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = two.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above every other char, but sort below U+E000 as chars.
        boolean surrogatesDiffer = Character.isSurrogate(a) != Character.isSurrogate(b);
        return surrogatesDiffer ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(one.length(), two.length());
  }

  // One pass without garbage: every entry that is read of a tree comes through here.
  private static void requireElements(String text) {
    int start = 1;
    for (int i = 1; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '/') {
        int length = i - start;
        boolean dots = length <= 2 && text.startsWith("..".substring(0, length), start);
        if (dots) {
          throw wrong(text, "has an element that is empty, \".\" or \"..\"");
        }
        start = i + 1;
      }
    }
  }

  private static void requireCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char ch = text.charAt(i);
      if (Character.isISOControl(ch)) {
        throw wrong(text, "holds a control character");
      }
      if (Character.isHighSurrogate(ch)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(ch)) {
        throw wrong(text, "is not valid Unicode");
      }
    }
  }

  private static UserFault wrong(String text, String how) {
    StringBuilder visible = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      visible.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return new UserFault(
        "The path \"" + visible + "\" " + how + ".",
        "Name files as /folder/name; any Unicode but control characters is allowed.");
  }

  @Override
  public String toString() {
    return text;
  }
}
