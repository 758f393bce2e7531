// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Commands of pachctl, git and DVC that are not ours, and what does the same here. */
final class OthersWords {

  private static final Map<String, String> HERE = new LinkedHashMap<>();

  static {
    // pachctl
    here("run SPEC, which takes the pipelines as the file has them", "create pipeline");
    here("run SPEC, which takes the pipelines as the file has them", "update pipeline");
    here("run SPEC, which takes the pipelines as the file has them", "edit pipeline");
    here("run SPEC; with another \"salt\" every datum runs again", "rerun pipeline");
    here("run SPEC", "start pipeline");
    here("list repo; a pipeline's repo has its name", "list pipeline");
    here("get spec REPO, inspect repo REPO or list job", "inspect pipeline");
    here("stop job STAGE; what runs is a job, and nothing waits for commits", "stop pipeline");
    here("delete repo REPO", "delete pipeline");
    here("commit REPO@BRANCH --ops FILE, many changes as one commit", "start commit");
    here("commit REPO@BRANCH --ops FILE, many changes as one commit", "finish commit");
    here("revert REPO@COMMIT, or move branch REPO@BRANCH --to REF", "squash commit");
    here("revert REPO@COMMIT, or move branch REPO@BRANCH --to REF", "drop commit", "delete commit");
    here("wait job STAGE or wait run RUN", "wait commit", "flush commit", "flush job");
    here("log REPO@REF:/PATH", "find commit");
    here("list commit REPO", "subscribe commit");
    here("inspect job STAGE, or logs STAGE --datum KEY", "list datum", "inspect datum");
    here("run SPEC again: what failed runs again", "restart datum");
    here("list file 'REPO@REF:/*'", "glob file");
    here("get file -r REPO@REF:/ -o FOLDER", "mount", "fuse mount", "unmount");
    here("logs STAGE", "kube-events");
    here("trace REPO@REF", "draw pipeline");
    here("context add NAME", "config set", "connect", "use");
    // git
    here("create repo NAME, which makes the store, too", "init");
    here("put file REPO@BRANCH:/PATH -f FILE", "add", "import", "import-url", "stage");
    here("get file REPO@REF:/PATH, or move branch REPO@BRANCH --to REF", "checkout", "restore");
    here("create branch REPO@NAME, or list branch REPO", "branch", "switch");
    here("create tag REPO@NAME, or list tag REPO", "tag");
    here("run --dry-run SPEC, or diff file OLD NEW", "status", "data status");
    here("inspect commit REPO@REF", "show");
    here("pull REMOTE, into a store that need not be there", "clone", "fetch");
    here("move branch REPO@BRANCH --to REF", "reset", "rebase");
    here("copy file REPO@REF:/PATH REPO@BRANCH:/PATH", "cherry-pick", "cp");
    here("delete file REPO@BRANCH:/PATH", "rm", "remove");
    here("rename file REPO@BRANCH:/PATH NEWPATH", "mv", "move file");
    here("get file REPO@REF:/PATH", "cat", "cat-file");
    here("list file REPO@REF", "ls", "ls-files", "ls-tree");
    here("trace REPO@REF:/PATH", "blame", "annotate");
    here("log REPO@REF", "reflog", "whatchanged");
    // DVC
    here("run SPEC, which runs what changed and what follows from it", "repro", "exp");
    here("trace REPO@REF, or list job", "dag");
    here("diff rows OLD NEW", "metrics", "params", "plots");
    here("get spec REPO", "stage list");
    here("context add NAME", "config");
  }

  private OthersWords() {}

  private static void here(String ours, String... theirs) {
    for (String words : theirs) {
      HERE.put(words, ours);
    }
  }

  /** Somebody typed a command of another program. */
  static final class Typed extends ParameterException {

    private static final long serialVersionUID = 1L;

    private final String typed;
    private final String ours;

    Typed(CommandLine all, String typed, String ours) {
      super(all, typed);
      this.typed = typed;
      this.ours = ours;
    }

    String typed() {
      return typed;
    }

    String ours() {
      return ours;
    }
  }

  /**
   * Refuses the commands of others.
   *
   * @throws Typed if {@code arguments} begin with one, and with none of ours
   */
  static void refuse(CommandLine all, List<String> arguments) {
    int place = OldSpellings.firstWord(arguments);
    if (place == arguments.size()) {
      return;
    }
    String first = arguments.get(place);
    String both = place + 1 < arguments.size() ? first + " " + arguments.get(place + 1) : first;
    if (HERE.containsKey(both) && !Commands.begin(both)) {
      throw new Typed(all, both, HERE.get(both));
    }
    if (HERE.containsKey(first) && !Commands.begin(first)) {
      throw new Typed(all, first, HERE.get(first));
    }
  }

  /** All of them, each with what does the same here. */
  static Map<String, String> all() {
    return Map.copyOf(HERE);
  }
}
