// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of one thing in a storage: segments joined by {@code /}, ASCII, at most 900 bytes.
 *
 * <p>A segment is one to 255 of {@code a-z 0-9 . _ - %}, does not begin with a dot, and so means
 * the same on a file system that folds case as on one that does not, and never leads out of the
 * store.
 *
 * @param text the whole key, without a leading {@code /}
 */
public record StorageKey(String text) implements Comparable<StorageKey> {

  private static final int MOST_BYTES = 900;
  private static final int MOST_BYTES_A_SEGMENT = 255;

  /**
   * @throws IllegalArgumentException if {@code text} is not such a key: always our own bug, because
   *     names that people choose go through {@link #escape}
   */
  public StorageKey {
    if (!isKey(text)) {
      throw new IllegalArgumentException("not a storage key: " + text);
    }
  }

  /** Whether {@code text} is the text of a key. */
  public static boolean isKey(String text) {
    int begin = 0;
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', begin)) {
      if (!isSegment(text, begin, slash)) {
        return false;
      }
      begin = slash + 1;
    }
    return isSegment(text, begin, text.length()) && text.length() <= MOST_BYTES;
  }

  private static boolean isSegment(String text, int begin, int end) {
    if (begin == end || end - begin > MOST_BYTES_A_SEGMENT || text.charAt(begin) == '.') {
      return false;
    }
    for (int i = begin; i < end; i++) {
      if (!isAllowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The key of these segments. */
  public static StorageKey of(String... segments) {
    return new StorageKey(String.join("/", segments));
  }

  /**
   * A name as one segment: every byte of its UTF-8 form that is not {@code a-z 0-9 _ -}, or a dot
   * inside, is written as {@code %} and two lower-case hexadecimal digits. Different names give
   * different segments, also where case is folded.
   *
   * @throws IllegalArgumentException if it is empty or holds half of a surrogate pair
   */
  public static String escape(String name) {
    if (name.isEmpty() || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("not a name for a part of a key: \"" + name + "\"");
    }
    StringBuilder segment = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = isAllowed(b) && b != '%' && !(b == '.' && segment.isEmpty());
      if (plain) {
        segment.append((char) b);
      } else {
        segment.append(String.format("%%%02x", b & 0xff));
      }
    }
    return segment.toString();
  }

  /** The name that {@link #escape} writes as {@code segment}; nothing if it writes none so. */
  public static Optional<String> unescape(String segment) {
    ByteArrayOutputStream name = new ByteArrayOutputStream(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char ch = segment.charAt(i);
      if (ch == '%' && i + 2 < segment.length()) {
        int high = Character.digit(segment.charAt(i + 1), 16);
        int low = Character.digit(segment.charAt(i + 2), 16);
        name.write(16 * high + low);
        i += 2;
      } else {
        name.write(ch);
      }
    }
    // Whatever else this made of a segment that nobody wrote is not escaped as it.
    String found = name.toString(StandardCharsets.UTF_8);
    boolean isWritten = !found.isEmpty() && escape(found).equals(segment);
    return isWritten ? Optional.of(found) : Optional.empty();
  }

  private static boolean isAllowed(int ch) {
    return (ch >= 'a' && ch <= 'z')
        || (ch >= '0' && ch <= '9')
        || ch == '-'
        || ch == '_'
        || ch == '.'
        || ch == '%';
  }

  // ASCII only, so the order of the characters is the unsigned order of the bytes.
  @Override
  public int compareTo(StorageKey other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
