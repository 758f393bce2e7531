// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.CachingStorage;
import io.beamwright.versioning.storage.Storage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of this machine in which what could be found out again is kept, so that it need not
 * be. Everything in it is checked when it is used, and may be deleted at any time; no process
 * relies on it, and one that cannot write there goes on without.
 *
 * @param folder where; need not be there
 * @param mostReadBytes how many bytes of stores may be kept there, about
 */
public record LocalCache(Path folder, long mostReadBytes) {

  /** How many bytes of stores are kept if nobody says otherwise. */
  public static final long STANDARD_READ_BYTES = 1L << 30;

  /** The variable that says how many MiB of stores may be kept. */
  public static final String SIZE_VARIABLE = "BEAMWRIGHT_CACHE_MIB";

  /** The variable that names the folder; {@code off} for none. */
  public static final String VARIABLE = "BEAMWRIGHT_CACHE";

  private static final String OFF = "off";

  /**
   * The folder that {@code $BEAMWRIGHT_CACHE} names, or else {@code ~/.cache/beamwright}; none if
   * it is {@code off}, or there is no home.
   *
   * @throws UserFault if {@code $BEAMWRIGHT_CACHE_MIB} is not a number
   */
  public static Optional<LocalCache> in(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    String home = environment.getOrDefault("HOME", "");
    if (named.equals(OFF) || (named.isEmpty() && home.isEmpty())) {
      return Optional.empty();
    }
    try {
      Path folder = named.isEmpty() ? Path.of(home, ".cache", "beamwright") : Path.of(named);
      return Optional.of(new LocalCache(folder.toAbsolutePath(), readBytes(environment)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static long readBytes(Map<String, String> environment) {
    String mebibytes = environment.getOrDefault(SIZE_VARIABLE, "");
    if (mebibytes.isEmpty()) {
      return STANDARD_READ_BYTES;
    }
    if (!mebibytes.matches("[0-9]{1,9}")) {
      throw new UserFault(
          "$" + SIZE_VARIABLE + " is \"" + mebibytes + "\", which is not a number of MiB.",
          "Write a whole number, such as 1024, or unset it.");
    }
    return Long.parseLong(mebibytes) << 20;
  }

  /** Reads through copies of what was read before from {@code storage}, which is not local. */
  public Storage over(Storage storage) {
    return new CachingStorage(storage, part("read"), mostReadBytes);
  }

  /** The part of it for one use, such as {@code stat}. */
  public Path part(String name) {
    return folder.resolve(name);
  }
}
