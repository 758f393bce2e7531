// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Standard input, output and error of one command, in UTF-8 whatever the locale says.
 *
 * <p>Standard output carries the result: lines and tables for people, or one JSON document, or the
 * bytes of a file. Standard error carries what goes on: warnings, errors, progress. Output that
 * cannot be written is an error (a full disk must not look like success), except that a reader
 * which went away ends the command quietly. Safe to use from several threads.
 */
final class Console {

  private static final String ERASE_LINE = "\r\u001b[K";
  private static final long FLUSH_NANOS = 100_000_000L;
  private static final int SHORT_ID = 12;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private boolean json;
  private boolean documentWritten;
  private long flushed;
  private @Nullable Progress progress;

  /**
   * @param terminal whether a person watches standard error
   * @param nanos a clock as {@link System#nanoTime}
   */
  Console(
      InputStream in, OutputStream out, OutputStream err, boolean terminal, LongSupplier nanos) {
    this.in = in;
    this.out = new ResultStream(out);
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
    this.flushed = nanos.getAsLong();
  }

  /**
   * The process's own. From here on, whatever a library prints on {@link System#out} goes to
   * standard error.
   */
  static Console ofProcess() {
    System.setOut(System.err);
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new FileOutputStream(FileDescriptor.err),
        Boolean.getBoolean("beamwright.terminal"),
        System::nanoTime);
  }

  /** The first 12 characters of an id: what people are shown. */
  static String shortId(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }

  /** From now on this prints one JSON document, and lines and tables for people are dropped. */
  synchronized void printJsonOnly() {
    json = true;
  }

  /** Whether this prints one JSON document instead of text. */
  synchronized boolean printsJson() {
    return json;
  }

  /** Standard input. Not to be closed. */
  InputStream input() {
    return in;
  }

  /** Standard output for the bytes of a file, as they are. Closing it only flushes. */
  OutputStream output() {
    return out;
  }

  /** Prints one line of the result for people. */
  synchronized void line(String line) {
    text(line + "\n");
    long now = nanos.getAsLong();
    // A list of many lines is written in blocks, and yet a slow run shows each line as it comes.
    if (now - flushed >= FLUSH_NANOS) {
      flush();
      flushed = now;
    }
  }

  /** Prints text for people that brings its own line ends. */
  synchronized void text(String text) {
    if (json) {
      return;
    }
    eraseProgress();
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Prints rows under headers, in columns; nothing at all for people means no line but the header.
   */
  void table(Table table) {
    text(table.render());
  }

  /**
   * Prints the one JSON document of this command, streamed as {@code body} writes it.
   *
   * @throws IllegalStateException if there was one already
   */
  synchronized void document(Document body) {
    if (documentWritten) {
      throw new IllegalStateException("a second JSON document in one command");
    }
    documentWritten = true;
    eraseProgress();
    try (JsonGenerator generator = generator()) {
      body.writeTo(generator);
      generator.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the one document is printed, or begun. */
  synchronized boolean documentIsWritten() {
    return documentWritten;
  }

  private JsonGenerator generator() throws IOException {
    return new JsonFactory()
        .createGenerator(out, JsonEncoding.UTF8)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .setPrettyPrinter(new Indented());
  }

  /** Tells people something they should know but that is no error, on standard error. */
  void warning(String message) {
    note("warning: " + message);
  }

  /** Tells people what goes on, on standard error. */
  synchronized void note(String line) {
    eraseProgress();
    writeError(visible(line) + "\n");
  }

  // What people typed, and what a store of others holds, may be orders to a terminal.
  private static String visible(String line) {
    StringBuilder visible = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        visible.append("\\u%04x".formatted((int) c));
      } else {
        visible.append(c);
      }
    }
    return visible.toString();
  }

  /** Prints {@code what} went wrong and, where there is one, the remedy. */
  synchronized void error(String what, String remedy) {
    note("error: " + what);
    if (!remedy.isEmpty()) {
      remedy.lines().map(line -> "  " + line).forEach(this::note);
    }
  }

  /**
   * Progress of something that may take long: shown on a terminal only, once it takes over a
   * second, and gone when it is closed.
   */
  synchronized Progress progress(String label) {
    progress = new Progress(label, terminal, nanos, this::paint);
    return progress;
  }

  private void paint(String line) {
    writeError(ERASE_LINE + line);
  }

  private void eraseProgress() {
    if (progress != null) {
      progress.erase();
    }
  }

  private void writeError(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // There is nobody left to tell.
      return;
    }
  }

  /** Writes out what is held back. */
  synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes one JSON value. */
  @FunctionalInterface
  interface Document {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** One member or element a line, as {@code "name": value}. */
  private static final class Indented extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1L;

    Indented() {
      _objectIndenter = new DefaultIndenter("  ", "\n");
      _arrayIndenter = _objectIndenter;
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new Indented();
    }

    @Override
    public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(": ");
    }
  }

  /** Standard output has no reader any more, as in {@code beamwright list file … | head}. */
  static final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputClosed(IOException cause) {
      super(cause);
    }
  }

  /** Standard output, with its failures told apart from those of other files. */
  private static final class ResultStream extends OutputStream {
    private final OutputStream target;

    ResultStream(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) {
      checked(() -> target.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      checked(() -> target.write(bytes, offset, length));
    }

    @Override
    public void flush() {
      checked(target::flush);
    }

    @Override
    public void close() {
      flush();
    }

    private static void checked(Write write) {
      try {
        write.run();
      } catch (IOException e) {
        String message = String.valueOf(e.getMessage());
        if (List.of("Broken pipe", "Stream closed").contains(message)) {
          throw new OutputClosed(e);
        }
        throw new EnvironmentFault(
            "Standard output cannot be written: " + message,
            "The output is not complete; write it elsewhere.",
            e);
      }
    }

    private interface Write {
      void run() throws IOException;
    }
  }
}
