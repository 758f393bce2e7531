// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.sync.SyncReport;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** How a push or pull looks. */
final class SyncOutput {

  private SyncOutput() {}

  static void print(Session session, SyncReport report) {
    if (session.json()) {
      session.console().document(json -> write(json, report));
      return;
    }
    for (SyncReport.RefChange ref : report.refs()) {
      session.console().line(line(ref));
    }
    session
        .console()
        .line(
            "%s%d commits, %d nodes, %d objects (%d bytes)"
                .formatted(
                    report.trial() ? "would copy at most " : "copied ",
                    report.commits(),
                    report.nodes(),
                    report.objects(),
                    report.bytes()));
  }

  private static String line(SyncReport.RefChange ref) {
    String kind = ref.kind().name().toLowerCase(Locale.ROOT);
    String name = kind + " " + ref.repo() + "@" + ref.name() + ": ";
    if (ref.before().equals(ref.after())) {
      return name + brief(ref.after()) + " as before";
    }
    String forced = ref.forced() ? " (forced)" : "";
    return name + brief(ref.before()) + " -> " + brief(ref.after()) + forced;
  }

  private static String brief(Optional<CommitId> commit) {
    return commit.map(CommitId::brief).orElse("-");
  }

  private static void write(JsonGenerator json, SyncReport report) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("dry_run", report.trial());
    json.writeArrayFieldStart("refs");
    for (SyncReport.RefChange ref : report.refs()) {
      json.writeStartObject();
      json.writeStringField("repo", ref.repo());
      json.writeStringField("name", ref.name());
      json.writeStringField("kind", ref.kind().name().toLowerCase(Locale.ROOT));
      json.writeStringField("before", ref.before().map(CommitId::hex).orElse(null));
      json.writeStringField("after", ref.after().map(CommitId::hex).orElse(null));
      json.writeBooleanField("forced", ref.forced());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("commits", report.commits());
    json.writeNumberField("nodes", report.nodes());
    json.writeNumberField("objects", report.objects());
    json.writeNumberField("bytes", report.bytes());
    json.writeEndObject();
  }
}
