// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect file}: everything that is known of one file. */
@Command(
    name = "file",
    description = {
      "Show everything that is known of a file, without reading it.",
      "Of a table: its columns, how many rows it has, and by column the nulls and the bounds."
    })
final class InspectFileCommand implements Subcommand {

  // A bound may be a text of any length; a line of a terminal is not.
  private static final int SHOWN = 40;

  @Parameters(paramLabel = "REPO@REF:PATH", description = "The file.")
  private String source = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      Source from = Source.of(store, source);
      FileEntry file = from.requireFile(store);
      if (session.json()) {
        session.console().document(json -> write(json, from, file));
      } else {
        print(session.console(), from, file);
      }
      return Exit.FINE;
    }
  }

  private static void write(JsonGenerator json, Source from, FileEntry file) throws IOException {
    json.writeStartObject();
    json.writeStringField("repo", from.commit().commit().repo());
    json.writeStringField("commit", from.commit().id().hex());
    json.writeStringField("path", file.path().text());
    Json.writeFile(json, file);
    json.writeArrayFieldStart("extents");
    for (Extent extent : file.file().extents()) {
      json.writeStartObject();
      json.writeStringField("object", extent.object().id().hex());
      json.writeNumberField("generation", extent.object().generation());
      json.writeNumberField("offset", extent.offset());
      json.writeNumberField("length", extent.length());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void print(Console console, Source from, FileEntry file) {
    Sheet sheet = new Sheet(console);
    sheet.line("path", file.path().text());
    sheet.line("repo", from.commit().commit().repo());
    sheet.line("commit", from.commit().id().hex());
    sheet.line("size", file.size() + " bytes");
    sheet.line("sha256", file.sha256().hex());
    sheet.line("executable", file.executable() ? "yes" : "");
    sheet.line("lies in", place(file.file()));
    file.file().table().ifPresent(facts -> print(console, sheet, facts));
  }

  private static String place(StoredFile file) {
    List<Extent> extents = file.extents();
    if (extents.isEmpty()) {
      return "";
    }
    Extent first = extents.get(0);
    boolean whole = extents.size() == 1 && first.object().id().equals(file.sha256());
    if (whole) {
      return "an object of its own";
    }
    return extents.size() == 1
        ? "object " + first.object().id().hex() + " from byte " + first.offset()
        : extents.size() + " extents, the first in object " + first.object().id().hex();
  }

  private static void print(Console console, Sheet sheet, TableFacts facts) {
    sheet.line("rows", Long.toString(facts.rows()));
    sheet.line("row digest", facts.rowDigest().orElse("not known"));
    Table columns =
        new Table(
            Table.right("ID"),
            Table.left("COLUMN"),
            Table.left("TYPE"),
            Table.right("NULLS"),
            Table.left("MIN"),
            Table.left("MAX"));
    Iterator<ColumnFacts> known = facts.columns().iterator();
    for (JsonNode column : columns(facts)) {
      ColumnFacts of = known.next();
      columns.row(
          column.path("id").asText(),
          column.path("name").asText(),
          column.path("type").asText() + (column.path("nullable").asBoolean() ? "" : " not null"),
          of.nulls().map(String::valueOf).orElse("?"),
          of.min().map(InspectFileCommand::shown).orElse("?"),
          of.max().map(InspectFileCommand::shown).orElse("?"));
    }
    console.line("");
    console.table(columns);
  }

  private static JsonNode columns(TableFacts facts) {
    try {
      return CanonicalJson.parse(facts.schemaJson().getBytes(StandardCharsets.UTF_8))
          .path("columns");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a table's schema is JSON: " + facts.schemaJson(), e);
    }
  }

  private static String shown(String bound) {
    String line = bound.replaceAll("\\p{Cntrl}", "\uFFFD");
    return line.codePointCount(0, line.length()) <= SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
