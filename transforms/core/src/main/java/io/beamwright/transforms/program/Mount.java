// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A folder of this machine that a sandbox shows read-only, at the same path.
 *
 * @param path its absolute path, without {@code .} and {@code ..}
 * @param digest of all that is in it, if the spec asks for that: names, executable bits, targets of
 *     links and contents
 */
public record Mount(Path path, Optional<Sha256> digest) {

  private static final String NAME_ONE = "Name the one folder that the program needs.";

  /**
   * The mount of {@code path}, as it is on this machine now.
   *
   * @param digested whether its content is read for a digest
   * @throws EnvironmentFault if it is not a folder here, cannot be read, or is a link to what no
   *     sandbox shows
   */
  public static Mount look(Path path, boolean digested) {
    Path real = realFolder(path);
    if (!real.equals(path)) {
      refuseLink(path, real);
    }
    try {
      return new Mount(path, digested ? Optional.of(digestOf(real)) : Optional.empty());
    } catch (IOException | UncheckedIOException e) {
      throw new EnvironmentFault(
          folder(path) + " cannot be read: " + e.getMessage() + ".",
          "Let its files be read, or leave its \"digest\" out.",
          e);
    }
  }

  private static Path realFolder(Path path) {
    try {
      Path real = path.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new EnvironmentFault(folder(path) + " is no folder but a file.", NAME_ONE);
      }
      if (!Files.isReadable(real) || !Files.isExecutable(real)) {
        throw new AccessDeniedException(real.toString());
      }
      return real;
    } catch (NoSuchFileException e) {
      throw new EnvironmentFault(
          folder(path) + " is not on this machine.",
          "Install it here, or take it out of transform.mounts.",
          e);
    } catch (IOException e) {
      throw new EnvironmentFault(
          folder(path) + " cannot be read: " + e + ".",
          "Let it be read, and let the folders above it be passed (chmod o+rx).",
          e);
    }
  }

  private static void refuseLink(Path path, Path real) {
    Optional<String> problem = Mountable.problemOfContent(real);
    if (problem.isPresent()) {
      throw new EnvironmentFault(
          folder(path) + " is a link to " + real + ", which " + problem.get(), NAME_ONE);
    }
    if (SystemFiles.shows(path) && !SystemFiles.shows(real)) {
      throw new EnvironmentFault(
          folder(path) + " is a link to " + real + ", which no sandbox shows there.",
          "Name " + real + " instead: the link then leads to it.");
    }
  }

  /**
   * Returns if this machine has the folder as it was where the run was planned.
   *
   * @param user the user that programs run as, if it is not that of this process
   * @param scratch the folder below which this process keeps its temporary files
   * @throws EnvironmentFault if not, or if programs may not read it
   * @throws UserFault if it shows temporary files of ours
   */
  public void require(OptionalInt user, Path scratch) {
    Mount here = look(path, digest.isPresent());
    if (!here.equals(this)) {
      throw new EnvironmentFault(
          folder(path) + " has another content here than where the run was planned.",
          "Make the machines alike, or run the stage on machines that are.");
    }
    if (user.isPresent() && !Workspace.othersMayRead(path, true)) {
      throw new EnvironmentFault(
          "Programs run as the user "
              + user.getAsInt()
              + " instead of root, who may not read the folder "
              + path
              + " of transform.mounts.",
          "Let others read it, and pass the folders above it (chmod o+rx).");
    }
    Path files = existing(scratch);
    if (files.startsWith(source()) || Scratch.isIn(files, source())) {
      throw shows("temporary files of runs", files);
    }
  }

  /**
   * Returns if this shows nothing of the folder {@code other}, and is not shown by it.
   *
   * @param what what {@code other} is
   * @throws UserFault if it does
   */
  public void requireApartFrom(Path other, String what) {
    Path real = source();
    Path there = existing(other);
    if (there.startsWith(real) || real.startsWith(there)) {
      throw shows(what, there);
    }
  }

  private UserFault shows(String what, Path where) {
    return new UserFault(
        folder(path) + " holds or lies in " + what + " (" + where + ").", NAME_ONE);
  }

  /**
   * Where its content lies, without links: the user of programs may not be let to them. If it is
   * not there any more, where it was.
   */
  Path source() {
    return existing(path);
  }

  private static Path existing(Path place) {
    try {
      return place.toRealPath();
    } catch (IOException e) {
      return place.toAbsolutePath().normalize();
    }
  }

  private static String folder(Path path) {
    return "The folder " + path + " of transform.mounts";
  }

  private static Sha256 digestOf(Path root) throws IOException {
    MessageDigest all = Sha256.messageDigest();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        all.update(
            (root.relativize(file) + "\0" + lineOf(file) + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    return Sha256.ofDigest(all.digest());
  }

  private static String lineOf(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link " + Files.readSymbolicLink(file);
    }
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return "folder";
    }
    if (!Files.isRegularFile(file)) {
      return "other";
    }
    MessageDigest content = Sha256.messageDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), content)) {
      long unused = in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return (Files.isExecutable(file) ? "program " : "file ")
        + Sha256.ofDigest(content.digest()).hex();
  }
}
