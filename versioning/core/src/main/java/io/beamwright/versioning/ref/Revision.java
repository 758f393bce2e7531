// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FilePath;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A ref as people type it: {@code repo}, {@code repo@branch}, {@code repo@commit}, with {@code ^},
 * {@code ~n} or {@code .n}, and {@code :/path}.
 *
 * @param typed the whole text
 * @param repo the repo
 * @param name branch, tag, commit, job, or a prefix of the last two; empty for the repo's default
 * @param steps how to go on from there
 * @param path the path of a file or folder, as typed; {@code /} is the whole commit
 */
public record Revision(
    String typed, String repo, Optional<String> name, Steps steps, Optional<String> path) {

  /** The branch that is meant where none is named. */
  public static final String DEFAULT_BRANCH = "master";

  private static final Pattern FORM =
      Pattern.compile(
          "(?<repo>[^@:]+)(@(?<name>[^:^~.]+)(?<steps>[\\^~.0-9]*))?(:(?<path>.*))?",
          Pattern.DOTALL);
  private static final Pattern STEPS_OF_A_REPO =
      Pattern.compile("[a-zA-Z0-9_-]+[\\^~.][\\^~.0-9]*");
  private static final Pattern STEP = Pattern.compile("\\^(\\d*)|~(\\d*)|\\.(\\d+)");
  private static final int MOST_DIGITS = 9;

  /** How to go on from a named commit. */
  public sealed interface Steps {
    /** This many commits back along first parents. */
    record Back(long count) implements Steps {}

    /** The commit at this place from the root of the history, which is 1. */
    record FromRoot(long place) implements Steps {}
  }

  /**
   * Reads a ref.
   *
   * @throws UserFault if it has another form
   */
  public static Revision parse(String typed) {
    Matcher form = FORM.matcher(typed);
    if (!form.matches()) {
      throw malformed(typed);
    }
    if (STEPS_OF_A_REPO.matcher(form.group("repo")).matches()) {
      // A step needs a ref to go from, and "r^" may be any of r's branches to who types it.
      throw malformed(typed);
    }
    Optional<String> path = Optional.ofNullable(form.group("path"));
    path.filter(p -> !p.isEmpty() && !p.equals("/"))
        .map(Revision::withoutLastSlash)
        .ifPresent(FilePath::of);
    return new Revision(
        typed,
        Repos.requireName(form.group("repo")),
        Optional.ofNullable(form.group("name")),
        steps(typed, Optional.ofNullable(form.group("steps")).orElse("")),
        path.map(p -> p.isEmpty() ? "/" : p.startsWith("/") ? p : "/" + p));
  }

  /** The branch, tag, commit or job that is meant. */
  public String nameOrDefault() {
    return name.orElse(DEFAULT_BRANCH);
  }

  private static String withoutLastSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static Steps steps(String typed, String text) {
    Matcher step = STEP.matcher(text);
    long back = 0;
    int end = 0;
    while (step.find() && step.start() == end) {
      end = step.end();
      if (step.group(3) != null) {
        if (back != 0 || end != text.length()) {
          throw malformed(typed);
        }
        return new Steps.FromRoot(number(typed, step.group(3)));
      }
      String count = step.group(1) != null ? step.group(1) : step.group(2);
      back += count.isEmpty() ? 1 : number(typed, count);
    }
    if (end != text.length()) {
      throw malformed(typed);
    }
    return new Steps.Back(back);
  }

  private static long number(String typed, String digits) {
    if (digits.length() > MOST_DIGITS) {
      throw malformed(typed);
    }
    return Long.parseLong(digits);
  }

  private static UserFault malformed(String typed) {
    return new UserFault(
        "\"" + typed + "\" is not a ref.",
        "Write repo, repo@branch, repo@commit, repo@branch^ (or ^2, ~2, .3), and :/path for a file.");
  }
}
