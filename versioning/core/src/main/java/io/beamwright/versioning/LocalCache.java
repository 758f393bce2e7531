// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of this machine in which what could be found out again is kept, so that it need not
 * be. Everything in it is checked when it is used, and may be deleted at any time; no process relies
 * on it, and one that cannot write there goes on without.
 *
 * @param folder where; need not be there
 */
public record LocalCache(Path folder) {

  /** The variable that names the folder; {@code off} for none. */
  public static final String VARIABLE = "BEAMWRIGHT_CACHE";

  private static final String OFF = "off";

  /**
   * The folder that {@code $BEAMWRIGHT_CACHE} names, or else {@code ~/.cache/beamwright}; none if
   * it is {@code off}, or there is no home.
   */
  public static Optional<LocalCache> in(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    String home = environment.getOrDefault("HOME", "");
    if (named.equals(OFF) || (named.isEmpty() && home.isEmpty())) {
      return Optional.empty();
    }
    try {
      Path folder = named.isEmpty() ? Path.of(home, ".cache", "beamwright") : Path.of(named);
      return Optional.of(new LocalCache(folder.toAbsolutePath()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The part of it for one use, such as {@code stat}. */
  public Path part(String name) {
    return folder.resolve(name);
  }
}
