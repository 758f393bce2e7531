// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The records of one CSV file as RFC 4180 has them: cells may be quoted and then hold delimiters,
 * doubled quotes and line ends; lines end with LF, CRLF or CR; a byte order mark is passed over. A
 * quote inside a cell that does not begin with one is text. What can be read in two ways is
 * refused: text after a closing quote, and blanks before an opening one. UTF-8 only, plain or
 * packed by gzip or zstd.
 *
 * <p>The cells of a record lie in one array of bytes, so that a number is read without a text being
 * made of it.
 */
final class CsvRecords implements Closeable {

  private static final int FIRST_BYTES = 1 << 17;

  /** Beyond this a quote that was never closed is likelier than a row. */
  private static final int MOST_BYTES = 1 << 28;

  private static final int NONE = -1;

  private final InputStream text;
  private final byte delimiter;
  private final int quote;
  private final int comment;
  private final Set<String> nullTokens;
  private final int longestToken;

  /** Whether a byte can end or break an unquoted cell. */
  private final boolean[] special = new boolean[256];

  private final boolean[] specialInQuotes = new boolean[256];

  /** The byte after the last is a line feed, so that a search for one stops there. */
  private byte[] bytes = new byte[FIRST_BYTES];

  /** Where the next record begins, and where what was read ends. */
  private int position;

  private int limit;
  private boolean ended;
  private int size;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private boolean[] quoted = new boolean[16];
  private long line = 1;
  private long nextLine = 1;
  private int linesInside;
  private int width;

  private CsvRecords(InputStream text, TableFormat format, TextKind kind) {
    this.text = text;
    this.delimiter =
        (byte) (char) format.delimiter().orElse(kind == TextKind.TSV ? '\t' : ',').charValue();
    this.quote = code(format.quote());
    this.comment = code(format.comment());
    this.nullTokens = format.nullTokens();
    this.longestToken =
        nullTokens.stream()
            .mapToInt(t -> t.getBytes(StandardCharsets.UTF_8).length)
            .max()
            .orElse(0);
    special[delimiter] = true;
    special['\n'] = true;
    special['\r'] = true;
    specialInQuotes['\n'] = true;
    specialInQuotes['\r'] = true;
    if (quote != NONE) {
      specialInQuotes[quote] = true;
    }
    bytes[0] = '\n';
  }

  private static int code(Optional<Character> character) {
    return character.isPresent() ? character.get() : NONE;
  }

  /**
   * Opens the records of {@code file}, after the lines that its format skips; closing them closes
   * it.
   */
  static CsvRecords of(InputStream file, TableFormat format, TextKind kind)
      throws IOException, TextProblem {
    InputStream text;
    try {
      text = Utf8Input.of(Unpacked.ifPacked(file));
    } catch (Unpacked.Damaged e) {
      file.close();
      throw TextProblem.damaged(e);
    }
    CsvRecords records = new CsvRecords(text, format, kind);
    try {
      for (int i = 0; i < format.skip(); i++) {
        records.passLine();
      }
      return records;
    } catch (IOException | TextProblem | RuntimeException e) {
      records.close();
      throw e;
    }
  }

  /** From here on, each record is a row of so many cells; in a row of one, no line is empty. */
  void expect(int columns) {
    width = columns;
  }

  /** Goes to the next record; false after the last. */
  boolean next() throws IOException, TextProblem {
    while (position < limit || more()) {
      line = nextLine;
      byte first = bytes[position];
      if (first == comment || (width != 1 && (first == '\n' || first == '\r'))) {
        passLine();
      } else {
        while (!scan()) {
          more();
        }
        return true;
      }
    }
    return false;
  }

  /** Passes over the rest of a line, if there is any. */
  private void passLine() throws IOException, TextProblem {
    int passed = 0;
    while (true) {
      int at = position + passed;
      while (at < limit && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
      }
      if (at == limit && ended) {
        position = limit;
        return;
      }
      if (at < limit && endLine(at, 0)) {
        return;
      }
      passed = at - position;
      more();
    }
  }

  /**
   * Finds the cells of the record at the position; false if its end was not read yet, and then
   * nothing has happened.
   */
  private boolean scan() throws TextProblem {
    size = 0;
    linesInside = 0;
    int at = position;
    while (true) {
      if (at == limit && !ended) {
        return false;
      }
      at = at < limit && bytes[at] == quote ? quotedCell(at + 1) : plainCell(at);
      if (at == NONE) {
        return false;
      }
      if (at == limit) {
        position = limit;
        return true;
      }
      if (bytes[at] != delimiter) {
        return endLine(at, linesInside);
      }
      at++;
    }
  }

  /** The place after a cell without quotes, or none if that was not read yet. */
  private int plainCell(int from) throws TextProblem {
    int at = from;
    while (!special[bytes[at] & 0xff]) {
      at++;
    }
    if (at >= limit) {
      if (!ended) {
        return NONE;
      }
      at = limit;
    }
    if (bytes[from] == ' ' || bytes[from] == '\t') {
      refuseQuoteAfterBlanks(from, at);
    }
    add(from, at, false);
    return at;
  }

  /** Some would read the quote as one that opens the cell, others as a part of it. */
  private void refuseQuoteAfterBlanks(int from, int to) throws TextProblem {
    int at = CellReader.withoutBlanksBefore(bytes, from, to);
    if (at < to && bytes[at] == quote) {
      throw TextProblem.atLine(
          line + linesInside,
          "cell %d has blanks before its quote.".formatted(size + 1),
          "Remove the blanks; or, if quotes are text in this file, declare \"quote\": \"\".");
    }
  }

