// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest: the address of everything in a store. Ordered as its unsigned bytes are. */
public final class Sha256 implements Comparable<Sha256> {

  /** Length of the digest in bytes. */
  public static final int BYTES = 32;

  // Four longs instead of an array or a string: a tree of a million files holds a million of these.
  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private Sha256(ByteBuffer bytes) {
    this.a = bytes.getLong();
    this.b = bytes.getLong();
    this.c = bytes.getLong();
    this.d = bytes.getLong();
  }

  /** The digest of {@code content}. */
  public static Sha256 of(byte[] content) {
    return ofDigest(messageDigest().digest(content));
  }

  /** A digest that was computed elsewhere; {@code digest} has 32 bytes. */
  public static Sha256 ofDigest(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length);
    }
    return new Sha256(ByteBuffer.wrap(digest));
  }

  /** Reads the next 32 bytes of {@code bytes}. */
  public static Sha256 readFrom(ByteBuffer bytes) {
    return new Sha256(bytes);
  }

  /**
   * Reads 64 lower-case hexadecimal digits.
   *
   * @throws IllegalArgumentException if {@code hex} is anything else
   */
  public static Sha256 parse(String hex) {
    if (!isHex(hex) || hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal: " + hex);
    }
    return ofDigest(HexFormat.of().parseHex(hex));
  }

  /** Whether {@code text} holds lower-case hexadecimal digits only. */
  public static boolean isHex(String text) {
    return text.chars().allMatch(ch -> (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f'));
  }

  /** A new digester of the algorithm. */
  public static MessageDigest messageDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Eight of its bytes as a number, the most significant first; {@code index} is 0 to 3. */
  public long word(int index) {
    return switch (index) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      default -> throw new IllegalArgumentException("a digest has four words, not " + index);
    };
  }

  /** The 32 bytes, in a new array. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** The 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  @Override
  public int compareTo(Sha256 other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 o && a == o.a && b == o.b && c == o.c && d == o.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a);
  }

  @Override
  public String toString() {
    return hex();
  }
}
