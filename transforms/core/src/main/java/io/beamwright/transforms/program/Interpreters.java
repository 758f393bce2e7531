// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.transforms.program.Executables.Lookup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds why a program that is there could not begin: what it is run by is missing. That is what the
 * first line of a script names, what {@code env} is told to run, or the loader of a binary. The
 * kernel says of each only that the program is not there.
 */
final class Interpreters {

  // The kernel follows no more, and reads no more of a first line.
  private static final int MOST_SCRIPTS = 5;
  private static final int LONGEST_LINE = 255;

  // Another program of that name may be anything.
  private static final Set<String> ENV = Set.of("/usr/bin/env", "/bin/env");

  private static final String AROUND = "^[ \t]+|[ \t]+$";

  private final Executables executables;
  private final Executables.Start start;

  Interpreters(Executables executables, Executables.Start start) {
    this.executables = executables;
    this.start = start;
  }

  /** What {@code program}, the one of the start, lacks: sentences; empty if nothing. */
  Optional<String> missing(Lookup.Fit program) throws IOException {
    List<String> words = start.words();
    return missing(program, words.subList(1, words.size()), MOST_SCRIPTS)
        .map(why -> "The program \"" + words.get(0) + "\" needs another. " + why);
  }

  private Optional<String> missing(Lookup.Fit program, List<String> arguments, int left)
      throws IOException {
    List<String> by = runBy(program, arguments);
    if (by.isEmpty() || left == 0) {
      return Optional.empty();
    }
    String word = by.get(0);
    Lookup lookup = executables.find(start, word);
    if (lookup instanceof Lookup.Unfit unfit) {
      return Optional.of(
          unfit.why()
              + (word.endsWith("\r") ? " End the script's lines with \\n alone, not \\r\\n." : ""));
    }
    return missing((Lookup.Fit) lookup, by.subList(1, by.size()), left - 1);
  }

  /** The words by which a program is really run; none if the kernel runs it by itself. */
  private List<String> runBy(Lookup.Fit program, List<String> arguments) throws IOException {
    if (ENV.contains(program.word())) {
      return runByEnv(arguments);
    }
    if (!(start.sandbox().resolve(Path.of(program.word()))
        instanceof Sandbox.Resolved.Found found)) {
      return List.of();
    }
    String line = firstLine(found.host());
    if (!line.startsWith("#!")) {
      return ElfFile.loader(found.host()).map(List::of).orElse(List.of());
    }
    // One argument at most, whatever is in it; a \r is a part of it.
    List<String> words =
        new ArrayList<>(List.of(line.substring(2).replaceAll(AROUND, "").split("[ \t]+", 2)));
    if (!words.get(0).contains("/")) {
      // The kernel looks for no program in PATH.
      words.set(0, "./" + words.get(0));
    }
    words.add(program.word());
    return words;
  }

  private static String firstLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(LONGEST_LINE), StandardCharsets.UTF_8);
      int end = head.indexOf('\n');
      return end < 0 ? head : head.substring(0, end);
    }
  }

  /** What {@code env} runs; none if it is told more than variables and {@code -S}. */
  private static List<String> runByEnv(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      List<String> rest = arguments.subList(i + 1, arguments.size());
      if (word.equals("-S") && !rest.isEmpty()) {
        return runBySplit(rest.get(0), rest.subList(1, rest.size()));
      }
      if (word.startsWith("-S")) {
        return runBySplit(word.substring(2), rest);
      }
      if (word.startsWith("-") || word.startsWith("PATH=")) {
        return List.of();
      }
      if (!word.contains("=")) {
        return arguments.subList(i, arguments.size());
      }
    }
    return List.of();
  }

  private static List<String> runBySplit(String words, List<String> rest) {
    if (words.matches("(?s).*[\"'\\\\$#].*")) {
      return List.of();
    }
    Stream<String> split = Stream.of(words.split("\\s+")).filter(word -> !word.isEmpty());
    return runByEnv(Stream.concat(split, rest.stream()).toList());
  }
}
