// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a program wrote, kept whole up to a bound; of more, the beginning and the end with a mark
 * between. Safe for use by many threads.
 */
public final class ProgramLog {

  /** Bytes that are kept of the beginning, and again of the end. */
  public static final int HALF = 8 << 20;

  private static final int LONGEST_LINE = 500;
  private static final int LOOK_BACK = 64 << 10;

  private final int half;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  // Round and round once the head is full; most logs never need it.
  private byte[] tail = {};
  private long pastHead;

  /** An empty log with the usual bound. */
  public ProgramLog() {
    this(HALF);
  }

  ProgramLog(int half) {
    this.half = half;
  }

  /** Adds {@code length} bytes of {@code bytes} from {@code offset}. */
  public synchronized void append(byte[] bytes, int offset, int length) {
    int first = Math.min(length, half - head.size());
    head.write(bytes, offset, first);
    for (int done = first; done < length; ) {
      tail = tail.length == 0 ? new byte[half] : tail;
      int at = (int) (pastHead % half);
      int run = Math.min(length - done, half - at);
      System.arraycopy(bytes, offset + done, tail, at, run);
      pastHead += run;
      done += run;
    }
  }

  /** Adds {@code line} and a line feed. */
  public void appendLine(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    append(bytes, 0, bytes.length);
  }

  /** How many bytes were written, kept or not. */
  public synchronized long written() {
    return head.size() + pastHead;
  }

  /**
   * At most {@code most} bytes of {@link #bytes} from {@code offset} on, of those that will stay
   * where they are whatever is added; none from their end on.
   */
  public synchronized byte[] settled(long offset, int most) {
    if (offset >= head.size()) {
      return new byte[0];
    }
    int from = (int) offset;
    return Arrays.copyOfRange(head.toByteArray(), from, from + Math.min(most, head.size() - from));
  }

  /** What was kept, in a new array. */
  public synchronized byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toByteArray());
    int oldest = 0;
    if (pastHead > half) {
      String mark =
          "\n[beamwright: " + (pastHead - half) + " bytes of the log are left out here]\n";
      all.writeBytes(mark.getBytes(StandardCharsets.UTF_8));
      oldest = (int) (pastHead % half);
      all.write(tail, oldest, half - oldest);
    }
    int newest = pastHead > half ? oldest : (int) pastHead;
    all.write(tail, 0, newest);
    return all.toByteArray();
  }

  /**
   * At most the last {@code count} lines that are not empty, each of at most 500 characters and
   * without control characters: fit for a terminal.
   */
  public List<String> lastLines(int count) {
    byte[] all = bytes();
    int from = Math.max(0, all.length - LOOK_BACK);
    String end = new String(all, from, all.length - from, StandardCharsets.UTF_8);
    List<String> lines =
        end.lines().filter(line -> !line.isBlank()).map(ProgramLog::plain).toList();
    return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }

  private static String plain(String line) {
    String text = line.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?");
    return text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE) + "…";
  }
}
