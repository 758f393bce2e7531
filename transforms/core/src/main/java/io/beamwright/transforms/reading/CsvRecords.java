// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The records of one CSV file as RFC 4180 has them: cells may be quoted and then hold delimiters,
 * doubled quotes and line breaks; lines end with LF, CRLF or CR; a byte order mark is passed over;
 * empty lines are no records. UTF-8 only, plain or packed by gzip.
 */
final class CsvRecords implements Closeable {

  private static final int UTF8_MARK_BYTES = 3;

  private final CloseableIterator<Cells> records;
  private final Cells current;
  private final Set<String> nullTokens;

  private CsvRecords(CloseableIterator<Cells> records, Cells current, Set<String> nullTokens) {
    this.nullTokens = nullTokens;
    this.records = records;
    this.current = current;
  }

  /** Opens the records of {@code file}; closing them closes it. */
  static CsvRecords of(InputStream file, TableFormat config) throws IOException, CsvProblem {
    CsvReader.CsvReaderBuilder builder =
        CsvReader.builder()
            .fieldSeparator(config.delimiter().orElse(','))
            .quoteCharacter(config.quote().orElse('"'))
            .allowExtraFields(true)
            .allowMissingFields(true)
            .skipEmptyLines(true);
    if (config.comment().isPresent()) {
      builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(config.comment().get());
    }
    Cells cells = new Cells();
    try {
      Reader text = new MarkedEnd(reader(Gunzip.ifPacked(file)));
      return new CsvRecords(builder.build(cells, text).iterator(), cells, config.nullTokens());
    } catch (Gunzip.Damaged e) {
      throw damaged(e);
    }
  }

  private static Reader reader(InputStream text) throws IOException, CsvProblem {
    PushbackInputStream bytes = new PushbackInputStream(text, UTF8_MARK_BYTES);
    byte[] first = bytes.readNBytes(UTF8_MARK_BYTES);
    if (first.length >= 2 && (first[0] & first[1] & 0xfe) == 0xfe && first[0] != first[1]) {
      throw notUtf8("it begins with the mark of UTF-16");
    }
    boolean marked =
        first.length == UTF8_MARK_BYTES
            && first[0] == (byte) 0xef
            && first[1] == (byte) 0xbb
            && first[2] == (byte) 0xbf;
    if (!marked) {
      bytes.unread(first);
    }
    return new InputStreamReader(
        bytes,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  private static CsvProblem notUtf8(String how) {
    return CsvProblem.inFile(
        "the file is not UTF-8: " + how + ".", "Convert it, for example with iconv -t UTF-8.");
  }

  private static CsvProblem damaged(Gunzip.Damaged e) {
    return CsvProblem.inFile(
        "the file is packed by gzip and damaged: " + e.getMessage() + ".",
        "Pack it again from the original; gzip -t tells whether a file is sound.");
  }

  /** Goes to the next record; false after the last. */
  boolean next() throws CsvProblem {
    if (!advance()) {
      throw new IllegalStateException("the mark of the end was not seen");
    }
    int last = size() - 1;
    if (text(last).endsWith(MarkedEnd.MARK)) {
      if (isQuoted(last)) {
        throw CsvProblem.atLine(
            line(),
            "a quote opens in this row and is never closed.",
            "Close it, or double it if it is a part of the cell.");
      }
      requireEnd();
      return false;
    }
    return true;
  }

  private void requireEnd() throws CsvProblem {
    long line = line();
    if (advance()) {
      throw CsvProblem.atLine(
          line, "the row ends in characters that Unicode has set aside.", "Remove them.");
    }
  }

  private boolean advance() throws CsvProblem {
    try {
      if (!records.hasNext()) {
        return false;
      }
      records.next();
      return true;
    } catch (CsvParseException e) {
      throw unreadable(e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw notUtf8("bytes after line " + line() + " are no character");
      }
      if (e.getCause() instanceof Gunzip.Damaged packed) {
        throw damaged(packed);
      }
      throw e;
    }
  }

  private CsvProblem unreadable(CsvParseException e) {
    if (e.getCause() instanceof CharacterCodingException) {
      return notUtf8("bytes after line " + line() + " are no character");
    }
    if (e.getCause() instanceof Gunzip.Damaged packed) {
      return damaged(packed);
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return CsvProblem.atLine(
        line() + 1,
        "it, or a line soon after it, is not CSV: " + cause.getMessage(),
        "Close every quote, and double a quote inside a quoted cell.");
  }

  /** The line, from 1, on which the current record begins. */
  long line() {
    return current.line;
  }

  /** How many cells the current record has. */
  int size() {
    return current.texts.size();
  }

  /** The text of a cell of the current record, without its quotes. */
  String text(int index) {
    return current.texts.get(index);
  }

  /** Whether the cell stands for no value: it is empty, or one of the null tokens. */
  boolean isNull(int cell) {
    return text(cell).isEmpty() || nullTokens.contains(text(cell));
  }

  /** Whether the cell is {@code ""}, which in a column of texts is the empty text and no null. */
  boolean isEmptyText(int cell) {
    return text(cell).isEmpty() && isQuoted(cell) && !nullTokens.contains("");
  }

  /** Whether the cell stands in quotes, which tells the empty text from no value. */
  boolean isQuoted(int index) {
    return current.quoted.get(index);
  }

  @Override
  public void close() throws IOException {
    records.close();
  }

  /** The cells of one record, filled anew for each. */
  private static final class Cells extends AbstractBaseCsvCallbackHandler<Cells> {

    private final List<String> texts = new ArrayList<>();
    private final List<Boolean> quoted = new ArrayList<>();
    private long line;

    @Override
    protected void handleBegin(long startingLineNumber) {
      line = startingLineNumber;
      texts.clear();
      quoted.clear();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean isQuoted) {
      texts.add(new String(buffer, offset, length));
      quoted.add(isQuoted);
    }

    @Override
    protected Cells buildRecord() {
      return this;
    }

    @Override
    protected RecordType getRecordType() {
      return super.getRecordType();
    }
  }
}