  /** The place after the closing quote of a cell, or none if that was not read yet. */
  private int quotedCell(int from) throws TextProblem {
    boolean doubled = false;
    int at = from;
    while (true) {
      while (!specialInQuotes[bytes[at] & 0xff]) {
        at++;
      }
      if (at >= limit && ended) {
        throw TextProblem.atLine(
            line,
            "a quote opens in this row and is never closed.",
            "Close it, or double it if it is a part of the cell.");
      }
      if (at + 1 >= limit && !ended) {
        return NONE;
      }
      if (bytes[at] != quote) {
        linesInside += bytes[at] == '\r' && isAt(at + 1, '\n') ? 0 : 1;
      } else if (isAt(at + 1, (char) quote)) {
        doubled = true;
        at++;
      } else {
        add(from, doubled ? NONE - at : at, true);
        return afterQuote(at + 1);
      }
      at++;
    }
  }

  private boolean isAt(int place, char character) {
    return place < limit && bytes[place] == character;
  }

  private int afterQuote(int at) throws TextProblem {
    if (at < limit && bytes[at] != delimiter && bytes[at] != '\n' && bytes[at] != '\r') {
      throw TextProblem.atLine(
          line + linesInside,
          "cell %d goes on after its closing quote.".formatted(size),
          "Double the quotes inside the cell; or, if quotes are text in this file, declare"
              + " \"quote\": \"\".");
    }
    return at;
  }

  /** Goes behind the line end at {@code at}; false if it was not read whole yet. */
  private boolean endLine(int at, int lines) {
    boolean isReturn = bytes[at] == '\r';
    if (isReturn && at + 1 == limit && !ended) {
      return false;
    }
    position = at + (isReturn && isAt(at + 1, '\n') ? 2 : 1);
    nextLine += lines + 1;
    return true;
  }

  private void add(int start, int end, boolean isQuoted) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      quoted = Arrays.copyOf(quoted, 2 * size);
    }
    starts[size] = start;
    ends[size] = end;
    quoted[size++] = isQuoted;
  }

  /** Reads on, so that the record at the position may be whole; false at the end. */
  private boolean more() throws IOException, TextProblem {
    if (ended) {
      return false;
    }
    System.arraycopy(bytes, position, bytes, 0, limit - position);
    limit -= position;
    position = 0;
    if (limit > bytes.length / 2) {
      grow();
    }
    // To the brim, for a record is looked at anew each time.
    while (!ended && limit < bytes.length - 1) {
      int count = read();
      ended = count < 0;
      limit += Math.max(count, 0);
    }
    bytes[limit] = '\n';
    return limit > 0;
  }

  private int read() throws IOException, TextProblem {
    try {
      return text.read(bytes, limit, bytes.length - 1 - limit);
    } catch (Utf8Input.Malformed e) {
      throw TextProblem.notUtf8(
          String.valueOf(e.getMessage()), nextLine + lineEnds(limit + e.goodBytes()));
    } catch (Unpacked.Damaged e) {
      throw TextProblem.damaged(e);
    }
  }

  private void grow() throws TextProblem {
    if (bytes.length >= MOST_BYTES) {
      throw TextProblem.atLine(
          nextLine,
          "the row that begins here has more than " + (MOST_BYTES >> 21) + " MiB.",
          "See whether a quote is never closed.");
    }
    bytes = Arrays.copyOf(bytes, 2 * bytes.length);
  }

  private long lineEnds(int to) {
    long ends = 0;
    for (int i = position; i < to; i++) {
      boolean isPair = bytes[i] == '\r' && i + 1 < to && bytes[i + 1] == '\n';
      ends += (bytes[i] == '\n' || bytes[i] == '\r') && !isPair ? 1 : 0;
    }
    return ends;
  }

  /** The line, from 1, on which the current record begins. */
  long line() {
    return line;
  }

  /** How many cells the current record has. */
  int size() {
    return size;
  }

  /** How many bytes the current record has, about. */
  int recordBytes() {
    return starts[size - 1] - starts[0];
  }

  /** What {@link #start} and {@link #end} are places of, until the next record. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the text of a cell begins, without its quote. */
  int start(int cell) {
    return starts[cell];
  }

  /** Where the text of a cell ends. */
  int end(int cell) {
    if (ends[cell] < 0) {
      unescape(cell);
    }
    return ends[cell];
  }

  /** Leaves out the second of every two quotes. */
  private void unescape(int cell) {
    int closing = NONE - ends[cell];
    int to = starts[cell];
    for (int at = to; at < closing; at++) {
      bytes[to++] = bytes[at];
      at += bytes[at] == quote ? 1 : 0;
    }
    ends[cell] = to;
  }

  /** The text of a cell of the current record, without its quotes. */
  String text(int cell) {
    return new String(bytes, start(cell), end(cell) - start(cell), StandardCharsets.UTF_8);
  }

  /** Whether the cell stands for no value: it is empty, or one of the null tokens. */
  boolean isNull(int cell) {
    int length = end(cell) - start(cell);
    return length == 0 || (length <= longestToken && nullTokens.contains(text(cell)));
  }

  /** Whether the cell is {@code ""}, which in a column of texts is the empty text and no null. */
  boolean isEmptyText(int cell) {
    return starts[cell] == end(cell) && quoted[cell] && !nullTokens.contains("");
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
