// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the small files of results, which lie by the hundred in one object: whoever wants one wants
 * its neighbours, so a window around it is read at once and kept for a while. What is handed out is
 * verified. Not safe for several threads.
 */
final class ResultBytes {

  /** Bytes of a window: one request, and about a thousand results. */
  static final int WINDOW = 1 << 20;

  // The keys of a job's datums are digests and come in any order: this holds 100,000 results.
  private static final int MOST_WINDOWS = 64;

  private final Storage storage;
  private final StoredFiles files;
  private final Map<Window, byte[]> windows =
      new LinkedHashMap<>(2 * MOST_WINDOWS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Window, byte[]> eldest) {
          return size() > MOST_WINDOWS;
        }
      };

  ResultBytes(Storage storage, StoredFiles files) {
    this.storage = storage;
    this.files = files;
  }

  /**
   * Bytes {@code number * WINDOW} and on of an object.
   *
   * @param number counted from 0
   */
  private record Window(ObjectRef object, long number) {}

  /**
   * All bytes of {@code file}.
   *
   * @throws io.beamwright.versioning.storage.DamagedObject if they are not what was written
   */
  byte[] read(StoredFile file) {
    // Whatever is odd about it is for the slow way to find out, and to say.
    return fromWindows(file).orElseGet(() -> files.readAll(file));
  }

  private Optional<byte[]> fromWindows(StoredFile file) {
    if (file.extents().size() != 1 || file.size() > WINDOW) {
      return Optional.empty();
    }
    try {
      byte[] bytes = cut(file.extents().get(0));
      return Sha256.of(bytes).equals(file.sha256()) ? Optional.of(bytes) : Optional.empty();
    } catch (ObjectAbsent e) {
      return Optional.empty();
    }
  }

  private byte[] cut(Extent extent) {
    byte[] bytes = new byte[(int) extent.length()];
    int filled = 0;
    while (filled < bytes.length) {
      long at = extent.offset() + filled;
      byte[] window = window(new Window(extent.object(), at / WINDOW));
      int from = (int) (at % WINDOW);
      int length = Math.min(bytes.length - filled, window.length - from);
      if (length <= 0) {
        return Arrays.copyOf(bytes, filled);
      }
      System.arraycopy(window, from, bytes, filled, length);
      filled += length;
    }
    return bytes;
  }

  private byte[] window(Window window) {
    byte[] kept = windows.get(window);
    if (kept == null) {
      ObjectRef object = window.object();
      kept =
          storage.read(
              StoreLayout.object(object.id(), object.generation()),
              window.number() * WINDOW,
              WINDOW);
      windows.put(window, kept);
    }
    return kept;
  }
}
