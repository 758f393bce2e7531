// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.util.Base64;

/**
 * A piece of what the program of a datum printed, written down while it runs. The segments of one
 * stream, in the order of their offsets, are the beginning of the log that is kept if the datum
 * ends with this stream.
 */
public final class LogSegment {

  /** A segment has at most so many bytes. */
  public static final int MOST_BYTES = 512 << 10;

  private final Stream stream;
  private final long offset;
  private final byte[] bytes;

  /**
   * What one start of a program prints.
   *
   * @param datum key of the datum
   * @param copy which worker's go at the datum it belongs to: a text that no other go has
   * @param number which try of that go it is, from 1
   */
  public record Stream(Sha256 datum, String copy, int number) {
    public Stream {
      if (number < 1 || copy.isEmpty()) {
        throw new IllegalArgumentException("not a stream: \"" + copy + "\", try " + number);
      }
    }
  }

  /**
   * The bytes of {@code stream} from {@code offset} on.
   *
   * @param bytes at most {@link #MOST_BYTES}, at least one; not copied, so don't change it
   */
  public LogSegment(Stream stream, long offset, byte[] bytes) {
    if (offset < 0 || bytes.length == 0 || bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes at offset " + offset);
    }
    this.stream = stream;
    this.offset = offset;
    this.bytes = bytes;
  }

  /** What it is a piece of. */
  public Stream stream() {
    return stream;
  }

  /** How many bytes come before it. */
  public long offset() {
    return offset;
  }

  /** The bytes; not copied, so don't change them. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes there are up to its end. */
  public long end() {
    return offset + bytes.length;
  }

  ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("datum", stream.datum().hex()).put("copy", stream.copy()).put("try", stream.number());
    return json.put("offset", offset).put("bytes", Base64.getEncoder().encodeToString(bytes));
  }

  /**
   * Reads an entry of a live log.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static LogSegment of(JsonNode json) {
    try {
      return new LogSegment(
          new Stream(
              Sha256.parse(json.required("datum").asText()),
              json.required("copy").asText(),
              json.required("try").asInt()),
          json.required("offset").asLong(-1),
          json.required("bytes").binaryValue());
    } catch (IOException e) {
      throw new IllegalArgumentException("has bytes that are not in base 64", e);
    }
  }
}
