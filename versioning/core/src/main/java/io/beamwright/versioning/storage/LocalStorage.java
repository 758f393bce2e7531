// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A storage in a folder of this machine: a key is a path below it, its content one file.
 *
 * <p>To create a key, the content is written to a temporary file of the same file system and
 * flushed; then the file gets the key as a second name, the key's folder is flushed, and the first
 * name is removed. A crash leaves at worst a temporary file, which nobody sees and a later process
 * deletes.
 */
public final class LocalStorage implements Storage {

  // A key never begins with a dot, so no key can be here, and no listing shows it.
  private static final String TEMPORARY_FOLDER = ".tmp";

  // A writer that has written nothing for so long is dead, and what it linked is on the disk.
  private static final Duration TEMPORARY_LIFE = Duration.ofDays(1);

  private static final int BUFFER_BYTES = 128 * 1024;

  private final Path root;
  private final Path temporaryFolder;
  private final String location;
  private final LocalStep.Observer observer;
  private final LocalFolders folders;
  private final LocalFaults faults;
  private volatile boolean isPrepared;
  // Which folder of the file system the root was when something was read from it.
  private volatile @Nullable Object readFrom;

  /** The storage in the folder {@code root}, which need not be there before the first create. */
  public LocalStorage(Path root) {
    this(root, LocalStep.Observer.NONE);
  }

  /** The same, showing each step to {@code observer}: for tests. */
  public LocalStorage(Path root, LocalStep.Observer observer) {
    this.root = root.toAbsolutePath();
    this.temporaryFolder = this.root.resolve(TEMPORARY_FOLDER);
    this.location = uri(this.root).toString();
    this.observer = observer;
    this.folders = new LocalFolders(this.root, observer);
    this.faults = new LocalFaults(this.root, location);
  }

