// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request or answer of HTTP/1.1 as the bytes that came, whole: its end is told by its headers.
 */
final class HttpBytes {

  private static final byte[] GO_ON =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final String firstLine;
  private final byte[] all;

  private HttpBytes(String firstLine, byte[] all) {
    this.firstLine = firstLine;
    this.all = all;
  }

  /** The first line: of a request its method and target. */
  String firstLine() {
    return firstLine;
  }

  /** All bytes, from the first line on. Not to be changed. */
  byte[] all() {
    return all;
  }

  /** The next request of a connection; null where it has ended. */
  static @Nullable HttpBytes request(InputStream in, OutputStream client) throws IOException {
    Reading reading = new Reading(in);
    if (!reading.head()) {
      return null;
    }
    if (reading.waits) {
      client.write(GO_ON);
      client.flush();
    }
    reading.body();
    return reading.bytes();
  }

  /** The next answer; {@code hasNone} if it is to a request whose answers have no body. */
  static HttpBytes answer(InputStream in, boolean hasNone) throws IOException {
    Reading reading = new Reading(in);
    if (!reading.head()) {
      throw new EOFException("the server gave no answer");
    }
    if (!hasNone) {
      reading.body();
    }
    return reading.bytes();
  }

  /** What has been read of one. */
  private static final class Reading {
    private final InputStream in;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private String firstLine = "";
    private int length;
    private boolean isInChunks;
    private boolean waits;

    Reading(InputStream in) {
      this.in = in;
    }

    /** Reads the first line and the headers; false if there is nothing. */
    boolean head() throws IOException {
      firstLine = line();
      for (String line = firstLine; !line.isEmpty(); line = header()) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        }
        isInChunks |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
      }
      return !firstLine.isEmpty();
    }

    // Whoever waits to be told to go on is told so here, and the server is not asked.
    private String header() throws IOException {
      int before = all.size();
      String line = line();
      if (!line.toLowerCase(Locale.ROOT).startsWith("expect:")) {
        return line;
      }
      waits = true;
      byte[] kept = all.toByteArray();
      all.reset();
      all.write(kept, 0, before);
      return header();
    }

    void body() throws IOException {
      if (isInChunks) {
        for (int size = chunk(); size > 0; size = chunk()) {
          all.write(in.readNBytes(size));
          line();
        }
        return;
      }
      all.write(in.readNBytes(length));
    }

    private int chunk() throws IOException {
      int size = Integer.parseInt(line().replaceAll(";.*", "").strip(), 16);
      if (size == 0) {
        line(); // No trailer comes here.
      }
      return size;
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
        if (b == '\n') {
          break;
        }
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }

    HttpBytes bytes() {
      return new HttpBytes(firstLine, all.toByteArray());
    }
  }
}
