// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.runners.LibraryLogs;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.file.InspectorNotReady;
import io.beamwright.versioning.storage.StorageNotLoaded;
import io.beamwright.versioning.storage.StorageWaits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code beamwright}. */
public final class Beamwright {

  private final Console console;
  private final Map<String, String> environment;

  Beamwright(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Console console = Console.ofProcess();
    StorageWaits.tellBy(console::warning);
    System.exit(new Beamwright(console, System.getenv()).runProcess(List.of(args)).code());
  }

  private Exit runProcess(List<String> arguments) {
    String handedOver = System.getProperty(Handover.TAKEN);
    if (handedOver == null) {
      return run(arguments);
    }
    try {
      List<String> handed = new Handover(Path.of(handedOver)).take();
      if (ClassPath.ofProcess().full()) {
        Libraries.quiet(handed.contains("--debug"));
      }
      return run(handed);
    } catch (Fault e) {
      return failed(e, false, false);
    }
  }

  /** Beam and other libraries log by java.util.logging, which the small process never loads. */
  private static final class Libraries {

    // Held here, for a logger that nobody holds forgets its level. What these warn of, our own
    // messages say.
    private static final List<Logger> STORAGES =
        List.of(Logger.getLogger("software.amazon.awssdk"), Logger.getLogger("org.apache.http"));

    static void quiet(boolean debug) {
      System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %3$s: %5$s%6$s%n");
      Logger.getLogger("").setLevel(debug ? Level.INFO : Level.WARNING);
      STORAGES.forEach(logger -> logger.setLevel(debug ? Level.INFO : Level.OFF));
      if (debug) {
        LibraryLogs.warn();
      }
    }
  }

  /** Runs one command. Everything that it prints is written when this returns. */
  Exit run(List<String> arguments) {
    List<String> words = OldSpellings.rewrite(arguments);
    try {
      Exit exit = runHere(words);
      console.flush();
      return exit;
    } catch (Throwable e) {
      return failed(e, words.contains("--json"), words.contains("--debug"));
    }
  }

  private Exit runHere(List<String> words) throws IOException, InterruptedException {
    Optional<Handover> handover = Handover.offeredIn(environment);
    try {
      return parseAndRun(words);
    } catch (ClassPathNeeded e) {
      return e.leaveTo(handover, words);
    } catch (InspectorNotReady e) {
      return ClassPathNeeded.from(ClassPath.ofProcess().withAll())
          .leaveTo(handover, withBegun(words, e.begun()));
    } catch (StorageNotLoaded e) {
      if (handover.isEmpty()) {
        throw e;
      }
      return ClassPathNeeded.from(ClassPath.ofProcess().withStorage(e.scheme()))
          .leaveTo(handover, words);
    }
  }

  /** The same words, with what has been read of an input that another process cannot read again. */
  private static List<String> withBegun(List<String> words, byte[] begun) {
    List<String> again = new ArrayList<>(words);
    if (begun.length > 0) {
      again.add(PutFileCommand.BEGUN + "=" + HexFormat.of().formatHex(begun));
    }
    return again;
  }

  private Exit failed(Throwable thrown, boolean json, boolean debug) {
    try {
      if (debug) {
        console.note(Outcome.trace(thrown));
      }
      Exit exit = Outcome.of(thrown, debug).printOn(console, json);
      console.flush();
      return exit;
    } catch (Fault | Console.OutputClosed e) {
      // Standard output failed once more, as we told of its first failure.
      return Outcome.of(e, debug).exit();
    }
  }

  private Exit parseAndRun(List<String> words) throws IOException, InterruptedException {
    ParseResult parsed = parse(words);
    List<CommandLine> chain = parsed.asCommandLineList();
    CommandLine command = chain.get(chain.size() - 1);
    if (chain.stream().anyMatch(CommandLine::isUsageHelpRequested)) {
      console.text(command.getUsageMessage(Ansi.OFF));
      return Exit.FINE;
    }
    if (!(command.getCommand() instanceof Subcommand subcommand)) {
      throw new ParameterException(command, whatIsMissing(command));
    }
    GlobalOptions options = chain.get(0).getCommand();
    if (options.json()) {
      console.printJsonOnly();
    }
    NamedContext context = options.context(environment);
    return subcommand.run(
        new Session(
            options.store(context, environment),
            options.storeOptions(context, environment),
            new Session.Typed(options.typedStore(), options.typedStoreOptions()),
            context,
            options.json(),
            options.debug(),
            console,
            environment));
  }

  private static ParseResult parse(List<String> words) {
    String[] arguments = words.toArray(String[]::new);
    try {
      ParseResult parsed = Commands.namedIn(words).parseArgs(arguments);
      List<CommandLine> chain = parsed.asCommandLineList();
      if (chain.get(chain.size() - 1).getCommand() instanceof Subcommand) {
        return parsed;
      }
    } catch (ParameterException e) {
      // Said below by the command line that knows every command, and so the near misses.
    }
    CommandLine all = Commands.all();
    OthersWords.refuse(all, words);
    return all.parseArgs(arguments);
  }

  private static String whatIsMissing(CommandLine group) {
    String words = Commands.alternatives(List.copyOf(group.getSubcommands().keySet()));
    return "A word is missing after \"%s\": %s."
        .formatted(group.getCommandSpec().qualifiedName(), words);
  }
}
