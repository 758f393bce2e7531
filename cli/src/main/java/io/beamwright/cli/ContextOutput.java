// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How contexts look. */
final class ContextOutput {

  private ContextOutput() {}

  static void print(Session session, String done, String name, NamedContext context) {
    if (session.json()) {
      session.console().document(json -> write(json, name, context));
    } else {
      session.console().line(done + " context " + name);
    }
  }

  static void list(Session session, SortedMap<String, NamedContext> contexts) {
    if (session.json()) {
      session
          .console()
          .document(
              json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("contexts");
                for (Map.Entry<String, NamedContext> context : contexts.entrySet()) {
                  write(json, context.getKey(), context.getValue());
                }
                json.writeEndArray();
                json.writeEndObject();
              });
      return;
    }
    Table table =
        new Table(
            Table.left("NAME"), Table.left("STORE"), Table.left("RUNNER"), Table.left("MASTER"));
    contexts.forEach(
        (name, context) ->
            table.row(
                name,
                context.store().orElse(""),
                context.runner().orElse(""),
                new TreeMap<>(context.masters())
                    .entrySet().stream()
                        .map(
                            master ->
                                context.runner().filter(master.getKey()::equals).isPresent()
                                    ? master.getValue()
                                    : master.getKey() + "=" + master.getValue())
                        .collect(Collectors.joining(", "))));
    session.console().table(table);
  }

  private static void write(JsonGenerator json, String name, NamedContext context)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    context.writeTo(json);
    json.writeEndObject();
  }
}
