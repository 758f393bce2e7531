// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
    try (Store store = session.openStore()) {
      Repo repo = store.repos().require(to.repo());
      Collection<FileEntry> files = upload(session, store, to);
      String done = "put " + described(files);
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  to.branch(),
                  message.orElse(done),
                  Committer.Empty.SKIPPED,
                  before -> put(store, before, files));
      return ChangeOutput.print(session, to, outcome, done, to.ref() + " holds the same already.");
    }
  }

  private Collection<FileEntry> upload(Session session, Store store, Target to) {
    List<Supplier<List<FileEntry>>> added = new ArrayList<>();
    try (Progress progress = session.console().progress("putting");
        Packer packer = store.packer()) {
      Upload upload = new Upload(packer, input(session), Transfer.on(progress));
      Upload.Folders folders = recursive ? Upload.Folders.TAKEN : Upload.Folders.REFUSED;
      for (String source : inputLast()) {
        added.add(upload.add(source, to, folders, looking.inspection()));
      }
      packer.flush();
    }
    SortedMap<FilePath, FileEntry> files = new TreeMap<>();
    for (Supplier<List<FileEntry>> some : added) {
      for (FileEntry file : some.get()) {
        if (files.put(file.path(), file) != null) {
          throw new UserFault(
              "Two files would be put at \"" + file.path() + "\".",
              sources.size() > 1 && !to.isFolder()
                  ? "End the path in / to put several files into a folder."
                  : "Put them one after the other.");
        }
      }
    }
    if (files.isEmpty()) {
      throw new UserFault(
          String.join(", ", sources) + " holds no file.", "Name a folder that holds some.");
    }
    return files.values();
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

  private static String described(Collection<FileEntry> files) {
    return files.size() == 1
        ? files.iterator().next().path().text()
        : Transfer.amount(files.size(), files.stream().mapToLong(FileEntry::size).sum());
  }

  private Tree put(Store store, Tree before, Collection<FileEntry> files) {
    return store
        .trees()
        .edit(
            before,
            files.stream()
                .map(file -> append ? appended(store, before, file) : file)
                .map(TreeEdit.Put::new)
                .toList());
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
