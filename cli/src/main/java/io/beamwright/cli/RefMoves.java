// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How the moves of a branch or tag are shown. */
final class RefMoves {

  private RefMoves() {}

  static Table table(List<RefEntry> moves) {
    Table table =
        new Table(
            Table.left("FROM"),
            Table.left("TO"),
            Table.left("MOVED"),
            Table.left("BY"),
            Table.left("JOB"),
            Table.left("WHY"));
    for (RefEntry move : moves) {
      table.row(
          move.from().map(CommitId::brief).orElse("-"),
          move.deleted() ? "deleted" : move.to().map(CommitId::brief).orElse("-"),
          Times.time(move.at()),
          move.by(),
          move.job().map(job -> Console.shortId(job.hex())).orElse("-"),
          move.why().lines().findFirst().orElse(""));
    }
    return table;
  }

  /** Writes the member {@code moves}. */
  static void write(JsonGenerator json, List<RefEntry> moves) throws IOException {
    json.writeArrayFieldStart("moves");
    for (RefEntry move : moves) {
      write(json, move);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, RefEntry move) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", move.kind().word());
    json.writeStringField("from", move.from().map(CommitId::hex).orElse(null));
    json.writeStringField("to", move.to().map(CommitId::hex).orElse(null));
    json.writeBooleanField("deleted", move.deleted());
    json.writeStringField("moved_by", move.by());
    json.writeStringField("moved_at", move.at().toString());
    json.writeStringField("why", move.why());
    Optional<String> job = move.job().map(Sha256::hex);
    if (job.isPresent()) {
      json.writeStringField("job", job.get());
    }
    json.writeEndObject();
  }
}
