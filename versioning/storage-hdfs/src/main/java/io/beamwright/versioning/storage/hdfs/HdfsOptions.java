// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.TimeoutOption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a store's options say about its connection.
 *
 * @param user who to be towards HDFS without Kerberos ({@code hdfs.user}); otherwise what {@code
 *     HADOOP_USER_NAME} says, or the user of this process
 * @param configuration the folder of {@code core-site.xml} and {@code hdfs-site.xml} ({@code
 *     hdfs.conf}); otherwise what {@code HADOOP_CONF_DIR} says, if anything
 * @param timeout how long to wait for the NameNode before it counts as unreachable ({@code
 *     hdfs.timeout}, in whole seconds); otherwise what the configuration says, or 15 s
 */
record HdfsOptions(
    Optional<String> user, Optional<Path> configuration, Optional<Duration> timeout) {

  private static final String USER = "hdfs.user";
  private static final String CONFIGURATION = "hdfs.conf";
  private static final String TIMEOUT = "hdfs.timeout";
  private static final List<String> KNOWN = List.of(CONFIGURATION, TIMEOUT, USER);

  /**
   * Reads {@code options} of the store at {@code root}, and this process's environment.
   *
   * @throws UserFault if one is unknown or wrong
   */
  static HdfsOptions of(URI root, Map<String, String> options) {
    return of(root, options, System.getenv());
  }

  static HdfsOptions of(URI root, Map<String, String> options, Map<String, String> environment) {
    for (String name : new TreeSet<>(options.keySet())) {
      if (!KNOWN.contains(name)) {
        throw new UserFault(
            "The store " + root + " was given the option \"" + name + "\", which HDFS has not.",
            remedy(name));
      }
    }
    return new HdfsOptions(
        firstOf(options.get(USER), environment.get("HADOOP_USER_NAME")),
        folder(root, options, environment),
        Optional.ofNullable(options.get(TIMEOUT))
            .map(text -> TimeoutOption.read(root.toString(), TIMEOUT, text)));
  }

  private static String remedy(String name) {
    List<String> near = NearMiss.of(name, KNOWN);
    String known = "Known are " + String.join(", ", KNOWN) + ".";
    return near.isEmpty() ? known : "Did you mean " + String.join(" or ", near) + "? " + known;
  }

  private static Optional<String> firstOf(@Nullable String first, @Nullable String second) {
    return Optional.ofNullable(first)
        .or(() -> Optional.ofNullable(second))
        .filter(text -> !text.isEmpty());
  }

  private static Optional<Path> folder(
      URI root, Map<String, String> options, Map<String, String> environment) {
    String option = options.get(CONFIGURATION);
    if (option != null) {
      return Optional.of(folder(root, "option " + CONFIGURATION, option));
    }
    return firstOf(environment.get("HADOOP_CONF_DIR"), null)
        .map(text -> folder(root, "environment's HADOOP_CONF_DIR", text));
  }

  private static Path folder(URI root, String from, String text) {
    try {
      Path folder = Path.of(text);
      if (Files.isDirectory(folder)) {
        return folder.toAbsolutePath();
      }
    } catch (InvalidPathException e) {
      // Not a folder either.
    }
    throw new UserFault(
        "The store " + root + ": the " + from + " is \"" + text + "\", which is not a folder.",
        "Name the folder that holds core-site.xml and hdfs-site.xml.");
  }
}
