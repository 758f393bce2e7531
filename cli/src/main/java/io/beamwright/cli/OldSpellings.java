// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pachyderm 1.x wrote {@code put-file REPO BRANCH PATH -c -f FILE} where 2.x and we write {@code
 * put file REPO@BRANCH:/PATH -f FILE}. Who types the old form is understood: the arguments are
 * rewritten before they are parsed.
 */
final class OldSpellings {

  private static final Set<String> VERBS =
      Set.of("create", "list", "inspect", "delete", "put", "get", "copy", "diff", "stop", "wait");
  private static final Set<String> NOUNS = Set.of("repo", "branch", "commit", "file", "job");

  /** How many leading arguments of an old command are the parts of one ref: repo, commit, path. */
  private static final Map<String, List<Integer>> REFS =
      Map.of(
          "put-file", List.of(3),
          "get-file", List.of(3),
          "list-file", List.of(3),
          "delete-file", List.of(3),
          "copy-file", List.of(3, 3),
          "diff-file", List.of(3, 3),
          "inspect-commit", List.of(2),
          "create-branch", List.of(2),
          "delete-branch", List.of(2));

  private static final Set<String> OPTIONS_WITH_VALUE =
      Set.of(
          "-f",
          "--file",
          "-o",
          "--output",
          "-m",
          "--message",
          "-d",
          "--description",
          "-n",
          "--number",
          "--store",
          "--store-option",
          "--context",
          "--head");

  private OldSpellings() {}

  /** {@code arguments} in the spelling of today; anything but an old command stays as it is. */
  static List<String> rewrite(List<String> arguments) {
    int command = firstWord(arguments);
    if (command == arguments.size()) {
      return arguments.contains("--version") ? List.of("version") : arguments;
    }
    String old = arguments.get(command);
    int dash = old.indexOf('-');
    if (dash < 0
        || !VERBS.contains(old.substring(0, dash))
        || !NOUNS.contains(old.substring(dash + 1))) {
      return arguments;
    }
    List<String> rewritten = new ArrayList<>(arguments.subList(0, command));
    rewritten.add(old.substring(0, dash));
    rewritten.add(old.substring(dash + 1));
    List<String> rest = new ArrayList<>(arguments.subList(command + 1, arguments.size()));
    if (old.equals("put-file")) {
      // "Start and finish a commit": every put is a commit of its own.
      rest.remove("-c");
    }
    rewritten.addAll(withRefs(rest, REFS.getOrDefault(old, List.of())));
    return rewritten;
  }

  /** The place of the first argument that is neither an option nor the value of one. */
  static int firstWord(List<String> arguments) {
    int i = 0;
    while (i < arguments.size() && arguments.get(i).startsWith("-")) {
      i += OPTIONS_WITH_VALUE.contains(arguments.get(i)) ? 2 : 1;
    }
    return Math.min(i, arguments.size());
  }

  private static List<String> withRefs(List<String> arguments, List<Integer> sizes) {
    List<String> rewritten = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("-") && argument.length() > 1) {
        rewritten.add(argument);
        if (OPTIONS_WITH_VALUE.contains(argument) && i + 1 < arguments.size()) {
          i++;
          rewritten.add(arguments.get(i));
        }
      } else {
        words.add(argument);
      }
    }
    rewritten.addAll(0, joined(words, sizes));
    return rewritten;
  }

  private static List<String> joined(List<String> words, List<Integer> sizes) {
    // REPO@BRANCH under an old name is today's form already.
    if (words.isEmpty() || words.get(0).contains("@")) {
      return words;
    }
    List<String> joined = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      int to = Math.min(from + size, words.size());
      if (from < to) {
        joined.add(ref(words.subList(from, to)));
      }
      from = to;
    }
    joined.addAll(words.subList(from, words.size()));
    return joined;
  }

  private static String ref(List<String> parts) {
    StringBuilder ref = new StringBuilder(parts.get(0));
    if (parts.size() > 1) {
      ref.append('@').append(parts.get(1));
    }
    if (parts.size() > 2) {
      String path = parts.get(2);
      ref.append(':').append(path.startsWith("/") ? "" : "/").append(path);
    }
    return ref.toString();
  }
}
