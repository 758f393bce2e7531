// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.fault.UserFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that stand before or after any command. */
@Command(
    name = "beamwright",
    description =
        "Versioned data pipelines: declare them in JSON, run them anywhere, trace any byte.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    footer = "%n'beamwright COMMAND --help' says more about one command.")
final class GlobalOptions {

  private static final String STORE_VARIABLE = "BEAMWRIGHT_STORE";
  private static final String OPTIONS_VARIABLE = "BEAMWRIGHT_STORE_OPTIONS";
  private static final String STORE_DEFAULT = "file:.beamwright";

  @Option(
      names = "--store",
      paramLabel = "URI",
      scope = ScopeType.INHERIT,
      description = "The store (default: $" + STORE_VARIABLE + ", or else " + STORE_DEFAULT + ").")
  private @Nullable String store;

  @Option(
      names = "--store-option",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "An option of the store, as s3.endpoint (default: $" + OPTIONS_VARIABLE + ").")
  private Map<String, String> storeOptions = new LinkedHashMap<>();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The store and the runner of a context; see 'context add'.")
  private @Nullable String context;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document, with whole ids.")
  private boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of what fails.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print the help of a command.")
  private boolean help;

  boolean json() {
    return json;
  }

  boolean debug() {
    return debug;
  }

  /** The store's root as it was typed, if it was. */
  Optional<String> typedStore() {
    return Optional.ofNullable(store);
  }

  /** The options of stores as they were typed. */
  Map<String, String> typedStoreOptions() {
    return storeOptions;
  }

  /**
   * The context that was named, or one that says nothing.
   *
   * @throws UserFault if there is none of the name
   */
  NamedContext context(Map<String, String> environment) {
    return context == null ? NamedContext.NONE : new Contexts(environment).require(context);
  }

  /**
   * The store's root as named on the command line, else in the context, else in {@code
   * environment}, else the default.
   */
  String store(NamedContext from, Map<String, String> environment) {
    Optional<String> said = typedStore().or(from::store);
    if (said.isPresent()) {
      return said.get();
    }
    String named = environment.getOrDefault(STORE_VARIABLE, "");
    return named.isEmpty() ? STORE_DEFAULT : named;
  }

  /**
   * The options of stores: those of {@code environment}, as {@code KEY=VALUE} separated by blanks,
   * those of the context, and those of the command line; where several have a key the last counts.
   *
   * @throws UserFault if the environment's have another form
   */
  Map<String, String> storeOptions(NamedContext from, Map<String, String> environment) {
    Map<String, String> options = new LinkedHashMap<>();
    String named = environment.getOrDefault(OPTIONS_VARIABLE, "").strip();
    for (String option : named.isEmpty() ? List.<String>of() : List.of(named.split("\\s+"))) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new UserFault(
            "$" + OPTIONS_VARIABLE + " holds \"" + option + "\", which is not KEY=VALUE.",
            "Write it as s3.endpoint=http://host:9000, with blanks between options.");
      }
      options.put(option.substring(0, equals), option.substring(equals + 1));
    }
    options.putAll(from.storeOptions());
    options.putAll(storeOptions);
    return options;
  }
}
