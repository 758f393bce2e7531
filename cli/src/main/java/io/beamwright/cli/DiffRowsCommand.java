// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.tables.Column;
import io.beamwright.tables.RowChange;
import io.beamwright.tables.RowDiff;
import io.beamwright.tables.SchemaChange;
import io.beamwright.tables.TableFiles;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.gc.DroppedCommits;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diff rows}: what became of the rows of a table. */
@Command(
    name = "rows",
    description = {
      "List the rows of a table that were added, removed or changed from one commit to another.",
      "A table is a Parquet file, or a folder with files that end in .parquet. Rows are told by the"
          + " key. With one ref only: from the commit before it. Files that both commits have are not"
          + " read. How the columns differ is told first; nothing is printed where nothing differs."
    })
final class DiffRowsCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@REF[:PATH]", description = "The older table.")
  private String first = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REPO@REF[:PATH]",
      description = "The newer table; without a path, at the same.")
  private @Nullable String second;

  @Option(
      names = "--key",
      split = ",",
      required = true,
      paramLabel = "COLUMN",
      description = "The columns that tell a row, with commas between.")
  private List<String> key = List.of();

  @Option(
      names = {"-n", "--number"},
      paramLabel = "COUNT",
      converter = Limit.class,
      description = "Print that many rows at most; all are counted.")
  private int limit = Integer.MAX_VALUE;

  /** Two tables, of which the older one may be absent. */
  private record Sides(
      Optional<History.Named> older,
      Optional<TableFiles> before,
      History.Named newer,
      Optional<TableFiles> after) {}

  @Override
  public Exit run(Session session) throws IOException {
    Inspection.requireReady("diff rows");
    Set<String> columns = new LinkedHashSet<>(key);
    try (Store store = session.openStore()) {
      Sides sides = second == null ? withParent(store) : both(store, second);
      try (RowDiff diff =
          RowDiff.between(
              sides.before(), sides.after(), List.copyOf(columns), limit, store.files())) {
        if (session.json()) {
          session.console().document(json -> write(json, sides, diff));
        } else {
          print(session.console(), diff, columns.size());
        }
      }
      return Exit.FINE;
    }
  }

  private Sides withParent(Store store) {
    Source newer = Source.of(store, first);
    Optional<History.Named> parent =
        newer.commit().commit().parents().stream().findFirst().map(store.history()::read);
    Optional<TableFiles> before =
        parent.flatMap(
            commit ->
                TableFiles.at(
                    store.history().files(commit.commit()), newer.path(), newer.ref() + "^"));
    return checked(
        store, new Sides(parent, before, newer.commit(), table(newer.files(), newer)), newer);
  }

  private Sides both(Store store, String newerTyped) {
    Source older = Source.of(store, first);
    Source typed = Source.of(store, newerTyped);
    Source newer =
        newerTyped.contains(":")
            ? typed
            : new Source(typed.named(), typed.files(), older.path(), typed.ref());
    return checked(
        store,
        new Sides(
            Optional.of(older.commit()),
            table(older.files(), older),
            newer.commit(),
            table(newer.files(), newer)),
        newer);
  }

  private static Optional<TableFiles> table(Tree files, Source at) {
    return TableFiles.at(files, at.path(), at.ref());
  }

  private static Sides checked(Store store, Sides sides, Source newer) {
    if (sides.before().isPresent() || sides.after().isPresent()) {
      DroppedCommits dropped = store.droppedCommits();
      sides.before().flatMap(table -> sides.older()).ifPresent(at -> refuse(dropped, at));
      sides.after().ifPresent(table -> refuse(dropped, sides.newer()));
      return sides;
    }
    throw newer.path().equals("/")
        ? new UserFault(newer.ref() + " holds no file.", "Name a commit that holds a table.")
        : store.history().noSuchPath(newer.files(), FilePath.of(newer.path()), newer.ref());
  }

  private static void refuse(DroppedCommits dropped, History.Named commit) {
    dropped.refuseWithoutBytes(commit.id());
  }

  private static void print(Console console, RowDiff diff, int keyColumns) throws IOException {
    diff.schema().forEach(change -> console.line(line(change)));
    diff.forEach(change -> console.line(line(change, keyColumns)));
    if (diff.added() + diff.removed() + diff.changed() > 0) {
      console.line(
          "%d added, %d removed, %d changed"
              .formatted(diff.added(), diff.removed(), diff.changed()));
    }
  }

  private static String line(SchemaChange change) {
    if (change instanceof SchemaChange.Added added) {
      return "added    column " + described(added.after());
    }
    if (change instanceof SchemaChange.Removed removed) {
      return "removed  column " + described(removed.before());
    }
    SchemaChange.Retyped retyped = (SchemaChange.Retyped) change;
    return "retyped  column %s -> %s, not compared"
        .formatted(described(retyped.before()), retyped.after().type().text());
  }

  private static String described(Column column) {
    return column.name() + " " + column.type().text();
  }

  private static String line(RowChange change, int keyColumns) {
    if (change instanceof RowChange.Added added) {
      return "added    " + added.after().text(added.after().schema().width());
    }
    if (change instanceof RowChange.Removed removed) {
      return "removed  " + removed.before().text(removed.before().schema().width());
    }
    RowChange.Changed changed = (RowChange.Changed) change;
    StringBuilder line = new StringBuilder("changed  ").append(changed.after().text(keyColumns));
    String gap = ": ";
    for (String column : changed.columns()) {
      line.append(gap).append(column).append(' ').append(changed.before().json(column));
      line.append(" -> ").append(changed.after().json(column));
      gap = ", ";
    }
    return line.toString();
  }

  private void write(JsonGenerator json, Sides sides, RowDiff diff) throws IOException {
    json.writeStartObject();
    json.writeStringField(
        "from", sides.older().map(History.Named::id).map(CommitId::hex).orElse(null));
    json.writeStringField("to", sides.newer().id().hex());
    json.writeStringField("before", sides.before().map(TableFiles::name).orElse(null));
    json.writeStringField("after", sides.after().map(TableFiles::name).orElse(null));
    json.writeArrayFieldStart("key");
    for (String column : new LinkedHashSet<>(key)) {
      json.writeString(column);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("columns");
    for (SchemaChange change : diff.schema()) {
      write(json, change);
    }
    json.writeEndArray();
    json.writeNumberField("added", diff.added());
    json.writeNumberField("removed", diff.removed());
    json.writeNumberField("changed", diff.changed());
    json.writeArrayFieldStart("rows");
    diff.forEach(change -> write(json, change));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, SchemaChange change) throws IOException {
    json.writeStartObject();
    if (change instanceof SchemaChange.Added added) {
      json.writeStringField("change", "added");
      json.writeStringField("name", added.after().name());
      json.writeStringField("after", added.after().type().text());
    } else if (change instanceof SchemaChange.Removed removed) {
      json.writeStringField("change", "removed");
      json.writeStringField("name", removed.before().name());
      json.writeStringField("before", removed.before().type().text());
    } else if (change instanceof SchemaChange.Retyped retyped) {
      json.writeStringField("change", "retyped");
      json.writeStringField("name", retyped.after().name());
      json.writeStringField("before", retyped.before().type().text());
      json.writeStringField("after", retyped.after().type().text());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, RowChange change) throws IOException {
    json.writeStartObject();
    if (change instanceof RowChange.Added added) {
      json.writeStringField("change", "added");
      write(json, "after", added.after());
    } else if (change instanceof RowChange.Removed removed) {
      json.writeStringField("change", "removed");
      write(json, "before", removed.before());
    } else if (change instanceof RowChange.Changed changed) {
      json.writeStringField("change", "changed");
      write(json, "before", changed.before());
      write(json, "after", changed.after());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String side, RowChange.Row row) throws IOException {
    json.writeFieldName(side);
    json.writeRawValue(row.json());
  }
}
