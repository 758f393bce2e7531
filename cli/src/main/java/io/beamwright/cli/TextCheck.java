// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.compile.SpecTexts;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Has the queries of specs read before their run is submitted, in a process that has the libraries
 * for it. That takes a process of its own where nothing has to run, so that this machine remembers
 * the specs whose texts were right.
 *
 * @param session of the command
 * @param specs the files of the specs
 * @param sources what stood in them
 */
record TextCheck(Session session, List<Path> specs, List<SpecSource> sources) {

  private static final String PART = "texts";
  private static final int MOST_MARKS = 1_000;

  /**
   * Reads the texts of {@code pipeline}, unless it is known that they are right.
   *
   * @param next the class path that has the libraries, and what the command will need after them
   * @throws io.beamwright.pipelines.spec.SpecFault with every one that is wrong
   * @throws ClassPathNeeded if this process has not the libraries
   */
  void require(Pipeline pipeline, ClassPath next) {
    if (!pipeline.hasTexts()) {
      return;
    }
    Optional<Path> mark = session.cache().map(cache -> cache.part(PART).resolve(digest()));
    if (mark.filter(Files::exists).isPresent()) {
      return;
    }
    if (RunDriver.hasBeam()) {
      if (SpecTexts.require(pipeline)) {
        mark.ifPresent(TextCheck::remember);
      }
    } else if (session.handover().isPresent() && specs.stream().allMatch(Files::isRegularFile)) {
      throw ClassPathNeeded.from(next);
    }
    // A spec from a pipe cannot be read again, and where there is no launcher, there is no other
    // process: what compiles a stage reads its texts too.
  }

  /** Of the specs and of the program, whose next version may read them otherwise. */
  private String digest() {
    StringBuilder all = new StringBuilder(Build.current().toString());
    sources.forEach(source -> all.append('\0').append(source.text()));
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static void remember(Path mark) {
    Path folder = Objects.requireNonNull(mark.getParent());
    try {
      Files.createDirectories(folder);
      forgetIfMany(folder);
      Files.write(mark, new byte[0]);
    } catch (IOException | UncheckedIOException e) {
      // They are read again next time.
    }
  }

  private static void forgetIfMany(Path folder) throws IOException {
    try (Stream<Path> marks = Files.list(folder)) {
      List<Path> all = marks.toList();
      if (all.size() >= MOST_MARKS) {
        for (Path old : all) {
          Files.deleteIfExists(old);
        }
      }
    }
  }
}
