// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Functions of text, by code points. */
final class Texts {

  private Texts() {}

  /** Whether no surrogate is without its other half. */
  static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  static long bytes(Object value) {
    return value instanceof byte[] bytes
        ? bytes.length
        : ((String) value).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Each character by itself, in no language. */
  static String upper(String text) {
    return text.codePoints()
        .map(Character::toUpperCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static String lower(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** {@code length} characters, or all, from a place that begins at 1. */
  static String substring(String text, long from, long length) {
    if (from < 1 || length < 0) {
      throw Refusal.ofValue(
          "SUBSTRING from %d for %d has no characters to begin with".formatted(from, length),
          "Begin at 1 or later, and take 0 or more characters.");
    }
    long end = length(text);
    if (from > end) {
      return "";
    }
    int start = text.offsetByCodePoints(0, (int) (from - 1));
    int taken = (int) Math.min(length, end - from + 1);
    return text.substring(start, text.offsetByCodePoints(start, taken));
  }

  /** The place of the first occurrence, from 1; 0 if there is none. */
  static long position(String wanted, String text) {
    int at = text.indexOf(wanted);
    return at < 0 ? 0 : text.codePointCount(0, at) + 1L;
  }

  static String trim(String text, String character, boolean leading, boolean trailing) {
    if (length(character) != 1) {
      throw Refusal.ofValue(
          "TRIM takes away one character, not \"" + character + "\"", "Give one character.");
    }
    int start = 0;
    int end = text.length();
    while (leading && start < end && text.startsWith(character, start)) {
      start += character.length();
    }
    while (trailing && end - character.length() >= start && endsWith(text, character, end)) {
      end -= character.length();
    }
    return text.substring(start, end);
  }

  private static boolean endsWith(String text, String character, int end) {
    return text.startsWith(character, end - character.length());
  }

  /**
   * Whether the whole text is like a pattern: {@code _} is one character, {@code %} any number.
   *
   * @param escape the code point that makes the next character stand for itself; -1 for none
   */
  static boolean like(String text, String pattern, int escape) {
    List<Integer> parts = parts(pattern, escape);
    int[] characters = text.codePoints().toArray();
    int at = 0;
    int part = 0;
    int restartAt = -1;
    int restartPart = -1;
    while (at < characters.length) {
      int wanted = part < parts.size() ? parts.get(part) : END;
      if (wanted == MANY) {
        restartPart = ++part;
        restartAt = at;
      } else if (wanted == ONE || wanted == characters[at]) {
        part++;
        at++;
      } else if (restartPart >= 0) {
        part = restartPart;
        at = ++restartAt;
      } else {
        return false;
      }
    }
    while (part < parts.size() && parts.get(part) == MANY) {
      part++;
    }
    return part == parts.size();
  }

  private static final int MANY = -1;
  private static final int ONE = -2;
  private static final int END = -3;

  private static List<Integer> parts(String pattern, int escape) {
    List<Integer> parts = new ArrayList<>();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] == escape) {
        if (++i == characters.length) {
          throw Refusal.ofValue(
              "The pattern \"" + pattern + "\" of LIKE ends in its escape character",
              "Write a character after it.");
        }
        parts.add(characters[i]);
      } else {
        parts.add(characters[i] == '%' ? MANY : characters[i] == '_' ? ONE : characters[i]);
      }
    }
    return parts;
  }
}
