// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.gc.Retention;
import io.beamwright.versioning.ref.Repo;
import java.io.IOException;
import java.util.Optional;

/** How a repo looks in JSON. */
final class RepoOutput {

  private RepoOutput() {}

  /** A repo. */
  static void write(JsonGenerator json, Repo repo) throws IOException {
    json.writeStartObject();
    writeMembers(json, repo);
    json.writeEndObject();
  }

  /** What is known of a repo, as members of the object that is being written. */
  static void writeMembers(JsonGenerator json, Repo repo) throws IOException {
    json.writeStringField("name", repo.name());
    json.writeStringField("id", repo.id().hex());
    json.writeStringField("description", repo.description());
    json.writeStringField("created_by", repo.createdBy());
    json.writeStringField("created_at", repo.createdAt().toString());
  }

  /** A repo's rule of what is kept, as the member {@code retention}: null if it has none. */
  static void writeRetention(JsonGenerator json, Optional<Retention> rule) throws IOException {
    if (rule.isEmpty()) {
      json.writeNullField("retention");
      return;
    }
    json.writeObjectFieldStart("retention");
    if (rule.get().keepLast().isPresent()) {
      json.writeNumberField("keep_last", rule.get().keepLast().getAsInt());
    }
    if (rule.get().keepDays().isPresent()) {
      json.writeNumberField("keep_days", rule.get().keepDays().getAsInt());
    }
    json.writeBooleanField("drop_data", rule.get().dropData());
    json.writeStringField("by", rule.get().by());
    json.writeStringField("at", rule.get().at().toString());
    json.writeEndObject();
  }
}
