// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

  /**
   * The mount of {@code path}, as it is on this machine now.
   *
   * @param digested whether its content is read for a digest
   * @throws EnvironmentFault if it is not a folder here, or cannot be read
   */
  public static Mount look(Path path, boolean digested) {
    if (!Files.isDirectory(path)) {
      throw new EnvironmentFault(
          "The folder " + path + " of transform.mounts is not on this machine.",
          "Install it here, or take it out of transform.mounts.");
    }
    try {
      return new Mount(
          path, digested ? Optional.of(digestOf(path.toRealPath())) : Optional.empty());
    } catch (IOException | UncheckedIOException e) {
      throw new EnvironmentFault(
          "The folder " + path + " of transform.mounts cannot be read: " + e.getMessage() + ".",
          "Let its files be read, or leave its \"digest\" out.",
          e);
    }
  }

  /**
   * Returns if this machine has the folder as it was where the run was planned.
   *
   * @param user the user that programs run as, if it is not that of this process
   * @throws EnvironmentFault if not, or if programs may not read it
   */
  public void require(OptionalInt user) {
    Mount here = look(path, digest.isPresent());
    if (!here.equals(this)) {
      throw new EnvironmentFault(
          "The folder "
              + path
              + " of transform.mounts has another content here than where the run"
              + " was planned.",
          "Make the machines alike, or run the stage on machines that are.");
    }
    if (user.isPresent() && !Workspace.othersMayRead(path, true)) {
      throw new EnvironmentFault(
          "Programs run as the user "
              + user.getAsInt()
              + " instead of root, who may not read the"
              + " folder "
              + path
              + " of transform.mounts.",
          "Let others read it, and pass the folders above it (chmod o+rx).");
    }
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
