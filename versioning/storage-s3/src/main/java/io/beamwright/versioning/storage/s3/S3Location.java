// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.StorageKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket, and where in it a store begins.
 *
 * @param bucket its name
 * @param prefix what the names of all objects of the store begin with: segments joined by {@code
 *     /}, without one at either end; empty for the whole bucket
 */
record S3Location(String bucket, String prefix) {

  static final String SCHEME = "s3";

  /** The form that AWS requires of the names of buckets, and most other servers too. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

  // S3 allows 1,024 bytes; a key of a store has 900 and a slash before it.
  private static final int LONGEST_PREFIX = 123;

  private static final String EXAMPLE = "Write s3://BUCKET or s3://BUCKET/PREFIX.";

  /**
   * Reads {@code s3://bucket/prefix}.
   *
   * @throws UserFault if it has another form, or the bucket cannot have that name
   */
  static S3Location of(URI root) {
    String authority = root.getRawAuthority() == null ? "" : root.getRawAuthority();
    if (authority.contains("@")) {
      // Not said in full: what stands before the @ may be a secret.
      throw new UserFault(
          "The store s3://…@… names a user.",
          "Leave the part before @ out: credentials come from the environment or a profile.");
    }
    if (root.isOpaque() || authority.isEmpty()) {
      throw new UserFault("The store " + root + " names no bucket.", EXAMPLE);
    }
    if (root.getRawQuery() != null || root.getRawFragment() != null) {
      throw new UserFault(
          "The store " + root + " has a part after ? or #.",
          "Write %3F for ? and %23 for #; options of a store are given by --store-option.");
    }
    requireBucket(root, authority);
    String path = root.getPath() == null ? "" : root.getPath();
    return new S3Location(authority, prefix(root, path));
  }

  private static void requireBucket(URI root, String bucket) {
    if (bucket.contains(":")) {
      throw new UserFault(
          "The store " + root + " names the server \"" + bucket + "\" in place of a bucket.",
          "Write s3://BUCKET and --store-option s3.endpoint=http://" + bucket + ".");
    }
    boolean isName =
        BUCKET.matcher(bucket).matches()
            && !bucket.contains("..")
            && !ADDRESS.matcher(bucket).matches();
    if (!isName) {
      throw new UserFault(
          "The store " + root + ": \"" + bucket + "\" cannot be the name of a bucket.",
          "A bucket's name is 3 to 63 of a-z 0-9 . -, begins and ends with a letter or digit, and"
              + " is no address."
              + nearBucket(bucket));
    }
  }

  private static String nearBucket(String bucket) {
    String lower = bucket.toLowerCase(Locale.ROOT);
    return BUCKET.matcher(lower).matches() ? " Did you mean s3://" + lower + "?" : "";
  }

  private static String prefix(URI root, String path) {
    String prefix = path.replaceAll("^/|/$", "");
    if (prefix.isEmpty()) {
      return "";
    }
    for (String segment : prefix.split("/", -1)) {
      if (List.of("", ".", "..").contains(segment)
          || segment.chars().anyMatch(Character::isISOControl)) {
        throw new UserFault(
            "The store " + root + ": a prefix has no part \"" + segment + "\".", EXAMPLE);
      }
    }
    if (prefix.getBytes(StandardCharsets.UTF_8).length > LONGEST_PREFIX) {
      throw new UserFault(
          "The store " + root + ": its prefix is longer than " + LONGEST_PREFIX + " bytes.",
          "Choose a shorter one: with the keys of the store, S3 allows 1,024 bytes.");
    }
    return prefix;
  }

  /** The form that every process reads alike. */
  URI uri() {
    try {
      return new URI(SCHEME, bucket, prefix.isEmpty() ? "" : "/" + prefix, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a URI: " + this, e);
    }
  }

  /** The name of the object that holds {@code key}, or that begins with it if it is a part. */
  String objectName(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  /**
   * The key that the object {@code name} holds; nothing if it is not part of the store: it belongs
   * to somebody else, or is hidden by a dot.
   */
  Optional<StorageKey> key(String name) {
    String key = prefix.isEmpty() ? name : name.substring(prefix.length() + 1);
    return StorageKey.isKey(key) ? Optional.of(new StorageKey(key)) : Optional.empty();
  }

  @Override
  public String toString() {
    return uri().toString();
  }
}
