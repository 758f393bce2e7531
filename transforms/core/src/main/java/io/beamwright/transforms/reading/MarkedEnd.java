// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * A text and, on a line of its own after it, a mark. A parser that finds the mark inside a quoted
 * cell has met a quote that is never closed: the parser itself takes the rest of the file for that
 * cell and says nothing, and rows would be lost.
 */
final class MarkedEnd extends FilterReader {

  /** Noncharacters: Unicode keeps them out of texts that are exchanged. */
  static final String MARK = "\uFFFF\uFFFE\uFFFF";

  private final String end = "\n" + MARK;
  private int given = -1;

  MarkedEnd(Reader text) {
    super(text);
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (given < 0) {
      int read = super.read(buffer, offset, length);
      if (read >= 0) {
        return read;
      }
      given = 0;
    }
    int count = Math.min(length, end.length() - given);
    if (count == 0) {
      return -1;
    }
    end.getChars(given, given + count, buffer, offset);
    given += count;
    return count;
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }
}
