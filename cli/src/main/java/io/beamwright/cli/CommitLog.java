// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.graph.Touch;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints commits, newest first: all before some heads, or those that touched a path. */
record CommitLog(Session session, long limit) {

  /** A commit, and what became of the path that was asked for. */
  private record Line(History.Named commit, Optional<Touch.How> how) {}

  /** Prints the commits that can be reached from {@code heads}. */
  Exit printAll(Store store, Collection<CommitId> heads) {
    print(
        store.history().newestFirst(heads).map(named -> new Line(named, Optional.empty())), false);
    return Exit.FINE;
  }

  /**
   * Prints the commits that touched {@code place}'s path; all of them if it is {@code /}.
   *
   * @throws UserFault if there is no such path and never was
   */
  Exit print(Store store, Source place) {
    if (place.path().equals("/")) {
      return printAll(store, java.util.List.of(place.commit().id()));
    }
    Repo repo = store.repos().require(place.commit().commit().repo());
    try (CommitGraph graph = session.graph(store, repo)) {
      Iterator<Touch> touches = graph.touching(place.commit().id(), place.path()).iterator();
      if (!touches.hasNext()) {
        throw neverThere(store, place);
      }
      print(
          Stream.iterate(touches, Iterator::hasNext, same -> same)
              .map(Iterator::next)
              .map(t -> new Line(store.history().read(t.commit()), Optional.of(t.how()))),
          true);
    }
    return Exit.FINE;
  }

  private static UserFault neverThere(Store store, Source place) {
    UserFault now =
        store.history().noSuchPath(place.files(), FilePath.of(place.path()), place.ref());
    return new UserFault(
        "No commit of %s ever had \"%s\".".formatted(place.ref(), place.path()), now.remedy());
  }

  private void print(Stream<Line> lines, boolean ofPath) {
    Iterator<Line> limited = lines.limit(limit).iterator();
    if (session.json()) {
      session.console().document(json -> write(json, limited));
    } else {
      printText(limited, ofPath);
    }
  }

  // Line by line: a history may be long.
  private void printText(Iterator<Line> lines, boolean ofPath) {
    String format = ofPath ? "%-12s  %-20s  %-7s  %s" : "%-12s  %-20s  %4$s";
    session.console().line(format.formatted("COMMIT", "TIME", "CHANGE", "MESSAGE"));
    while (lines.hasNext()) {
      Line line = lines.next();
      Commit commit = line.commit().commit();
      String message =
          commit.message().lines().findFirst().orElse("") + " (" + commit.author() + ")";
      session
          .console()
          .line(
              format.formatted(
                  line.commit().id().brief(),
                  commit.time().truncatedTo(ChronoUnit.SECONDS),
                  line.how().map(Touch.How::word).orElse(""),
                  message));
    }
  }

  private static void write(JsonGenerator json, Iterator<Line> lines) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("commits");
    while (lines.hasNext()) {
      Line line = lines.next();
      json.writeStartObject();
      Json.writeMembers(json, line.commit());
      if (line.how().isPresent()) {
        json.writeStringField("change", line.how().get().word());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
