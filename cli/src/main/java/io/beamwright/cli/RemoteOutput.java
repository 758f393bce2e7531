// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.sync.Remote;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** How remotes look. */
final class RemoteOutput {

  private RemoteOutput() {}

  static void print(Session session, String done, Remote remote) {
    if (session.json()) {
      session.console().document(json -> write(json, remote));
    } else {
      session.console().line(done + " remote " + remote.name() + ", " + remote.uri());
    }
  }

  static void list(Session session, List<Remote> remotes) {
    if (session.json()) {
      session
          .console()
          .document(
              json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("remotes");
                for (Remote remote : remotes) {
                  write(json, remote);
                }
                json.writeEndArray();
                json.writeEndObject();
              });
      return;
    }
    Table table = new Table(Table.left("NAME"), Table.left("URI"));
    remotes.forEach(remote -> table.row(remote.name(), remote.uri()));
    session.console().table(table);
  }

  private static void write(JsonGenerator json, Remote remote) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", remote.name());
    json.writeStringField("uri", remote.uri());
    json.writeObjectFieldStart("options");
    for (Map.Entry<String, String> option : remote.options().entrySet()) {
      json.writeStringField(option.getKey(), option.getValue());
    }
    json.writeEndObject();
    json.writeStringField("added_by", remote.by());
    json.writeStringField("added_at", remote.at().toString());
    json.writeEndObject();
  }
}
