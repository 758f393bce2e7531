// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.file.InspectorNotReady;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
    System.exit(new Beamwright(console, System.getenv()).runProcess(List.of(args)).code());
  }

  private Exit runProcess(List<String> arguments) {
    String handedOver = System.getProperty(Handover.TAKEN);
    if (handedOver == null) {
      return run(arguments);
    }
    try {
      List<String> handed = new Handover(Path.of(handedOver)).take();
      quietLibraries(handed.contains("--debug"));
      return run(handed);
    } catch (Fault e) {
      return failed(e, false, false);
    }
  }

  // Beam and its libraries log by java.util.logging, which the small process never loads.
  private static void quietLibraries(boolean debug) {
    System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %3$s: %5$s%6$s%n");
    Logger.getLogger("").setLevel(debug ? Level.INFO : Level.WARNING);
  }

  /** Runs one command. Everything that it prints is written when this returns. */
  Exit run(List<String> arguments) {
    List<String> words = OldSpellings.rewrite(arguments);
    try {
      Exit exit = parseAndRun(words);
      console.flush();
      return exit;
    } catch (Throwable e) {
      return failed(e, words.contains("--json"), words.contains("--debug"));
    }
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
    Session session =
        new Session(options.store(environment), options.json(), console, environment);
    try {
      return subcommand.run(session);
    } catch (InspectorNotReady needed) {
      return goOn(session, words, needed);
    }
  }

  /** From the start, in the process with the whole class path. */
  private static Exit goOn(Session session, List<String> words, InspectorNotReady needed) {
    Handover handover =
        session
            .handover()
            .orElseThrow(
                () ->
                    new EnvironmentFault(
                        needed.getMessage() + ".",
                        "Start the command by the script beamwright.",
                        needed));
    List<String> again = new ArrayList<>(words);
    if (needed.begun().length > 0) {
      again.add(PutFileCommand.BEGUN + "=" + HexFormat.of().formatHex(needed.begun()));
    }
    return handover.to(again);
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
    return Commands.all().parseArgs(arguments);
  }

  private static String whatIsMissing(CommandLine group) {
    String words = Commands.alternatives(List.copyOf(group.getSubcommands().keySet()));
    return "A word is missing after \"%s\": %s."
        .formatted(group.getCommandSpec().qualifiedName(), words);
  }
}
