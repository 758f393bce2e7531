// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Every command by its words. To add one: a class that implements {@link Subcommand}, a line here.
 */
final class Commands {

  private static final Map<String, Class<? extends Subcommand>> BY_WORDS = new LinkedHashMap<>();

  static {
    BY_WORDS.put("create repo", CreateRepoCommand.class);
    BY_WORDS.put("list repo", ListRepoCommand.class);
    BY_WORDS.put("inspect repo", InspectRepoCommand.class);
    BY_WORDS.put("delete repo", DeleteRepoCommand.class);
    BY_WORDS.put("put file", PutFileCommand.class);
    BY_WORDS.put("get file", GetFileCommand.class);
    BY_WORDS.put("list file", ListFileCommand.class);
    BY_WORDS.put("inspect file", InspectFileCommand.class);
    BY_WORDS.put("delete file", DeleteFileCommand.class);
    BY_WORDS.put("copy file", CopyFileCommand.class);
    BY_WORDS.put("rename file", RenameFileCommand.class);
    BY_WORDS.put("diff file", DiffFileCommand.class);
    BY_WORDS.put("diff rows", DiffRowsCommand.class);
    BY_WORDS.put("commit", CommitCommand.class);
    BY_WORDS.put("list commit", ListCommitCommand.class);
    BY_WORDS.put("inspect commit", InspectCommitCommand.class);
    BY_WORDS.put("create branch", CreateBranchCommand.class);
    BY_WORDS.put("log", LogCommand.class);
    BY_WORDS.put("merge-base", MergeBaseCommand.class);
    BY_WORDS.put("merge", MergeCommand.class);
    BY_WORDS.put("revert", RevertCommand.class);
    BY_WORDS.put("list branch", ListBranchCommand.class);
    BY_WORDS.put("inspect branch", InspectBranchCommand.class);
    BY_WORDS.put("rename branch", RenameBranchCommand.class);
    BY_WORDS.put("move branch", MoveBranchCommand.class);
    BY_WORDS.put("delete branch", DeleteBranchCommand.class);
    BY_WORDS.put("create tag", CreateTagCommand.class);
    BY_WORDS.put("list tag", ListTagCommand.class);
    BY_WORDS.put("delete tag", DeleteTagCommand.class);
    BY_WORDS.put("get spec", GetSpecCommand.class);
    BY_WORDS.put("get code", GetCodeCommand.class);
    BY_WORDS.put("run", RunCommand.class);
    BY_WORDS.put("list job", ListJobCommand.class);
    BY_WORDS.put("inspect job", InspectJobCommand.class);
    BY_WORDS.put("wait job", WaitJobCommand.class);
    BY_WORDS.put("stop job", StopJobCommand.class);
    BY_WORDS.put("logs", LogsCommand.class);
    BY_WORDS.put("list run", ListRunCommand.class);
    BY_WORDS.put("inspect run", InspectRunCommand.class);
    BY_WORDS.put("wait run", WaitRunCommand.class);
    BY_WORDS.put("stop run", StopRunCommand.class);
    BY_WORDS.put("trace", TraceCommand.class);
    BY_WORDS.put("push", PushCommand.class);
    BY_WORDS.put("pull", PullCommand.class);
    BY_WORDS.put("remote add", RemoteAddCommand.class);
    BY_WORDS.put("remote list", RemoteListCommand.class);
    BY_WORDS.put("remote delete", RemoteDeleteCommand.class);
    BY_WORDS.put("context add", ContextAddCommand.class);
    BY_WORDS.put("context list", ContextListCommand.class);
    BY_WORDS.put("context delete", ContextDeleteCommand.class);
    BY_WORDS.put("fsck", FsckCommand.class);
    BY_WORDS.put("gc", GcCommand.class);
    BY_WORDS.put("set retention", SetRetentionCommand.class);
    BY_WORDS.put("version", VersionCommand.class);
    BY_WORDS.put("completion", CompletionCommand.class);
  }

  private Commands() {}

  /** The whole command line: what help, near misses and completion need. */
  static CommandLine all() {
    CommandLine root = of(BY_WORDS);
    root.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return root;
  }

  /**
   * The command line with those commands only whose every word is in {@code arguments}: reading the
   * annotations of all of them would take most of the time of a short command.
   */
  static CommandLine namedIn(Collection<String> arguments) {
    Map<String, Class<? extends Subcommand>> named = new LinkedHashMap<>(BY_WORDS);
    named.keySet().removeIf(words -> !arguments.containsAll(Arrays.asList(words.split(" "))));
    return of(named);
  }

  private static CommandLine of(Map<String, Class<? extends Subcommand>> commands) {
    CommandLine root = new CommandLine(new GlobalOptions());
    commands.forEach((words, type) -> add(root, words.split(" "), type));
    // Colour costs time to find out about, and help is read in pipes too.
    return root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
  }

  private static void add(CommandLine root, String[] words, Class<? extends Subcommand> type) {
    if (words.length == 1) {
      root.addSubcommand(words[0], type);
      return;
    }
    CommandLine group = root.getSubcommands().get(words[0]);
    if (group == null) {
      group = new CommandLine(group(words[0]));
      root.addSubcommand(words[0], group);
    }
    group.addSubcommand(words[1], type);
  }

  private static CommandSpec group(String verb) {
    CommandSpec spec = CommandSpec.create().name(verb);
    spec.usageMessage()
        .description(sentence(verb))
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .optionListHeading("%nOptions:%n");
    return spec;
  }

  private static String sentence(String verb) {
    if (verb.equals("remote")) {
      return "Add, list or delete other stores that this one knows by a name.";
    }
    if (verb.equals("context")) {
      return "Add, list or delete names for a store and what runs stages there.";
    }
    if (verb.equals("wait")) {
      return "Wait for the end of a job or run.";
    }
    String title = verb.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + verb.substring(1);
    return title + " a " + alternatives(nouns(verb)) + ".";
  }

  /** Whether these words begin one of our commands. */
  static boolean begin(String words) {
    return BY_WORDS.containsKey(words) || !nouns(words).isEmpty();
  }

  /** The nouns that follow {@code verb}, in the order of the help. */
  static List<String> nouns(String verb) {
    String prefix = verb + " ";
    return BY_WORDS.keySet().stream()
        .filter(words -> words.startsWith(prefix))
        .map(words -> words.substring(prefix.length()))
        .toList();
  }

  /** {@code [a, b, c]} as "a, b or c". */
  static String alternatives(List<String> words) {
    int last = words.size() - 1;
    return last <= 0
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static Map<String, String> exitCodes() {
    return Arrays.stream(Exit.values())
        .filter(exit -> exit != Exit.HANDED_OVER && exit != Exit.OUTPUT_CLOSED)
        .collect(
            Collectors.toMap(
                exit -> String.format("%2d", exit.code()),
                Exit::meaning,
                (a, b) -> a,
                TreeMap::new));
  }
}
