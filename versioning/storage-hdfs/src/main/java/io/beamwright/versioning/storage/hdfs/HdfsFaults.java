// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What a failure of HDFS means to the person whose store lies there. */
final class HdfsFaults {

  private static final int LONGEST_QUOTE = 300;

  private final String location;
  private final String nameNode;

  HdfsFaults(URI root) {
    this.location = location(root);
    this.nameNode = root.getAuthority();
  }

  /** {@code root} as it stands before a slash and a key. */
  static String location(URI root) {
    String text = root.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  String location() {
    return location;
  }

  /** No connection could be made ready. */
  EnvironmentFault cannotOpen(IOException cause) {
    return new EnvironmentFault(
        "Cannot open the store " + location + ": " + reason(cause) + ".", remedy(cause), cause);
  }

  /** {@code doing}, such as "create", was not done to {@code key}. What came before it was. */
  EnvironmentFault notDone(String doing, String key, IOException cause) {
    return new EnvironmentFault(
        "Cannot " + doing + " " + location + "/" + key + ": " + reason(cause) + ".",
        remedy(cause),
        cause);
  }

  /** The NameNode went away before it could be asked whether {@code key} is ours. */
  EnvironmentFault perhapsCreated(StorageKey key, IOException cause) {
    return new EnvironmentFault(
        location
            + "/"
            + key
            + " may have been created or not: "
            + reason(cause)
            + ", and cannot be asked.",
        remedy(cause) + " Repeating the command is safe.",
        cause);
  }

  /** This thread was interrupted while others did {@code doing} for it. */
  EnvironmentFault interrupted(String doing, InterruptedException cause) {
    return new EnvironmentFault(
        "Cannot " + doing + " in " + location + ": it was interrupted.",
        "Some of it may be done; repeating the command is safe.",
        cause);
  }

  /** The connection could not be closed. */
  EnvironmentFault cannotClose(IOException cause) {
    return new EnvironmentFault(
        "Cannot close the store " + location + ": " + reason(cause) + ".", remedy(cause), cause);
  }

  /** Some of what was to be deleted may be there still. */
  EnvironmentFault perhapsStillThere(StorageKey key, IOException cause) {
    return new EnvironmentFault(
        location + "/" + key + " could not be deleted: " + reason(cause) + ".",
        remedy(cause) + " It may be gone or not; repeating the command is safe.",
        cause);
  }

  /** {@code key}'s content gave {@code given} bytes where it had promised {@code promised}. */
  EnvironmentFault otherSize(StorageKey key, long promised, String given) {
    return new EnvironmentFault(
        "Cannot create "
            + location
            + "/"
            + key
            + ": its content was to be "
            + promised
            + " bytes and has "
            + given
            + ".",
        "Something changed the content while it was read: repeat the command when it is at rest.");
  }

  /** {@code key}'s content, which is not in HDFS, could not be read. */
  EnvironmentFault unreadableContent(StorageKey key, IOException cause) {
    return new EnvironmentFault(
        "Cannot create "
            + location
            + "/"
            + key
            + ": its content cannot be read: "
            + firstLine(cause)
            + ".",
        "Look after the file or program that the content comes from.",
        cause);
  }

  /** What {@code cause} is, for people who wait. */
  String whatIsWrong(IOException cause) {
    return "Waiting for " + location + ": " + reason(cause);
  }

  private String reason(IOException cause) {
    return HdfsTrouble.of(cause).reason(nameNode, cause);
  }

  private String remedy(IOException cause) {
    return HdfsTrouble.of(cause).remedy(nameNode, cause);
  }

  /** What {@code failure} says, without Hadoop's stack traces and links to its wiki. */
  static String firstLine(@Nullable Throwable failure) {
    if (failure == null) {
      return "no reason given";
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String line =
        message
            .strip()
            .replaceFirst("(?s)\\R.*", "")
            .replaceFirst(";? *For more details see:?.*", "")
            .replaceFirst("[.;:, ]+$", "");
    return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
  }
}
