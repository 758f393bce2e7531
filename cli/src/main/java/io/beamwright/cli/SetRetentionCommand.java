// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.gc.Retention;
import io.beamwright.versioning.ref.Repo;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code set retention}. */
@Command(
    name = "retention",
    description = {
      "Say which commits of a repo keep their files when garbage is collected.",
      "Kept are those that either number lets stay, those that a tag names, and what a kept commit"
          + " was made from. The commits themselves, and what made them, always stay."
    })
final class SetRetentionCommand implements Subcommand {

  @Parameters(paramLabel = "REPO", description = "The repo.")
  private String name = "";

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = "Keep the last N commits of each branch.")
  private @Nullable Integer keepLast;

  @Option(names = "--keep-days", paramLabel = "D", description = "Keep the commits of D days.")
  private @Nullable Integer keepDays;

  @Option(
      names = "--drop-data",
      description = "Keep trees all the same, so that files are listed and compared; drop bytes.")
  private boolean dropData;

  @Option(names = "--clear", description = "Keep everything from now on.")
  private boolean clear;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Exit run(Session session) {
    if (clear == (keepLast != null || keepDays != null)) {
      throw new ParameterException(
          spec.commandLine(), "Say --keep-last N, --keep-days D or both; or --clear.");
    }
    try (Store store = session.openStore()) {
      Repo repo = store.repos().require(name);
      if (clear) {
        store.retentions().clear(repo, session.author(), Session.now());
      } else {
        store.retentions().set(repo, rule(session));
      }
      if (session.json()) {
        session
            .console()
            .document(
                json -> {
                  json.writeStartObject();
                  json.writeStringField("repo", repo.name());
                  RepoOutput.writeRetention(json, store.retentions().of(repo));
                  json.writeEndObject();
                });
      } else {
        String says = store.retentions().of(repo).map(Retention::words).orElse("keep everything");
        session.console().line(repo.name() + ": " + says);
      }
      return Exit.FINE;
    }
  }

  private Retention rule(Session session) {
    return new Retention(
        number(keepLast), number(keepDays), dropData, session.author(), Session.now());
  }

  private static OptionalInt number(@Nullable Integer typed) {
    return typed == null ? OptionalInt.empty() : OptionalInt.of(typed);
  }
}
