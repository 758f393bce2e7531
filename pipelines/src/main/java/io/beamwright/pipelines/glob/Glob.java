// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.glob;

import io.beamwright.pipelines.glob.Pattern.Choice;
import io.beamwright.pipelines.glob.Pattern.Group;
import io.beamwright.pipelines.glob.Pattern.Sequence;
import io.beamwright.pipelines.glob.Pattern.Text;
import io.beamwright.pipelines.glob.Pattern.Times;
import io.beamwright.versioning.tree.FilePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pattern over the paths of a commit; each file or folder that it matches is a datum, a folder
 * with everything below it.
 *
 * <p>{@code *} and {@code ?} stay within a level, {@code **} crosses levels, {@code [...]} is a
 * class, {@code {a,b}} a choice, {@code (…)} captures (also {@code @(…)}, {@code ?(…)}, {@code
 * *(…)}, {@code +(…)} with options between {@code |}), {@code !(…)} is anything within the level
 * but its options, {@code \} quotes. {@code /} alone is the whole repo. A missing {@code /} at the
 * front is added and a trailing one changes nothing. The grammar is that of Pachyderm 2.
 *
 * <p>Globs are immutable, and equal if their texts are.
 */
public final class Glob {

  private final String text;
  private final int captures;
  private final String literalPrefix;
  private final @Nullable Program program;

  private Glob(String text, int captures, String literalPrefix, @Nullable Program program) {
    this.text = text;
    this.captures = captures;
    this.literalPrefix = literalPrefix;
    this.program = program;
  }

  /**
   * Reads a glob.
   *
   * @throws GlobFault if it is not one
   */
  public static Glob compile(String text) {
    if (text.isEmpty()) {
      throw new GlobFault(
          text,
          "it is empty",
          "Write / for the whole repo as one datum, or /* for one of each top-level file and folder.");
    }
    if (text.length() > FilePath.LONGEST) {
      throw new GlobFault(
          text.substring(0, 60) + "…",
          "it is longer than " + FilePath.LONGEST + " characters",
          "No path is as long; shorten it.");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new GlobFault(
          text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?"),
          "it holds a control character",
          "No path holds one; write ? or * for characters that you cannot type.");
    }
    GlobParser parser = new GlobParser(text);
    Sequence levels = rooted(text, (Sequence) parser.parse());
    if (levels.parts().isEmpty()) {
      return new Glob(text, 0, "/", null);
    }
    requireNames(text, levels);
    return new Glob(text, parser.groups(), prefix(levels), Program.of(levels, parser.groups()));
  }

  /**
   * The same pattern with one {@code /} in front and none at the end; nothing at all for the root.
   */
  private static Sequence rooted(String text, Sequence written) {
    List<Pattern> parts = new ArrayList<>(written.parts());
    if (!beginsWithSlash(text, written)) {
      prepend("/", parts);
    }
    if (parts.get(parts.size() - 1) instanceof Text last && last.text().endsWith("/")) {
      parts.remove(parts.size() - 1);
      if (last.text().length() > 1) {
        parts.add(new Text(last.text().substring(0, last.text().length() - 1)));
      }
    }
    return new Sequence(parts);
  }

  private static void prepend(String text, List<Pattern> parts) {
    if (!parts.isEmpty() && parts.get(0) instanceof Text first) {
      parts.set(0, new Text(text + first.text()));
    } else {
      parts.add(0, new Text(text));
    }
  }

  private static boolean beginsWithSlash(String text, Pattern pattern) {
    if (pattern instanceof Text literal) {
      return literal.text().startsWith("/");
    }
    if (pattern instanceof Sequence sequence) {
      return !sequence.parts().isEmpty() && beginsWithSlash(text, sequence.parts().get(0));
    }
    if (pattern instanceof Group group && group.times() == Times.ONCE) {
      return beginsWithSlash(text, group.body());
    }
    return pattern instanceof Choice choice && allBeginWithSlash(text, choice);
  }

  private static boolean allBeginWithSlash(String text, Choice choice) {
    long rooted = choice.options().stream().filter(option -> beginsWithSlash(text, option)).count();
    if (rooted != 0 && rooted != choice.options().size()) {
      throw new GlobFault(
          text,
          "some of its alternatives begin with / and some do not",
          "Begin all of them with /, or put one / before them.");
    }
    return rooted != 0;
  }

  private static void requireNames(String text, Sequence levels) {
    for (Pattern part : levels.parts()) {
      if (part instanceof Text literal) {
        boolean isLast = part == levels.parts().get(levels.parts().size() - 1);
        String levelsOnly = isLast ? literal.text() + "/" : literal.text();
        if (levelsOnly.contains("/./") || levelsOnly.contains("/../")) {
          throw new GlobFault(
              text, "no path has a level . or ..", "Write paths from the root of the repo.");
        }
      }
    }
  }

  private static String prefix(Sequence levels) {
    return levels.parts().get(0) instanceof Text first ? first.text() : "/";
  }

  /** The glob as it was written. */
  public String text() {
    return text;
  }

  /** How many groups capture: {@code $1} to {@code $captures}. */
  public int captures() {
    return captures;
  }

  /** What the path of every match, and of every file below one, begins with; at least {@code /}. */
  public String literalPrefix() {
    return literalPrefix;
  }

  /**
   * What the groups stand for if this matches {@code path} itself, which is {@code /} or a file or
   * folder such as {@code /a/b}; empty if it does not. A group that took no part is an empty
   * string.
   */
  public Optional<List<String>> match(String path) {
    if (path.equals("/")) {
      return program == null ? Optional.of(List.of()) : Optional.empty();
    }
    if (program == null || !path.startsWith(literalPrefix)) {
      return Optional.empty();
    }
    int[] saved = program.match(path, 0, path.length());
    return saved == null ? Optional.empty() : Optional.of(captured(path, saved));
  }

  private static List<String> captured(String path, int[] saved) {
    List<String> captures = new ArrayList<>(saved.length / 2);
    for (int i = 0; i < saved.length; i += 2) {
      captures.add(saved[i + 1] < 0 ? "" : path.substring(saved[i], saved[i + 1]));
    }
    return captures;
  }

  /**
   * The files and folders of a commit that this matches, read in one pass.
   *
   * <p>A match is given as soon as its last file has been read, so the order is that of the files,
   * and a match inside another comes before it. What is held at a time are the files of the matches
   * that are still open: of one, unless matches nest ({@code **}).
   *
   * @param files the files of a commit in the order of its tree, or at least those whose paths
   *     begin with {@link #literalPrefix}; every folder's files stand together
   * @param path the path of a file, beginning with {@code /}
   */
  public <F> Iterator<GlobMatch<F>> select(
      Iterator<? extends F> files, Function<? super F, String> path) {
    return new Selection<>(this, files, path);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Glob glob && text.equals(glob.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
