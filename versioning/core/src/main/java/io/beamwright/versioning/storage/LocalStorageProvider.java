// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.UserFault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens folders of this machine: {@code file:/absolute}, {@code file:///absolute}, or {@code
 * file:relative} to the working folder.
 */
public final class LocalStorageProvider implements StorageProvider {

  private static final String EXAMPLES = "Write file:.beamwright or file:/data/store.";

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public URI absolute(URI root) {
    return LocalStorage.uri(folder(root));
  }

  @Override
  public Storage open(URI root, Map<String, String> options) {
    if (!options.isEmpty()) {
      throw new UserFault(
          "The store " + root + " was given the options " + options.keySet() + ".",
          "Leave them out: a store in a folder has no options.");
    }
    Path folder = folder(root);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UserFault(
          "The store " + root + " is a file, and a store lies in a folder.",
          "Name the folder, or one that is not there yet.");
    }
    return new LocalStorage(folder);
  }

  private static Path folder(URI root) {
    refuseParts(root);
    String path = root.isOpaque() ? root.getSchemeSpecificPart() : root.getPath();
    if (path.equals("~") || path.startsWith("~/")) {
      throw new UserFault(
          "The store " + root + " is in the folder \"~\": after file: no shell expands it.",
          "Write file:$HOME" + path.substring(1) + ".");
    }
    try {
      Path folder = Path.of(path).toAbsolutePath();
      // Behind a symbolic link ".." is not what normalizing makes of it.
      return path.contains("..") ? folder : folder.normalize();
    } catch (InvalidPathException e) {
      throw new UserFault(
          "The store " + root + " is not in any folder: " + e.getReason(), EXAMPLES);
    }
  }

  private static void refuseParts(URI root) {
    if (root.getRawAuthority() != null) {
      throw new UserFault(
          "The store " + root + " names the host \"" + root.getRawAuthority() + "\".",
          "A folder is on this machine: write file:/" + root.getRawAuthority() + root.getPath());
    }
    if (root.getRawQuery() != null || root.getRawFragment() != null) {
      throw new UserFault(
          "The store " + root + " has a part after ? or #.",
          "In a folder's name write %3F for ? and %23 for #.");
    }
  }
}
