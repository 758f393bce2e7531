// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.ref.Repo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code commit}: many changes as one commit. */
@Command(
    name = "commit",
    description = {
      "Make one commit of ordered puts, copies and deletes: all of them, or none.",
      "FILE holds JSON, one operation a line or all in an array:",
      "",
      "  {\"op\": \"put\", \"path\": \"/a.csv\", \"file\": \"local.csv\"}",
      "  {\"op\": \"put\", \"path\": \"/note\", \"text\": \"hello\", \"append\": true}",
      "  {\"op\": \"copy\", \"from\": \"other@master:/b\", \"path\": \"/b\"}",
      "  {\"op\": \"copy\", \"from\": \"/a.csv\", \"path\": \"/old/a.csv\"}",
      "  {\"op\": \"delete\", \"path\": \"/c\"}",
      "",
      "Each sees what those before it did. A folder is put, copied or deleted whole; the path / is"
          + " everything."
    })
final class CommitCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO@BRANCH", description = "The branch, which is created if absent.")
  private String target = "";

  @Option(
      names = "--ops",
      paramLabel = "FILE",
      description = "The operations; - is standard input.")
  private @Nullable String ops;

  @Option(names = "--allow-empty", description = "Make the commit even if it changes no file.")
  private boolean allowEmpty;

  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    if (ops == null && !allowEmpty) {
      throw new ParameterException(
          spec.commandLine(), "There is nothing to commit: add --ops FILE, or --allow-empty.");
    }
    if (Upload.STANDARD_INPUT.equals(ops) && session.handover().isPresent()) {
      // What the operations put may be tables, and another process cannot read the input again.
      Inspection.requireReady("standard input");
    }
    Target branch = Target.ofRef(target);
    Operations operations = ops == null ? Operations.none(branch) : read(session, branch, ops);
    try (Store store = session.openStoreToCommit()) {
      Repo repo = store.repos().require(branch.repo());
      Operations.Ready ready = operations.prepare(session, store);
      String done = operations.count() == 1 ? "1 operation" : operations.count() + " operations";
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  branch.branch(),
                  message.orElse(done),
                  allowEmpty ? Committer.Empty.ALLOWED : Committer.Empty.SKIPPED,
                  ready::apply);
      if (outcome instanceof Committer.Outcome.Unchanged) {
        throw new UserFault(
            "The operations leave the files of " + branch.ref() + " as they are: no commit.",
            "Add --allow-empty to make one that changes nothing.");
      }
      return ChangeOutput.print(session, branch, outcome, done, "");
    }
  }

  private static Operations read(Session session, Target branch, String file) {
    boolean isInput = file.equals(Upload.STANDARD_INPUT);
    String name = isInput ? "standard input" : file;
    try (InputStream in =
        isInput ? session.console().input() : Files.newInputStream(Path.of(file))) {
      return Operations.read(name, branch, in);
    } catch (NoSuchFileException e) {
      throw new UserFault(
          "There is no file " + file + ".", "Check the path and the working folder.", e);
    } catch (IOException e) {
      throw new EnvironmentFault(
          name + " cannot be read: " + e.getMessage() + ".", "Check it and its permissions.", e);
    }
  }
}
