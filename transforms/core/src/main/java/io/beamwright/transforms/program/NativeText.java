// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Texts on their way to the operating system: names of files, words of a command, variables. Java
 * writes them in the encoding of the locale that it was started in, and puts question marks where
 * that has no such character.
 */
public final class NativeText {

  /** What to do where {@link #passes} says no. */
  public static final String REMEDY =
      "Start Java in a UTF-8 locale, such as with LC_ALL=C.UTF-8 in its environment.";

  private static final boolean UTF8 =
      Charset.defaultCharset().equals(StandardCharsets.UTF_8)
          && "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

  private NativeText() {}

  /** Whether {@code text} reaches the operating system as the UTF-8 that it is meant to be. */
  public static boolean passes(String text) {
    return isAscii(text) || (UTF8 && StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  // A loop: each word of each program that is started comes by here.
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }
}
