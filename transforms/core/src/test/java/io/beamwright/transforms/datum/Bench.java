// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.program.Mount;
import io.beamwright.transforms.program.Passable;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A small store with a scratch folder, and datums over it. */
final class Bench implements AutoCloseable {

  static final Sha256 COMMIT = Sha256.of("a commit".getBytes(StandardCharsets.UTF_8));

  private final LocalStorage storage;
  final StoredFiles files;
  final Trees trees;
  final Path scratch;

  Bench(Path folder) throws IOException {
    this.storage = new LocalStorage(Files.createDirectory(folder.resolve("store")));
    this.files = new StoredFiles(storage);
    this.trees = new Trees(new WriteSession(storage));
    this.scratch = Files.createDirectory(Passable.make(folder).resolve("scratch"));
  }

  Packer packer() {
    return new Packer(new WriteSession(storage));
  }

  StoredFile stored(String content) throws IOException {
    try (Packer packer = packer()) {
      var pending = packer.add(Content.of(content.getBytes(StandardCharsets.UTF_8)));
      packer.flush();
      return pending.stored();
    }
  }

  FileEntry file(String path, String content) throws IOException {
    return FileEntry.of(FilePath.of(path), false, stored(content));
  }

  FileEntry script(String path, String content) throws IOException {
    return FileEntry.of(FilePath.of(path), true, stored(content));
  }

  Sha256 tree(FileEntry... files) {
    return trees
        .build(
            Arrays.stream(files).sorted(Comparator.comparing(FileEntry::path)).toList().iterator())
        .id();
  }

  static DatumInput input(String name, FileEntry... files) {
    return input(name, View.NONE, files);
  }

  static DatumInput input(String name, View as, FileEntry... files) {
    return new DatumInput(name, name, "master", COMMIT, "/", as, List.of(files));
  }

  static Datum datum(DatumInput... inputs) {
    return Datum.of(Sha256.of(new byte[0]), List.of(inputs));
  }

  /** What a datum came to, with everything durable. */
  DatumOutcome run(DatumTransform transform, Datum datum) throws InterruptedException {
    return run(transform, datum, LiveOutput.UNSEEN);
  }

  /** The same, shown to {@code live} while it runs. */
  DatumOutcome run(DatumTransform transform, Datum datum, LiveOutput live)
      throws InterruptedException {
    try (DatumRunner runner = runner(transform, live);
        Packer packer = packer()) {
      DatumOutcome outcome = runner.run(datum, packer);
      packer.flush();
      return outcome;
    }
  }

  /** A runner of many datums. */
  DatumRunner runner(DatumTransform transform) {
    return runner(transform, LiveOutput.UNSEEN);
  }

  /** The same, shown to {@code live}. */
  DatumRunner runner(DatumTransform transform, LiveOutput live) {
    DatumJob job = new DatumJob("job-1", "train");
    return DatumRunner.of(transform, job, files, trees::open, scratch, live);
  }

  /** The text of each output by its path. */
  Map<String, String> texts(DatumOutcome outcome) {
    Map<String, String> texts = new TreeMap<>();
    for (DatumOutput output : ((DatumOutcome.Success) outcome).outputs()) {
      texts.put(output.path().text(), text(output.entry().file()));
    }
    return texts;
  }

  String log(DatumOutcome outcome) {
    return outcome.log().map(log -> text(log.stored())).orElse("");
  }

  String text(StoredFile file) {
    return new String(files.readAll(file), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    storage.close();
  }

  /** Closes this; whoever ran datums has left nothing in the scratch folder. */
  void closeAndFindNothingLeft() throws IOException {
    close();
    try (var left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }

  /** A program with the usual settings, to change one at a time. */
  static final class Program {
    private final List<String> cmd;
    private final String executor;
    private final int contractVersion;
    private List<String> stdin = List.of();
    private Map<String, String> env = Map.of();
    private Optional<Sha256> code = Optional.empty();
    private DeclaredEnvironment environment = DeclaredEnvironment.NONE;
    private List<Integer> codes = List.of();
    private Optional<String> workingDir = Optional.empty();
    private int tries = 1;
    private Optional<Duration> timeout = Optional.empty();
    private List<Mount> mounts = List.of();

    Program(String executor, int contractVersion, String... cmd) {
      this.executor = executor;
      this.contractVersion = contractVersion;
      this.cmd = List.of(cmd);
    }

    Program stdin(String... lines) {
      stdin = List.of(lines);
      return this;
    }

    Program env(Map<String, String> variables) {
      env = variables;
      return this;
    }

    Program code(Sha256 tree) {
      code = Optional.of(tree);
      return this;
    }

    Program environment(DeclaredEnvironment declared) {
      environment = declared;
      return this;
    }

    Program accept(Integer... accepted) {
      codes = List.of(accepted);
      return this;
    }

    Program workingDir(String folder) {
      workingDir = Optional.of(folder);
      return this;
    }

    Program mounts(List<Mount> folders) {
      mounts = folders;
      return this;
    }

    Program tries(int number) {
      tries = number;
      return this;
    }

    Program timeout(Duration limit) {
      timeout = Optional.of(limit);
      return this;
    }

    ProgramTransform transform() {
      return new ProgramTransform(
          cmd,
          stdin,
          new TreeMap<>(env),
          code,
          environment,
          new TreeSet<>(codes),
          workingDir,
          tries,
          timeout,
          mounts,
          executor,
          contractVersion);
    }
  }
}
