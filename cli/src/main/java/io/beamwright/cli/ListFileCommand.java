// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.glob.GlobMatch;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FolderChild;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code list file}: what is in a commit. */
@Command(
    name = "file",
    description = {
      "List what lies in a folder of a commit, or with -r every file below it.",
      "A path may be a glob, as in a spec: 'prices@master:/2017/*.csv' lists what it matches."
    })
final class ListFileCommand implements Subcommand {

  private static final int ID_WIDTH = 12;

  @Parameters(paramLabel = "REPO@REF[:PATH]", description = "A folder, file or glob of a commit.")
  private String source = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "List every file below the folder.")
  private boolean recursive;

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStoreThroughCache()) {
      Source from = Source.of(store, source);
      Stream<FolderChild> children = children(store, from);
      if (session.json()) {
        session.console().document(json -> write(json, from, children.iterator()));
      } else {
        print(session.console(), from, children.iterator());
      }
      return Exit.FINE;
    }
  }

  private Stream<FolderChild> children(Store store, Source from) {
    if (from.file().isPresent()) {
      return from.file().stream().map(FolderChild.File::new);
    }
    Optional<PathGlob> glob = PathGlob.in(from.files(), from.path());
    if (glob.isPresent()) {
      List<GlobMatch<FileEntry>> matches = glob.get().require(from.files(), from.ref());
      return recursive
          ? matches.stream().flatMap(match -> match.files().stream()).map(FolderChild.File::new)
          : matches.stream().map(PathGlob::child);
    }
    from.requireFolder(store);
    return recursive
        ? from.files().filesUnder(from.path()).map(FolderChild.File::new)
        : from.files().listFolder(from.path());
  }

  // Line by line, for a commit may hold more files than the memory: nothing is wider than the sum.
  private static void print(Console console, Source from, Iterator<FolderChild> children) {
    int width = Math.max(4, Long.toString(from.files().totalBytes()).length());
    String format = "%-10s  %" + width + "s  %-" + ID_WIDTH + "s  %s";
    console.line(format.formatted("TYPE", "SIZE", "SHA256", "PATH"));
    while (children.hasNext()) {
      FolderChild child = children.next();
      if (child instanceof FolderChild.File file) {
        FileEntry entry = file.entry();
        String id = Console.shortId(entry.sha256().hex());
        String type = entry.executable() ? "executable" : "file";
        console.line(format.formatted(type, entry.size(), id, child.path()));
      } else {
        FolderChild.Folder folder = (FolderChild.Folder) child;
        String files = folder.files() == 1 ? "1 file" : folder.files() + " files";
        console.line(format.formatted("folder", folder.bytes(), files, child.path() + "/"));
      }
    }
  }

  private static void write(JsonGenerator json, Source from, Iterator<FolderChild> children)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("repo", from.commit().commit().repo());
    json.writeStringField("commit", from.commit().id().hex());
    json.writeStringField("path", from.path());
    json.writeArrayFieldStart("files");
    while (children.hasNext()) {
      FolderChild child = children.next();
      json.writeStartObject();
      json.writeStringField("path", child.path());
      if (child instanceof FolderChild.File file) {
        json.writeStringField("type", "file");
        Json.writeFile(json, file.entry());
      } else {
        FolderChild.Folder folder = (FolderChild.Folder) child;
        json.writeStringField("type", "folder");
        json.writeNumberField("files", folder.files());
        json.writeNumberField("size", folder.bytes());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
