// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.beamwright.transforms.program.Execution;
import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Invocation;
import io.beamwright.transforms.program.Mount;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.transforms.program.Scratch;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the commands of a spec's {@code environment} say of the machine that runs its programs.
 *
 * @param observations each command and what it said, in the order of the spec
 */
public record DeclaredEnvironment(List<Observation> observations) {

  /** Of a spec that declares none. */
  public static final DeclaredEnvironment NONE = new DeclaredEnvironment(List.of());

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int MOST_OUTPUT = 1 << 20;
  private static final int LONGEST_SHOWN = 200;

  /**
   * A command and what it said.
   *
   * @param command a line for {@code sh}
   * @param output its standard output and standard error
   */
  public record Observation(String command, String output) {}

  public DeclaredEnvironment {
    observations = List.copyOf(observations);
  }

  /**
   * Runs {@code commands} by {@code executor}, each by {@code sh -c}, with the variables {@code
   * env} and without inputs or code.
   *
   * @param mounts folders of the machine that they see
   * @param scratch a folder for temporary files
   * @throws UserFault if one fails, takes over five minutes or says more than 1 MiB
   * @throws EnvironmentFault if nothing can be written under {@code scratch}
   */
  public static DeclaredEnvironment observe(
      List<String> commands,
      Map<String, String> env,
      List<Mount> mounts,
      Executor executor,
      Path scratch)
      throws InterruptedException {
    List<Observation> observations = new ArrayList<>();
    for (String command : commands) {
      observations.add(new Observation(command, outputOf(command, env, mounts, executor, scratch)));
    }
    return new DeclaredEnvironment(observations);
  }

  /** The commands, in the order of the spec. */
  public List<String> commands() {
    return observations.stream().map(Observation::command).toList();
  }

  /**
   * The first difference between this, where a run was planned, and {@code here}, where the same
   * commands ran again: a sentence with both outputs' first different line.
   */
  public Optional<String> differenceFrom(DeclaredEnvironment here) {
    for (int i = 0; i < observations.size(); i++) {
      Observation planned = observations.get(i);
      Observation found = here.observations.get(i);
      if (!planned.equals(found)) {
        return Optional.of(difference(planned, found));
      }
    }
    return Optional.empty();
  }

  private static String difference(Observation planned, Observation found) {
    List<String> before = planned.output().lines().toList();
    List<String> now = found.output().lines().toList();
    int line = 0;
    while (line < before.size() && line < now.size() && before.get(line).equals(now.get(line))) {
      line++;
    }
    return "The environment differs: \""
        + planned.command()
        + "\" said "
        + shown(before, line)
        + " where the run was planned, and "
        + shown(now, line)
        + " here.";
  }

  private static String shown(List<String> lines, int line) {
    if (line >= lines.size()) {
      return "nothing after line " + lines.size();
    }
    String text = lines.get(line).replaceAll("\\p{Cntrl}", "?");
    String cut = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    return "\"" + cut + "\" in line " + (line + 1);
  }

  private static String outputOf(
      String command, Map<String, String> env, List<Mount> mounts, Executor executor, Path scratch)
      throws InterruptedException {
    try (Scratch own = Scratch.under(scratch)) {
      Workspace workspace = Workspace.createUnder(own.folder(), executor.owner());
      workspace.show(mounts);
      return outputOf(command, env, executor, workspace);
    } catch (IOException e) {
      throw new EnvironmentFault(
          "Temporary files under " + scratch + " cannot be written: " + e + ".",
          "Make room there, or name another folder.",
          e);
    }
  }

  private static String outputOf(
      String command, Map<String, String> env, Executor executor, Workspace workspace)
      throws InterruptedException {
    ProgramLog log = new ProgramLog();
    Execution execution =
        executor.run(
            new Invocation(
                workspace,
                List.of("sh", "-c", command),
                List.of(),
                env,
                Optional.empty(),
                Optional.of(LIMIT),
                log));
    if (!(execution instanceof Execution.Exited exited) || exited.code() != 0) {
      throw new UserFault(
          "The environment command \"" + command + "\" failed" + how(execution, log) + ".",
          "Correct transform.environment, or install what the command needs on this machine.");
    }
    if (log.written() > MOST_OUTPUT) {
      throw new UserFault(
          "The environment command \"" + command + "\" said " + log.written() + " bytes.",
          "At most " + MOST_OUTPUT + " are kept; let it say less, such as a digest.");
    }
    return new String(log.bytes(), StandardCharsets.UTF_8);
  }

  private static String how(Execution execution, ProgramLog log) {
    String end =
        execution instanceof Execution.Exited exited
            ? " with exit code " + exited.code()
            : execution instanceof Execution.NotStarted not
                ? ": " + not.reason()
                : ": it took over " + LIMIT.toMinutes() + " minutes";
    List<String> last = log.lastLines(1);
    return last.isEmpty() ? end : end + ": " + last.get(0);
  }

  ArrayNode toJson() {
    ArrayNode array = CanonicalJson.object().putArray("environment");
    for (Observation seen : observations) {
      array.addObject().put("command", seen.command()).put("output", seen.output());
    }
    return array;
  }

  ArrayNode keyPart() {
    ArrayNode array = CanonicalJson.object().putArray("environment");
    for (Observation seen : observations) {
      Sha256 digest = Sha256.of(seen.output().getBytes(StandardCharsets.UTF_8));
      array.add(digest.hex());
    }
    return array;
  }

  static DeclaredEnvironment fromJson(JsonNode json) {
    List<Observation> observations = new ArrayList<>();
    for (JsonNode seen : json) {
      observations.add(
          new Observation(seen.required("command").asText(), seen.required("output").asText()));
    }
    return new DeclaredEnvironment(observations);
  }
}
