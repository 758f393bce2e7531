// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The port to a storage. One primitive carries all correctness: create if absent, atomic and
 * durable. Nothing is ever overwritten, renamed or locked.
 *
 * <p>Instances are safe for use by many threads and processes at once. A storage that cannot do
 * what is asked (full, read-only, unreachable, denied) throws an {@link
 * io.beamwright.versioning.fault.EnvironmentFault} that names the full location, and has changed
 * nothing that a reader can see.
 */
public interface Storage extends AutoCloseable {

  /** The root of this storage as a URI that people can read, for messages. */
  String location();

  /**
   * Creates {@code key} with {@code content}, whole or not at all, durable when this returns. Of
   * many racers on one key exactly one gets {@link Creation#CREATED}. A repeated call with the same
   * arguments is harmless. An outcome that is unknown is resolved by reading back before this
   * returns, so that failure is never reported while a delayed request could still win.
   *
   * <p>No key is a folder of another ({@code a} beside {@code a/b}): a file system cannot hold
   * both, and a storage may refuse the later one. Content that cannot be read, or is not as long as
   * it says, creates nothing and is an {@link io.beamwright.versioning.fault.EnvironmentFault}.
   *
   * <p>Keys that decide anything are at most 1 MiB, one request, and hold a token that makes their
   * content unique, so that reading back tells whose they are.
   */
  Creation createIfAbsent(StorageKey key, Content content);

  /**
   * Opens {@code key} from its beginning; the caller closes the stream.
   *
   * @throws ObjectAbsent if there is no such key
   */
  InputStream open(StorageKey key);

  /**
   * Reads {@code length} bytes from {@code offset}; fewer only where the thing ends before, and so
   * none from its end on.
   *
   * @throws ObjectAbsent if there is no such key
   * @throws IllegalArgumentException if one of them is negative
   */
  byte[] read(StorageKey key, long offset, int length);

  /**
   * The first {@code limit} keys that begin with {@code prefix} (any text, not just whole segments;
   * empty for all) and come after {@code startAfter}, in unsigned byte order of the whole key. Sees
   * every create that returned before the call began.
   *
   * @param startAfter any text, not just a key
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  List<Listed> list(String prefix, Optional<String> startAfter, int limit);

  /**
   * The file of this machine that holds exactly the bytes of {@code key}, if this storage keeps it
   * as one and it is there: for programs that read files in place. Nobody may write to it.
   */
  default Optional<Path> localPath(StorageKey key) {
    return Optional.empty();
  }

  /**
   * Is told that what was read of {@code key} is not what was written: who keeps copies forgets
   * them, so that the next read shows whether it was only the copy.
   */
  default void distrust(StorageKey key) {}

  /** Deletes {@code key} if it is there. For garbage collection only. */
  void delete(StorageKey key);

  /**
   * Deletes those of {@code keys} that are there, in any order: as {@link #delete} does one by one,
   * but at the cost of few requests. Some may be gone when it fails.
   */
  default void deleteAll(Collection<StorageKey> keys) {
    keys.forEach(this::delete);
  }

  @Override
  void close();
}
