// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.tree.Tree;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect commit}: everything that a commit says. */
@Command(name = "commit", description = "Show everything that is known of a commit.")
final class InspectCommitCommand implements Subcommand {

  @Parameters(paramLabel = "REPO@REF", description = "The commit.")
  private String source = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      History.Named named = store.history().resolve(Revision.parse(source));
      Tree files = store.history().files(named.commit());
      List<String> refs = refs(store, named);
      if (session.json()) {
        session
            .console()
            .document(
                json -> {
                  json.writeStartObject();
                  json.writeFieldName("commit");
                  Json.write(json, named);
                  json.writeNumberField("files", files.fileCount());
                  json.writeNumberField("bytes", files.totalBytes());
                  json.writeArrayFieldStart("refs");
                  for (String ref : refs) {
                    json.writeString(ref);
                  }
                  json.writeEndArray();
                  json.writeEndObject();
                });
      } else {
        print(new Sheet(session.console()), named, files, refs);
      }
      return Exit.FINE;
    }
  }

  private static List<String> refs(Store store, History.Named named) {
    return store.repos().refs(store.repos().require(named.commit().repo())).list().stream()
        .filter(head -> head.commit().filter(named.id()::equals).isPresent())
        .map(RefHead::name)
        .toList();
  }

  private static void print(Sheet sheet, History.Named named, Tree files, List<String> refs) {
    Commit commit = named.commit();
    sheet.line("commit", named.id().hex());
    sheet.line("repo", commit.repo());
    sheet.line("refs", String.join(", ", refs));
    sheet.lines("parents", commit.parents().stream().map(CommitId::hex).toList());
    sheet.line("depth", Long.toString(commit.depth()));
    sheet.line("author", commit.author());
    sheet.line("time", commit.time().toString());
    sheet.lines("message", commit.message().lines().toList());
    sheet.line("files", Transfer.amount(files.fileCount(), files.totalBytes()));
    sheet.line("tree", commit.tree().hex());
    commit.datums().ifPresent(root -> sheet.line("datums", root.hex()));
    commit.provenance().ifPresent(made -> print(sheet, made));
  }

  private static void print(Sheet sheet, Provenance made) {
    sheet.line("stage", made.stage());
    sheet.lines("inputs", made.inputs().stream().map(InspectCommitCommand::line).toList());
    sheet.line("spec", made.spec().hex());
    made.code().ifPresent(code -> sheet.line("code", code.hex()));
    sheet.lines(
        "environment",
        made.environment().stream()
            .flatMap(
                e ->
                    java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("$ " + e.command()), e.output().lines()))
            .toList());
    sheet.lines("mounts", made.mounts().stream().map(InspectCommitCommand::line).toList());
    sheet.lines(
        "steps",
        made.steps().entrySet().stream().map(s -> s.getKey() + " " + s.getValue()).toList());
    sheet.line("engine", "beamwright " + made.engine());
    sheet.line("runner", made.runner());
    sheet.line("executor", made.executor());
    sheet.line("run", made.run());
    sheet.line("job", made.job().hex());
    sheet.line("job key", made.jobKey().hex());
  }

  private static String line(Provenance.Mount mount) {
    return mount.path() + mount.digest().map(content -> " sha256 " + content.hex()).orElse("");
  }

  private static String line(Provenance.Input input) {
    return input.name()
        + ": "
        + input.repo()
        + "@"
        + input.commit().hex()
        + " ("
        + input.branch()
        + ")";
  }
}
