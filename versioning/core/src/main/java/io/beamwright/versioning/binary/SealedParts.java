// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.binary;

import io.beamwright.versioning.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The container of the store's binary objects: a magic word, some parts, each deflated where that
 * is smaller, and the SHA-256 of every byte before it, so that no bit of the whole can change
 * unseen. How far a part is compressed depends on the machine's zlib and never enters an id.
 */
public final class SealedParts {

  private static final int MAGIC_BYTES = 4;
  private static final int RAW = 0;
  private static final int DEFLATED = 1;

  // DEFLATE makes at most 258 bytes of 2 bits (RFC 1951).
  private static final long MOST_EXPANSION = 1_032;
  private static final int MOST_PLAIN_BYTES = 512 << 20;

  // Digests do not compress, and paths do at any level: a higher level costs time for nothing.
  private static final int LEVEL = Deflater.BEST_SPEED;

  private SealedParts() {}

  /** The stored form of {@code parts}; {@code magic} is four ASCII characters. */
  public static byte[] seal(String magic, byte[]... parts) {
    BinaryWriter out = new BinaryWriter(1024);
    out.bytes(magic(magic)).u8(parts.length);
    List<byte[]> bodies = new ArrayList<>();
    for (byte[] part : parts) {
      byte[] deflated = deflate(part);
      boolean smaller = deflated.length < part.length;
      byte[] body = smaller ? deflated : part;
      out.u8(smaller ? DEFLATED : RAW).u32(body.length).u32(part.length);
      bodies.add(body);
    }
    bodies.forEach(out::bytes);
    return out.sha256(Sha256.of(out.toBytes())).toBytes();
  }

  /**
   * The parts of what {@link #seal} made.
   *
   * @throws MalformedBytes if any bit of it differs, or it is not of this {@code magic}
   */
  public static List<byte[]> open(String magic, byte[] stored) {
    int length = stored.length - Sha256.BYTES;
    if (length < MAGIC_BYTES) {
      throw new MalformedBytes("ends after " + stored.length + " bytes");
    }
    MessageDigest digest = Sha256.messageDigest();
    digest.update(stored, 0, length);
    if (!Arrays.equals(digest.digest(), 0, Sha256.BYTES, stored, length, stored.length)) {
      throw new MalformedBytes("does not match its own checksum");
    }
    BinaryReader in = new BinaryReader(stored, 0, length);
    if (!Arrays.equals(in.bytes(MAGIC_BYTES), magic(magic))) {
      throw new MalformedBytes("does not begin with " + magic);
    }
    return parts(in);
  }

  private record PartHeader(int encoding, int storedLength, int plainLength) {}

  private static List<byte[]> parts(BinaryReader in) {
    int count = in.u8();
    List<PartHeader> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add(requirePlausible(new PartHeader(in.u8(), in.u32(), in.u32())));
    }
    List<byte[]> parts = new ArrayList<>();
    for (PartHeader header : headers) {
      parts.add(plain(header, in.bytes(header.storedLength())));
    }
    in.requireEnd();
    return parts;
  }

  // Before any memory is taken for what somebody claims.
  private static PartHeader requirePlausible(PartHeader header) {
    long most = MOST_EXPANSION * header.storedLength();
    if (header.plainLength() > Math.min(most, MOST_PLAIN_BYTES)) {
      throw new MalformedBytes(
          "has a part of "
              + header.storedLength()
              + " bytes that would give "
              + header.plainLength());
    }
    return header;
  }

  private static byte[] plain(PartHeader header, byte[] body) {
    return switch (header.encoding()) {
      case RAW -> body;
      case DEFLATED -> inflate(body, header.plainLength());
      default -> throw new MalformedBytes("has a part in encoding " + header.encoding());
    };
  }

  private static byte[] magic(String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length != MAGIC_BYTES) {
      throw new IllegalArgumentException("not a magic word: " + magic);
    }
    return bytes;
  }

  private static byte[] deflate(byte[] plain) {
    Deflater deflater = new Deflater(LEVEL, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
      byte[] buffer = new byte[16 * 1024];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] deflated, int plainLength) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(deflated);
      // One byte more than there should be, so that the end of the stream is reached and seen.
      byte[] plain = new byte[Math.addExact(plainLength, 1)];
      int length = 0;
      while (length <= plainLength && !inflater.finished() && !inflater.needsInput()) {
        length += inflater.inflate(plain, length, plain.length - length);
      }
      if (!inflater.finished() || length != plainLength || inflater.getRemaining() != 0) {
        throw new MalformedBytes("has a part whose length is wrong");
      }
      return Arrays.copyOf(plain, plainLength);
    } catch (DataFormatException e) {
      throw new MalformedBytes("has a part that cannot be inflated");
    } finally {
      inflater.end();
    }
  }
}
