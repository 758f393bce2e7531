// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Opens folders of HDFS: {@code hdfs://namenode:8020/path}, or {@code hdfs://nameservice/path} for
 * NameNodes that the configuration describes. The options are those of {@link HdfsOptions}.
 *
 * <p>No class of Hadoop is loaded before {@link #open}.
 */
public final class HdfsStorageProvider implements StorageProvider {

  private static final String EXAMPLES =
      "Write hdfs://namenode:8020/path, or hdfs://nameservice/path if the configuration names it.";

  /** Found by {@link java.util.ServiceLoader}. */
  public HdfsStorageProvider() {}

  @Override
  public String scheme() {
    return "hdfs";
  }

  @Override
  public URI absolute(URI root) {
    refuseParts(root);
    try {
      return new URI(
          scheme(), root.getAuthority().toLowerCase(Locale.ROOT), folder(root), null, null);
    } catch (URISyntaxException e) {
      throw new UserFault("The store " + root + " is not a URI: " + e.getReason(), EXAMPLES, e);
    }
  }

  private static void refuseParts(URI root) {
    if (root.isOpaque() || root.getRawAuthority() == null) {
      throw new UserFault("The store " + root + " names no NameNode.", EXAMPLES);
    }
    if (root.getRawQuery() != null || root.getRawFragment() != null) {
      throw new UserFault(
          "The store " + root + " has a part after ? or #.",
          "In a folder's name write %3F for ? and %23 for #.");
    }
    if (root.getRawAuthority().contains("@")) {
      throw new UserFault(
          "The store " + root + " names a user before @.",
          "Leave it out, and give the user by the option hdfs.user.");
    }
  }

  /** The path with one slash before each name, and none at the end. */
  private static String folder(URI root) {
    List<String> names = new ArrayList<>();
    for (String name : root.getPath().split("/", -1)) {
      if (!name.isEmpty()) {
        requireName(root, name);
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }

  // What HDFS itself refuses, or means something else by.
  private static void requireName(URI root, String name) {
    boolean isRefused =
        name.equals(".")
            || name.equals("..")
            || name.equals(".reserved")
            || name.contains(":")
            || name.chars().anyMatch(Character::isISOControl);
    if (isRefused) {
      throw new UserFault(
          "The store " + root + " is in no folder of HDFS: \"" + name + "\" cannot be a name.",
          "Write the folder without \".\", \"..\", colons and control characters.");
    }
  }

  @Override
  public Storage open(URI root, Map<String, String> options) {
    return HdfsConnection.open(absolute(root), HdfsOptions.of(root, options));
  }
}
