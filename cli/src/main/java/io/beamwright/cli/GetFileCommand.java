// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Checkout;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code get file}: files of a commit to this machine. */
@Command(
    name = "file",
    description = {
      "Get a file of a commit, or with -r every file of a folder.",
      "A path may be a glob, as in a spec: what it matches goes into the folder OUTPUT.",
      "What is written is verified. Each file appears under its name when it is whole, or not at"
          + " all; files that are there already are left alone unless --force is given."
    })
final class GetFileCommand implements Subcommand {

  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO@REF:PATH", description = "A file, or with -r a folder.")
  private String source = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUTPUT",
      description =
          "The file to write, or a folder to write it into; - is standard output, which is the"
              + " default. With -r a folder, created if absent.")
  private String output = STANDARD_OUTPUT;

  @Option(
      names = {"-r", "--recursive"},
      description = "Get every file of a folder.")
  private boolean recursive;

  @Option(names = "--force", description = "Replace files that are there already.")
  private boolean force;

  @Override
  public Exit run(Session session) throws IOException {
    if (session.json() && output.equals(STANDARD_OUTPUT)) {
      throw new ParameterException(
          spec.commandLine(), "--json says what was written to a file: add -o FILE.");
    }
    try (Store store = session.openStoreThroughCache();
        Progress progress = session.console().progress("getting")) {
      Source from = Source.of(store, source);
      store.droppedCommits().refuseWithoutBytes(from.commit().id());
      Checkout checkout =
          new Checkout(
              store.files(),
              force ? Checkout.Existing.REPLACED : Checkout.Existing.REFUSED,
              Transfer.on(progress));
      Optional<PathGlob> glob = PathGlob.in(from.files(), from.path());
      if (glob.isPresent()) {
        return matches(session, from, glob.get(), checkout);
      }
      if (recursive && from.file().isEmpty()) {
        from.requireFolder(store);
        return folder(session, from, checkout);
      }
      FileEntry file = from.requireFile(store);
      if (output.equals(STANDARD_OUTPUT)) {
        print(session, store, file);
        return Exit.FINE;
      }
      Path target = target(file);
      checkout.file(file, target);
      return CheckoutOutput.print(session, from.commit(), from.path(), target, checkout);
    }
  }

  private Exit matches(Session session, Source from, PathGlob glob, Checkout checkout) {
    if (output.equals(STANDARD_OUTPUT)) {
      throw new ParameterException(
          spec.commandLine(), "A glob needs a folder to be written to: add -o FOLDER.");
    }
    Path folder = Path.of(output);
    checkout.files(
        PathGlob.places(glob.require(from.files(), from.ref(), recursive), from.ref()), folder);
    return CheckoutOutput.print(session, from.commit(), from.path(), folder, checkout);
  }

  private Exit folder(Session session, Source from, Checkout checkout) {
    if (output.equals(STANDARD_OUTPUT)) {
      throw new ParameterException(
          spec.commandLine(), "A folder needs a folder to be written to: add -o FOLDER.");
    }
    Path target = Path.of(output);
    checkout.folder(from.files(), from.path(), target);
    return CheckoutOutput.print(session, from.commit(), from.path(), target, checkout);
  }

  private Path target(FileEntry file) {
    Path typed = Path.of(output);
    return output.endsWith("/") || Files.isDirectory(typed)
        ? typed.resolve(file.path().name())
        : typed;
  }

  private static void print(Session session, Store store, FileEntry file) throws IOException {
    OutputStream out = session.console().output();
    try (InputStream in = store.files().open(file.file())) {
      in.transferTo(out);
    }
    out.flush();
  }
}
