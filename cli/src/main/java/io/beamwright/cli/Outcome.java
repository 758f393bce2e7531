// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one place that says how a command ended: what is printed, and the exit code.
 *
 * @param exit the exit code
 * @param what what happened
 * @param remedy what to do about it, or empty
 */
record Outcome(Exit exit, String what, String remedy) {

  /**
   * What {@code thrown} means to the person at the terminal.
   *
   * @param traceIsShown whether the stack trace is printed anyway; a bug's goes to a file otherwise
   */
  static Outcome of(Throwable thrown, boolean traceIsShown) {
    if (thrown instanceof ParameterException usage) {
      return usage(usage);
    }
    if (thrown instanceof Fault fault) {
      return new Outcome(exit(fault), message(fault), fault.remedy());
    }
    if (thrown instanceof Console.OutputClosed) {
      return new Outcome(Exit.OUTPUT_CLOSED, "", "");
    }
    if (thrown instanceof UncheckedIOException wrapped && wrapped.getCause() != null) {
      return of(wrapped.getCause(), traceIsShown);
    }
    if (thrown instanceof IOException io) {
      return new Outcome(Exit.ENVIRONMENT, message(io), "");
    }
    if (thrown instanceof InterruptedException) {
      return new Outcome(Exit.ENVIRONMENT, "Interrupted.", "Run the command again.");
    }
    if (thrown instanceof OutOfMemoryError) {
      return new Outcome(
          Exit.ENVIRONMENT,
          "The memory is not enough: " + message(thrown),
          "Allow more, as in BEAMWRIGHT_JAVA_OPTS=-Xmx8g.");
    }
    return bug(thrown, traceIsShown);
  }

  private static Exit exit(Fault fault) {
    if (fault instanceof UserFault) {
      return Exit.USER;
    }
    return fault instanceof ConflictFault ? Exit.CONFLICT : Exit.ENVIRONMENT;
  }

  private static String message(Throwable thrown) {
    String message = thrown.getMessage();
    // A FileSystemException without a reason says nothing but the path.
    boolean bare =
        message == null || (thrown instanceof FileSystemException e && e.getReason() == null);
    return bare
        ? thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message)
        : String.valueOf(message);
  }

  private static Outcome usage(ParameterException usage) {
    String command = usage.getCommandLine().getCommandSpec().qualifiedName();
    String help = "'" + command + " --help' says how it is used.";
    if (usage instanceof OthersWords.Typed others) {
      return new Outcome(
          Exit.COMMAND_LINE,
          "\"%s\" is nothing that \"%s\" knows.".formatted(others.typed(), command),
          "Here it is: beamwright " + others.ours() + ". " + help);
    }
    if (usage instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      List<String> near = NearMiss.of(word, unmatched.getSuggestions());
      return new Outcome(
          Exit.COMMAND_LINE,
          "\"%s\" is nothing that \"%s\" knows.".formatted(word, command),
          near.isEmpty() ? help : "Did you mean " + Commands.alternatives(near) + "? " + help);
    }
    return new Outcome(Exit.COMMAND_LINE, String.valueOf(usage.getMessage()), help);
  }

  private static Outcome bug(Throwable thrown, boolean traceIsShown) {
    String what = "this is a bug in Beamwright: " + thrown;
    if (traceIsShown) {
      return new Outcome(Exit.BUG, what, "Please report it with the stack trace above.");
    }
    try {
      Path report = Files.createTempFile("beamwright-bug-", ".txt");
      Files.writeString(report, report(thrown));
      return new Outcome(Exit.BUG, what, "Please report it with the file " + report + ".");
    } catch (IOException e) {
      return new Outcome(Exit.BUG, what, "Please report it with this:\n" + report(thrown));
    }
  }

  private static String report(Throwable thrown) {
    return "beamwright %s%njava %s%n%n%s"
        .formatted(
            Build.current().version(), System.getProperty("java.runtime.version"), trace(thrown));
  }

  static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }

  /** Prints it: the error for people, and under {@code --json} the document as well. */
  Exit printOn(Console console, boolean json) {
    if (exit != Exit.OUTPUT_CLOSED) {
      console.error(what, remedy);
      if (json && !console.documentIsWritten()) {
        console.document(this::write);
      }
    }
    return exit;
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writeError(json);
    json.writeEndObject();
  }

  /** Writes it as the member {@code error} of an object. */
  void writeError(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeNumberField("exit_code", exit.code());
    json.writeStringField("what", what);
    json.writeStringField("remedy", remedy);
    json.writeEndObject();
  }
}
