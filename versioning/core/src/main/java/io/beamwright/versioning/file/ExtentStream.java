// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of some extents, one after the other, as the storage gives them. An object that is
 * absent or too short is a {@link DamagedObject}; whether the bytes are right is for the caller.
 */
final class ExtentStream extends InputStream {

  // One request each: a file in a pack, or a step through the middle of a large object.
  private static final int ONE_READ = 1 << 20;
  private static final int MOST_TRIES = 32;

  private final Storage storage;
  private final String holds;
  private final Deque<Extent> ahead;
  private int tries;
  private @Nullable Extent current;
  private InputStream in = InputStream.nullInputStream();
  private long left;

  /** {@code holds} says in a message what the extents hold, as a noun phrase. */
  ExtentStream(Storage storage, List<Extent> extents, String holds) {
    this.storage = storage;
    this.holds = holds;
    this.ahead = new ArrayDeque<>(extents);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    while (left == 0) {
      if (ahead.isEmpty()) {
        return -1;
      }
      next();
    }
    return readCurrent(target, offset, (int) Math.min(length, left));
  }

  private int readCurrent(byte[] target, int offset, int length) {
    Extent extent = Objects.requireNonNull(current);
    int read;
    try {
      read = in.read(target, offset, length);
    } catch (IOException e) {
      throw new EnvironmentFault(
          location(extent) + ", which holds " + holds + ", cannot be read: " + e.getMessage(),
          "Check the storage.",
          e);
    }
    if (read < 0) {
      throw tooShort(extent, extent.offset() + extent.length() - left);
    }
    left -= read;
    return read;
  }

  private void next() {
    close();
    Extent extent = ahead.remove();
    try {
      start(extent);
      tries = 0;
    } catch (ObjectAbsent absent) {
      ahead.addFirst(whereabouts(extent, absent));
    }
  }

  private void start(Extent extent) {
    StorageKey key = key(extent.object());
    if (extent.offset() == 0 && extent.length() > ONE_READ) {
      begin(extent, storage.open(key));
      return;
    }
    int length = (int) Math.min(ONE_READ, extent.length());
    byte[] bytes = storage.read(key, extent.offset(), length);
    if (bytes.length != length) {
      throw tooShort(extent, extent.offset() + bytes.length);
    }
    begin(new Extent(extent.object(), extent.offset(), length), new ByteArrayInputStream(bytes));
    if (length < extent.length()) {
      long offset = extent.offset() + length;
      ahead.addFirst(new Extent(extent.object(), offset, extent.length() - length));
    }
  }

  private void begin(Extent extent, InputStream bytes) {
    current = extent;
    in = bytes;
    left = extent.length();
  }

  private Extent whereabouts(Extent extent, ObjectAbsent absent) {
    // It may go between the look and the read; not each time.
    if (++tries > MOST_TRIES) {
      throw DamagedObject.absent(storage, absent, holds);
    }
    return Whereabouts.in(storage)
        .find(extent)
        .map(Whereabouts.Way::end)
        .orElseThrow(() -> DamagedObject.absent(storage, absent, holds));
  }

  private DamagedObject tooShort(Extent extent, long end) {
    return DamagedObject.at(storage, key(extent.object()), holds, "ends after " + end + " bytes");
  }

  private String location(Extent extent) {
    return storage.location() + "/" + key(extent.object());
  }

  static StorageKey key(ObjectRef object) {
    return StoreLayout.object(object.id(), object.generation());
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Everything that was wanted has been read; there is nothing left to lose.
      in = InputStream.nullInputStream();
    }
  }
}
