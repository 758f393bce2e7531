// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.fault.UserFault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Checks that bytes are the UTF-8 of a {@link FilePath}: those of a node may be anybody's. */
final class PathForm {

  private static final int MOST_SHOWN = 200;

  private PathForm() {}

  /**
   * Checks the bytes from {@code start} to before {@code end}.
   *
   * @throws MalformedBytes if they are no path
   */
  static void require(byte[] bytes, int start, int end) {
    if (isPlain(bytes, start, end)) {
      return;
    }
    try {
      var unused = new FilePath(text(bytes, start, end));
    } catch (UserFault e) {
      throw new MalformedBytes("has an entry that cannot be: " + sentence(e));
    }
  }

  private static String sentence(UserFault fault) {
    String message = String.valueOf(fault.getMessage());
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  // Every entry that is read of a tree comes through here, and hardly any goes further.
  private static boolean isPlain(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < 2 || length > FilePath.LONGEST || bytes[start] != '/' || bytes[end - 1] == '/') {
      return false;
    }
    for (int i = start; i < end; i++) {
      byte at = bytes[i];
      // What is not ASCII is negative.
      if (at < ' ' || at == 0x7f || (at == '/' && (bytes[i + 1] == '/' || bytes[i + 1] == '.'))) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] bytes, int start, int end) {
    try {
      // Unlike the constructor of String, a decoder puts nothing in the place of what is wrong.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedBytes("has the path \"" + visible(bytes, start, end) + "\", not UTF-8");
    }
  }

  private static String visible(byte[] bytes, int start, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i < Math.min(end, start + MOST_SHOWN); i++) {
      boolean isVisible = bytes[i] >= ' ' && bytes[i] < 0x7f;
      text.append(isVisible ? String.valueOf((char) bytes[i]) : "\\x%02x".formatted(bytes[i]));
    }
    return text.toString();
  }
}
