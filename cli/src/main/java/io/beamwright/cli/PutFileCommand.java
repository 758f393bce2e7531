// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.LocalPut;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code put file}: files of this machine into a commit. */
@Command(
    name = "file",
    description = {
      "Put files into a branch, in place of what is there, as one commit.",
      "A Parquet file is told by its first bytes and kept as a table: its schema, rows and bounds are"
          + " read from its footer.",
      "The branch is created if absent; the repo is not. A file goes to PATH, or into it under its"
          + " own name if PATH is left out or ends in /. The files of a folder go below PATH; a"
          + " folder .beamwright is left out."
    })
final class PutFileCommand implements Subcommand {

  /** The option that gives this process, in hexadecimal, what another has read of the input. */
  static final String BEGUN = "--begun";

  @Parameters(paramLabel = "REPO@BRANCH[:PATH]", description = "Where to put it.")
  private String target = "";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A file, or - for standard input, which is the default. May be repeated.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Put every file of a folder.")
  private boolean recursive;

  @Option(
      names = "--append",
      description = "Append to the content of the file that is there, if one is.")
  private boolean append;

  @Option(names = BEGUN, hidden = true)
  private String begun = "";

  @Mixin private Looking looking = new Looking();

  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    Target to = Target.parse(target);
    if (sources.isEmpty()) {
      sources.add(Upload.STANDARD_INPUT);
    }
    try (Store store = session.openStoreToCommit();
        Uploaded uploaded = new Uploaded(session, store, to)) {
      Repo repo = store.repos().require(to.repo());
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  to.branch(),
                  () -> message.orElse(uploaded.done()),
                  Committer.Empty.SKIPPED,
                  uploaded::putInto);
      uploaded.remember();
      return ChangeOutput.print(
          session, to, outcome, uploaded.done(), to.ref() + " holds the same already.");
    }
  }

  /** A file may hand this over to another process, which cannot read the input again. */
  private List<String> inputLast() {
    List<String> ordered = new ArrayList<>(sources);
    ordered.sort(Comparator.comparing(Upload.STANDARD_INPUT::equals));
    return ordered;
  }

  private InputStream input(Session session) {
    byte[] read = HexFormat.of().parseHex(begun);
    return new SequenceInputStream(new ByteArrayInputStream(read), session.console().input());
  }

  /** What is put, taken into the store when it is known what is there. */
  private final class Uploaded implements AutoCloseable {

    private final Session session;
    private final Store store;
    private final Target to;
    private final List<FileEntry> files = new ArrayList<>();
    private final List<LocalPut> folders = new ArrayList<>();
    private Optional<Tree> result = Optional.empty();

    Uploaded(Session session, Store store, Target to) {
      this.session = session;
      this.store = store;
      this.to = to;
    }

    Tree putInto(Tree before) {
      if (result.isEmpty()) {
        take(before);
      }
      Tree after = applyTo(before);
      result = Optional.of(after);
      return after;
    }

    private void take(Tree before) {
      List<Supplier<List<FileEntry>>> added = new ArrayList<>();
      try (Progress progress = session.console().progress("putting");
          Packer packer = store.packer()) {
        Upload upload = new Upload(packer, input(session), Transfer.on(progress));
        for (String source : inputLast()) {
          if (recursive && !append && Upload.isFolder(source)) {
            folders.add(
                upload.put(source, to, before, looking.inspection(), store, session.cache()));
          } else {
            Upload.Folders taken = recursive ? Upload.Folders.TAKEN : Upload.Folders.REFUSED;
            added.add(upload.add(source, to, taken, looking.inspection()));
          }
        }
        packer.flush();
      }
      added.forEach(some -> files.addAll(some.get()));
      check();
    }

    private void check() {
      if (fileCount() == 0) {
        throw new UserFault(
            String.join(", ", sources) + " holds no file.", "Name a folder that holds some.");
      }
      // The paths below one folder differ.
      if (sources.size() > 1) {
        Set<FilePath> paths = new HashSet<>();
        files.forEach(file -> requireNew(paths, file.path()));
        folders.forEach(folder -> folder.paths().forEach(path -> requireNew(paths, path)));
      }
    }

    private void requireNew(Set<FilePath> paths, FilePath path) {
      if (!paths.add(path)) {
        throw new UserFault(
            "Two files would be put at \"" + path + "\".",
            sources.size() > 1 && !to.isFolder()
                ? "End the path in / to put several files into a folder."
                : "Put them one after the other.");
      }
    }

    private Tree applyTo(Tree before) {
      if (files.isEmpty() && folders.size() == 1) {
        return folders.get(0).applyTo(store.trees(), before);
      }
      List<TreeEdit> edits = new ArrayList<>();
      for (FileEntry file : files) {
        edits.add(new TreeEdit.Put(append ? appended(store, before, file) : file));
      }
      folders.forEach(folder -> edits.addAll(folder.edits(before)));
      return store.trees().edit(before, edits);
    }

    private long fileCount() {
      return files.size() + folders.stream().mapToLong(LocalPut::fileCount).sum();
    }

    /** What was put, in words. */
    String done() {
      long count = fileCount();
      if (count == 1) {
        FilePath only =
            files.isEmpty() ? folders.get(0).paths().iterator().next() : files.get(0).path();
        return "put " + only.text();
      }
      long bytes =
          files.stream().mapToLong(FileEntry::size).sum()
              + folders.stream().mapToLong(LocalPut::byteCount).sum();
      return "put " + Transfer.amount(count, bytes);
    }

    /** Remembers what the folders held, now that it is in the branch. */
    void remember() {
      result.ifPresent(tree -> folders.forEach(folder -> folder.remember(tree)));
    }

    @Override
    public void close() {
      folders.forEach(LocalPut::close);
    }
  }

  /**
   * {@code file} after what is in its place.
   *
   * @throws UserFault if either is a table, for two tables one after the other are none
   */
  static FileEntry appended(Store store, Tree before, FileEntry file) {
    Optional<FileEntry> there = before.find(file.path()).filter(entry -> entry.size() > 0);
    if (there.isEmpty()) {
      return file;
    }
    if (file.file().table().isPresent() || there.get().file().table().isPresent()) {
      throw new UserFault(
          "\"" + file.path() + "\": bytes cannot be appended to a table, nor a table to bytes.",
          "Put the rows as another file beside it.");
    }
    return FileEntry.of(
        file.path(),
        there.get().executable(),
        store.files().concat(there.get().file(), file.file()));
  }
}
