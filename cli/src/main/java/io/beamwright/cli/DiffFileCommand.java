// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeChange;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code diff file}: what changed from one commit to another. */
@Command(
    name = "file",
    description = {
      "List the files and folders that were added, removed or changed from one commit to another.",
      "With one ref only: from the commit before it. A path in either limits both. Nothing is"
          + " printed where nothing differs."
    })
final class DiffFileCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@REF[:PATH]", description = "The older commit.")
  private String first = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REPO@REF[:PATH]",
      description = "The newer commit.")
  private @Nullable String second;

  /** Two commits, and the path that is compared. */
  private record Sides(
      Optional<History.Named> older, Tree before, History.Named newer, Tree after, String path) {}

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStoreThroughCache()) {
      Sides sides = second == null ? withParent(store) : both(store, second);
      Changes changes = new Changes(sides);
      if (session.json()) {
        session.console().document(json -> write(json, sides, changes));
      } else {
        print(session.console(), changes);
      }
      return Exit.FINE;
    }
  }

  private Sides withParent(Store store) {
    Source newer = Source.of(store, first);
    Optional<History.Named> parent =
        newer.commit().commit().parents().stream().findFirst().map(store.history()::read);
    Tree before = parent.map(p -> store.history().files(p.commit())).orElse(store.trees().empty());
    return checked(
        store, new Sides(parent, before, newer.commit(), newer.files(), newer.path()), newer.ref());
  }

  private Sides both(Store store, String newerTyped) {
    Source older = Source.of(store, first);
    Source newer = Source.of(store, newerTyped);
    if (!older.path().equals(newer.path())
        && !older.path().equals("/")
        && !newer.path().equals("/")) {
      throw new UserFault(
          "\"" + older.path() + "\" and \"" + newer.path() + "\" are two paths.",
          "Compare the same path in both commits.");
    }
    String path = older.path().equals("/") ? newer.path() : older.path();
    return checked(
        store,
        new Sides(Optional.of(older.commit()), older.files(), newer.commit(), newer.files(), path),
        newer.ref());
  }

  private static Sides checked(Store store, Sides sides, String ref) {
    String path = sides.path();
    if (!sides.before().holds(path) && !sides.after().holds(path)) {
      throw store.history().noSuchPath(sides.after(), FilePath.of(path), ref);
    }
    return sides;
  }

  /** A path that differs: a file, or a folder of which a file does. */
  private record Change(
      String how, String path, Optional<FileEntry> before, Optional<FileEntry> after) {

    boolean isFolder() {
      return before.isEmpty() && after.isEmpty();
    }
  }

  /** Goes over the changes, each folder before what lies in it. */
  private static final class Changes implements Iterator<Change> {
    private final Sides sides;
    private final Iterator<TreeChange> files;
    private final Set<String> foldersSeen = new HashSet<>();
    private final java.util.ArrayDeque<Change> next = new java.util.ArrayDeque<>();

    Changes(Sides sides) {
      this.sides = sides;
      this.files = sides.before().diff(sides.after(), sides.path()).iterator();
    }

    @Override
    public boolean hasNext() {
      if (next.isEmpty() && files.hasNext()) {
        TreeChange change = files.next();
        for (String folder : change.path().folders()) {
          // What was compared is no news.
          if (folder.length() > sides.path().length() && foldersSeen.add(folder)) {
            next.add(folder(folder));
          }
        }
        next.add(file(change));
      }
      return !next.isEmpty();
    }

    @Override
    public Change next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      return next.remove();
    }

    private Change folder(String folder) {
      String how =
          !sides.before().isFolder(folder)
              ? "added"
              : sides.after().isFolder(folder) ? "changed" : "removed";
      return new Change(how, folder, Optional.empty(), Optional.empty());
    }

    private static Change file(TreeChange change) {
      String path = change.path().text();
      if (change instanceof TreeChange.Added added) {
        return new Change("added", path, Optional.empty(), Optional.of(added.after()));
      }
      if (change instanceof TreeChange.Removed removed) {
        return new Change("removed", path, Optional.of(removed.before()), Optional.empty());
      }
      TreeChange.Changed changed = (TreeChange.Changed) change;
      return new Change(
          "changed", path, Optional.of(changed.before()), Optional.of(changed.after()));
    }
  }

  private static void print(Console console, Changes changes) {
    while (changes.hasNext()) {
      Change change = changes.next();
      console.line(
          "%-7s  %s%s".formatted(change.how(), change.path(), change.isFolder() ? "/" : ""));
    }
  }

  private static void write(JsonGenerator json, Sides sides, Changes changes) throws IOException {
    json.writeStartObject();
    json.writeStringField(
        "from", sides.older().map(History.Named::id).map(CommitId::hex).orElse(null));
    json.writeStringField("to", sides.newer().id().hex());
    json.writeStringField("path", sides.path());
    json.writeArrayFieldStart("changes");
    while (changes.hasNext()) {
      Change change = changes.next();
      json.writeStartObject();
      json.writeStringField("change", change.how());
      json.writeStringField("type", change.isFolder() ? "folder" : "file");
      json.writeStringField("path", change.path());
      write(json, "before", change.before());
      write(json, "after", change.after());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String side, Optional<FileEntry> file)
      throws IOException {
    if (file.isPresent()) {
      json.writeObjectFieldStart(side);
      Json.writeFile(json, file.get());
      json.writeEndObject();
    }
  }
}