  /** {@code folder} as a URI of the scheme {@code file}. */
  static URI uri(Path folder) {
    try {
      return new URI("file", null, folder.toString(), null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not an absolute path: " + folder, e);
    }
  }

  @Override
  public String location() {
    return location;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A key cannot be beside keys below it ({@code a} beside {@code a/b}): that is refused.
   */
  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    try {
      return durable(key).isPresent() ? Creation.EXISTS : create(key, content);
    } catch (IOException e) {
      folders.forget();
      isPrepared = false;
      throw faults.notDone("create", key.text(), e);
    }
  }

  private Creation create(StorageKey key, Content content) throws IOException {
    if (!isPrepared) {
      prepare();
    }
    Path target = path(key);
    folders.makeDurable(target.resolveSibling(""));
    Path temporary = openTemporary();
    boolean mayBeUnflushed = false;
    try {
      write(key, content, temporary);
      if (!link(temporary, target)) {
        return lost(key, target);
      }
      mayBeUnflushed = true;
      flushLinked(key, target);
      mayBeUnflushed = false;
      return Creation.CREATED;
    } finally {
      // A file with two names is one that may not be durable yet: see LocalEntry.
      if (!mayBeUnflushed) {
        deleteTemporary(temporary);
      }
    }
  }

  private Path openTemporary() throws IOException {
    while (true) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      Path temporary =
          temporaryFolder.resolve(
              Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
      try {
        Files.createFile(temporary);
        observer.reached(LocalStep.TEMPORARY_OPENED, temporary);
        return temporary;
      } catch (FileAlreadyExistsException e) {
        // Somebody else's: take another name.
      }
    }
  }

  private void write(StorageKey key, Content content, Path temporary) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      copy(key, content, channel);
      observer.reached(LocalStep.TEMPORARY_WRITTEN, temporary);
      channel.force(true);
    }
    observer.reached(LocalStep.TEMPORARY_FLUSHED, temporary);
  }

  private void copy(StorageKey key, Content content, FileChannel channel) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.size()))];
    long written = 0;
    try (InputStream in = content.open()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        written += n;
        if (written > content.size()) {
          throw faults.otherSize(key, content.size(), "more");
        }
        for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
          channel.write(bytes);
        }
      }
    }
    if (written < content.size()) {
      throw faults.otherSize(key, content.size(), Long.toString(written));
    }
  }

  /** Whether {@code target} is ours. */
  private boolean link(Path temporary, Path target) throws IOException {
    try {
      // A hard link fails if the name exists, where a rename would silently replace it.
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      // Two names: a network file system repeated our request after its answer was lost.
      return names(temporary) == 2;
    } catch (FileSystemException e) {
      throw unlessNoHardLinks(e);
    }
  }

  private void flushLinked(StorageKey key, Path target) {
    try {
      observer.reached(LocalStep.LINKED, target);
      folders.flush(target.resolveSibling(""));
    } catch (IOException e) {
      throw faults.perhapsNotDurable(key, e);
    }
  }

  private Creation lost(StorageKey key, Path target) throws IOException {
    if (!durable(key).isPresent() && LocalEntry.at(target).isPresent()) {
      throw new FileSystemException(target.toString(), null, LocalFaults.NOT_A_FILE);
    }
    return Creation.EXISTS;
  }

  private static int names(Path file) throws IOException {
    return LocalEntry.at(file).map(LocalEntry::names).orElse(0);
  }

  private void deleteTemporary(Path temporary) throws IOException {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // What the caller asked for is decided; a name that stays behind is swept like a dead one's.
      return;
    }
    observer.reached(LocalStep.TEMPORARY_DELETED, temporary);
  }

  /**
   * The file of {@code key}, if it is there; and then it is durable when this returns, or the
   * caller would build on what a power failure can take away.
   */
  private Optional<LocalEntry> durable(StorageKey key) throws IOException {
    Optional<LocalEntry> entry = folders.find(key.text()).filter(LocalEntry::isFile);
    if (entry.isPresent() && !entry.get().isSettled()) {
      folders.flush(path(key).resolveSibling(""));
    }
    return entry;
  }

  /** Once in a process, before it creates anything. */
  private synchronized void prepare() throws IOException {
    if (isPrepared) {
      return;
    }
    requireTheRootThatWasRead();
    // Whoever makes the temporary folder has made the root durable before.
    if (LocalEntry.at(temporaryFolder).isEmpty()) {
      folders.makeRoot();
      folders.makeDurable(temporaryFolder);
    }
    sweep(probeHardLinks());
    isPrepared = true;
  }

  // A store that was removed is not begun again by whoever still writes to it, nor continued in the
  // folder below a file system that is no longer mounted.
  private void requireTheRootThatWasRead() throws IOException {
    Object before = readFrom;
    if (before != null && !before.equals(fileKey(root))) {
      throw new FileSystemException(root.toString(), null, LocalFaults.ANOTHER_FOLDER);
    }
  }

  private static @Nullable Object fileKey(Path folder) throws IOException {
    return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
  }

  /**
   * Tries whether the file system has hard links and counts them; the time by its clock.
   *
   * @throws EnvironmentFault if it does not
   */
  private FileTime probeHardLinks() throws IOException {
    Path probe = openTemporary();
    Path link = probe.resolveSibling(probe.getFileName() + "-link");
    try {
      observer.reached(LocalStep.PROBE_WRITTEN, probe);
      Files.createLink(link, probe);
      observer.reached(LocalStep.PROBE_LINKED, link);
      if (names(probe) != 2) {
        throw faults.noHardLinks(new FileSystemException(null, null, "links are not counted"));
      }
      return Files.getLastModifiedTime(probe);
    } catch (UnsupportedOperationException e) {
      throw faults.noHardLinks(new IOException(e));
    } catch (FileSystemException e) {
      throw unlessNoHardLinks(e);
    } finally {
      deleteTemporary(link);
      deleteTemporary(probe);
    }
  }

  // EPERM, EOPNOTSUPP, ENOSYS, EXDEV, EMLINK: what file systems say that have none, or none
  // between folders.
  private FileSystemException unlessNoHardLinks(FileSystemException e) {
    String reason = e.getReason() == null ? "" : e.getReason();
    boolean saysSo =
        reason.contains("not permitted")
            || reason.contains("not supported")
            || reason.contains("not implemented")
            || reason.contains("cross-device")
            || reason.contains("Too many links");
    if (saysSo) {
      throw faults.noHardLinks(e);
    }
    return e;
  }

  private void sweep(FileTime now) throws IOException {
    FileTime dead = FileTime.from(now.toInstant().minus(TEMPORARY_LIFE));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporaryFolder)) {
      for (Path file : files) {
        Optional<LocalEntry> entry = LocalEntry.at(file);
        if (entry.isPresent() && entry.get().modified().compareTo(dead) < 0) {
          deleteLeftover(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void deleteLeftover(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (AccessDeniedException e) {
      return; // Another user's, who will sweep it: it harms nobody.
    }
    observer.reached(LocalStep.LEFTOVER_DELETED, file);
  }

  @Override
  public InputStream open(StorageKey key) {
    try {
      require(key);
      return Files.newInputStream(path(key), LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw cannotRead(key, e);
    }
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    try {
      LocalEntry entry = require(key);
      int wanted = (int) Math.max(0, Math.min(length, entry.size() - offset));
      try (FileChannel channel =
          FileChannel.open(path(key), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        return read(channel, offset, new byte[wanted]);
      }
    } catch (IOException e) {
      throw cannotRead(key, e);
    }
  }

  @Override
  public Optional<Path> localPath(StorageKey key) {
    try {
      return durable(key).map(entry -> path(key));
    } catch (IOException e) {
      throw cannotRead(key, e);
    }
  }

  // Piece by piece, because the JDK keeps a direct buffer as large as the largest piece per thread.
  private static byte[] read(FileChannel channel, long offset, byte[] bytes) throws IOException {
    int filled = 0;
    while (filled < bytes.length) {
      int piece = Math.min(BUFFER_BYTES, bytes.length - filled);
      int n = channel.read(ByteBuffer.wrap(bytes, filled, piece), offset + filled);
      if (n < 0) {
        return Arrays.copyOf(bytes, filled);
      }
      filled += n;
    }
    return bytes;
  }

  private LocalEntry require(StorageKey key) throws IOException {
    LocalEntry entry = durable(key).orElseThrow(() -> new ObjectAbsent(location, key));
    if (readFrom == null) {
      readFrom = fileKey(root);
    }
    return entry;
  }

  private RuntimeException cannotRead(StorageKey key, IOException e) {
    // Deleted since we looked.
    return e instanceof NoSuchFileException
        ? new ObjectAbsent(location, key)
        : faults.notDone("read", key.text(), e);
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    try {
      return new LocalListing(root, folders, prefix, startAfter.orElse(""), limit).walk();
    } catch (IOException e) {
      throw faults.notDone("list", prefix, e);
    }
  }

  @Override
  public void delete(StorageKey key) {
    deleteAll(List.of(key));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each folder is flushed once.
   */
  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    SortedMap<Path, StorageKey> unflushed = new TreeMap<>();
    for (StorageKey key : keys) {
      Path folder = path(key).resolveSibling("");
      // The way to a folder is looked at once in a call.
      if (unlink(key, unflushed.containsKey(folder))) {
        unflushed.put(folder, key);
      }
    }
    unflushed.forEach(this::flushDeleted);
  }

  private boolean unlink(StorageKey key, boolean isFolderThere) {
    Path target = path(key);
    try {
      Optional<LocalEntry> entry = isFolderThere ? LocalEntry.at(target) : folders.find(key.text());
      if (entry.filter(LocalEntry::isFile).isEmpty()) {
        return false;
      }
      Files.deleteIfExists(target);
    } catch (IOException e) {
      throw faults.notDone("delete", key.text(), e);
    }
    try {
      observer.reached(LocalStep.DELETED, target);
      return true;
    } catch (IOException e) {
      throw faults.perhapsStillThere(key, e);
    }
  }

  private void flushDeleted(Path folder, StorageKey key) {
    try {
      folders.flush(folder);
    } catch (IOException e) {
      throw faults.perhapsStillThere(key, e);
    }
  }

  @Override
  public void close() {}

  private Path path(StorageKey key) {
    return root.resolve(key.text());
  }
}
