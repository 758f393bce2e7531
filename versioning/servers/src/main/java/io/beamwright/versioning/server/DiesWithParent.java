// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import java.io.IOException;
import java.io.InputStream;

/**
 * Runs another program's {@code main} and halts when standard input ends, which it does when the
 * process that started this one is gone, even if it was killed.
 */
final class DiesWithParent {

  private DiesWithParent() {}

  /** {@code CLASS WORD...}. */
  public static void main(String[] words) throws ReflectiveOperationException {
    Thread watch = new Thread(() -> haltAtEnd(System.in), "dies-with-parent");
    watch.setDaemon(true);
    watch.start();
    String[] rest = new String[words.length - 1];
    System.arraycopy(words, 1, rest, 0, rest.length);
    Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void haltAtEnd(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nobody writes anything.
      }
    } catch (IOException e) {
      // The end as well.
    }
    Runtime.getRuntime().halt(1);
  }
}
