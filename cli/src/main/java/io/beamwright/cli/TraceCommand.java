// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.plan.DatumName;
import io.beamwright.pipelines.trace.CommitTrace;
import io.beamwright.pipelines.trace.FileTrace;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code trace}: where a commit or a file comes from. */
@Command(
    name = "trace",
    description =
        "Say what a commit (REPO@REF) or a file (REPO@REF:/PATH) was made from, by which spec and"
            + " code, down to what people put.")
final class TraceCommand implements Subcommand {

  @Parameters(paramLabel = "REF", description = "A commit, or a file of one.")
  private String ref = "";

  @Override
  public Exit run(Session session) {
    Revision revision = Revision.parse(ref);
    try (Store store = session.openStore()) {
      History.Named commit = store.history().resolve(revision);
      boolean isFile = revision.path().filter(path -> !path.equals("/")).isPresent();
      if (isFile) {
        FilePath path = FilePath.of(revision.path().orElseThrow());
        print(session, FileTrace.of(store, commit, path, withoutPath(ref)));
      } else {
        print(session, CommitTrace.of(store, commit));
      }
      return Exit.FINE;
    }
  }

  private static String withoutPath(String typed) {
    int colon = typed.indexOf(':');
    return colon < 0 ? typed : typed.substring(0, colon);
  }

  // --- a commit ---

  private static void print(Session session, CommitTrace trace) {
    if (session.json()) {
      session.console().document(json -> write(json, trace));
      return;
    }
    printCommit(session.console(), trace, trace.root(), "", "", "", new HashSet<>());
  }

  private static void printCommit(
      Console console,
      CommitTrace trace,
      History.Named commit,
      String label,
      String first,
      String rest,
      Set<History.Named> seen) {
    boolean isNew = seen.add(commit);
    List<Provenance.Input> inputs = CommitTrace.inputs(commit);
    String again = isNew || inputs.isEmpty() ? "" : "  (as above)";
    console.line(first + label + name(commit) + "  " + made(commit.commit()) + again);
    if (!isNew) {
      return;
    }
    String below = inputs.isEmpty() ? "  " : "│ ";
    commit
        .commit()
        .provenance()
        .ifPresent(made -> details(made).forEach(line -> console.line(rest + below + line)));
    for (int i = 0; i < inputs.size(); i++) {
      boolean isLast = i == inputs.size() - 1;
      Provenance.Input input = inputs.get(i);
      History.Named from = trace.commit(input);
      String as = input.name().equals(from.commit().repo()) ? "" : input.name() + ": ";
      printCommit(
          console,
          trace,
          from,
          as,
          rest + (isLast ? "└─" : "├─"),
          rest + (isLast ? "  " : "│ "),
          seen);
    }
  }

  private static String name(History.Named commit) {
    return commit.commit().repo() + "@" + commit.id().brief();
  }

  private static String made(Commit commit) {
    String when = commit.time() + " by " + commit.author();
    return commit.provenance().isPresent() ? when : when + ": " + commit.message();
  }

  private static List<String> details(Provenance made) {
    List<String> lines = new java.util.ArrayList<>();
    lines.add(
        "stage "
            + made.stage()
            + ", job "
            + Console.shortId(made.job().hex())
            + ", run "
            + Console.shortId(made.run())
            + ", on "
            + made.runner());
    lines.add(
        "spec "
            + Console.shortId(made.spec().hex())
            + made.code().map(code -> ", code " + Console.shortId(code.hex())).orElse("")
            + ", beamwright "
            + made.engine()
            + (made.executor().isEmpty() ? "" : ", " + made.executor()));
    if (!made.steps().isEmpty()) {
      lines.add(
          String.join(
              ", ",
              made.steps().entrySet().stream().map(s -> s.getKey() + " " + s.getValue()).toList()));
    }
    made.mounts()
        .forEach(
            mount ->
                lines.add(
                    "mount "
                        + mount.path()
                        + mount
                            .digest()
                            .map(d -> " sha256 " + Console.shortId(d.hex()))
                            .orElse("")));
    made.environment()
        .forEach(e -> lines.add("environment: " + e.command() + " → " + firstLine(e.output())));
    return lines;
  }

  private static String firstLine(String output) {
    Iterator<String> lines = output.lines().iterator();
    String first = lines.hasNext() ? lines.next() : "";
    return lines.hasNext() ? first + " …" : first;
  }

  private static void write(JsonGenerator json, CommitTrace trace) throws IOException {
    json.writeStartObject();
    json.writeStringField("commit", trace.root().id().hex());
    json.writeArrayFieldStart("commits");
    for (History.Named commit : trace.commits()) {
      Json.write(json, commit);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  // --- a file ---

  private static void print(Session session, FileTrace trace) {
    if (session.json()) {
      session.console().document(json -> write(json, trace));
      return;
    }
    printFile(session.console(), trace, trace.root(), "", "", "", new HashSet<>());
  }

  private static void printFile(
      Console console,
      FileTrace trace,
      FileTrace.Place place,
      String label,
      String first,
      String rest,
      Set<FileTrace.Place> seen) {
    FileTrace.Origin origin = java.util.Objects.requireNonNull(trace.origins().get(place));
    boolean isNew = seen.add(place);
    String again = isNew || origin.inputs().isEmpty() ? "" : "  (as above)";
    String put = origin.datum().isPresent() ? "" : "  put " + made(origin.commit().commit());
    console.line(
        first
            + label
            + place.repo()
            + "@"
            + place.commit().brief()
            + ":"
            + place.path()
            + "  sha256 "
            + Console.shortId(origin.file().sha256().hex())
            + put
            + again);
    if (!isNew) {
      return;
    }
    String below = origin.inputs().isEmpty() ? "  " : "│ ";
    origin
        .datum()
        .ifPresent(
            done -> {
              console.line(rest + below + DatumName.of(done.datum()));
              details(origin.commit().commit().provenance().orElseThrow())
                  .forEach(line -> console.line(rest + below + line));
            });
    for (int i = 0; i < origin.inputs().size(); i++) {
      boolean isLast = i == origin.inputs().size() - 1;
      FileTrace.InputPlace input = origin.inputs().get(i);
      String as = input.input().equals(input.place().repo()) ? "" : input.input() + ": ";
      printFile(
          console,
          trace,
          input.place(),
          as,
          rest + (isLast ? "└─" : "├─"),
          rest + (isLast ? "  " : "│ "),
          seen);
    }
  }

  private static void write(JsonGenerator json, FileTrace trace) throws IOException {
    json.writeStartObject();
    place(json, trace.root());
    json.writeArrayFieldStart("files");
    Set<History.Named> commits = new java.util.LinkedHashSet<>();
    for (FileTrace.Place place : trace.origins().keySet()) {
      FileTrace.Origin origin = java.util.Objects.requireNonNull(trace.origins().get(place));
      commits.add(origin.commit());
      json.writeStartObject();
      place(json, place);
      json.writeStringField("sha256", origin.file().sha256().hex());
      json.writeNumberField("size", origin.file().size());
      if (origin.datum().isPresent()) {
        json.writeStringField("datum", origin.datum().get().datum().key().hex());
        json.writeArrayFieldStart("inputs");
        for (FileTrace.InputPlace input : origin.inputs()) {
          json.writeStartObject();
          json.writeStringField("input", input.input());
          place(json, input.place());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("commits");
    for (History.Named commit : commits) {
      Json.write(json, commit);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void place(JsonGenerator json, FileTrace.Place place) throws IOException {
    json.writeStringField("repo", place.repo());
    json.writeStringField("commit", place.commit().hex());
    json.writeStringField("path", place.path().text());
  }
}
