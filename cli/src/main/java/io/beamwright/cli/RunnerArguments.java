// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.transforms.program.SandboxUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options that say what stages run on: of {@code run}, and of a context. */
final class RunnerArguments {

  static final String DIRECT = "direct";

  @Option(
      names = "--runner",
      paramLabel = "NAME",
      description = "Runs the stages that name no runner: direct (default), flink or spark.")
  private @Nullable String runner;

  @Option(
      names = "--master",
      paramLabel = "[RUNNER=]ADDRESS",
      description =
          "The cluster, as HOST:PORT for flink, or spark://HOST:PORT, yarn or k8s://… for spark;"
              + " with RUNNER= the one of another runner than --runner. Without: this process.")
  private List<String> masters = new ArrayList<>();

  @Option(
      names = "--runner-option",
      paramLabel = "KEY=VALUE",
      description = "An option of the runner of --runner, as retries=0.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--sandbox",
      paramLabel = "USE",
      converter = SandboxConverter.class,
      description =
          "Sandboxes for programs: required, off, or preferred (default): with a warning none where"
              + " bubblewrap is not installed, and an error where it does not work.")
  private @Nullable SandboxUse sandbox;

  /** Reads a value of {@code --sandbox}. */
  private static final class SandboxConverter implements ITypeConverter<SandboxUse> {
    @Override
    public SandboxUse convert(String word) {
      try {
        return SandboxUse.of(word);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** What was said of sandboxes, if anything was. */
  Optional<SandboxUse> sandbox() {
    return Optional.ofNullable(sandbox);
  }

  /** The runner that was named, if one was. */
  Optional<String> runner() {
    return Optional.ofNullable(runner);
  }

  /** The runner where nobody names one: {@code direct}, or the only one that there is. */
  static String usual(SortedSet<String> runners) {
    return runners.size() == 1 ? runners.first() : DIRECT;
  }

  /** The options of that runner. */
  Map<String, String> options() {
    return options;
  }

  /**
   * The clusters, by runner.
   *
   * @param byDefault the runner of an address without one
   */
  Map<String, String> masters(String byDefault) {
    Map<String, String> clusters = new LinkedHashMap<>();
    for (String master : masters) {
      int equals = master.indexOf('=');
      clusters.put(
          equals < 0 ? byDefault : master.substring(0, equals), master.substring(equals + 1));
    }
    return clusters;
  }

  /**
   * Returns if all these are runners.
   *
   * @throws ParameterException if not
   */
  static void require(CommandLine command, Set<String> names, Set<String> runners) {
    for (String name : names) {
      if (!runners.contains(name)) {
        throw new ParameterException(
            command,
            "There is no runner \"" + name + "\"; there are: " + String.join(", ", runners) + ".");
      }
    }
  }
}
