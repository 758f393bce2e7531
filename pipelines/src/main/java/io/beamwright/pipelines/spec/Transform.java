// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a stage does. */
public sealed interface Transform {

  /** What {@code cases} says of this kind. */
  <T> T match(Cases<T> cases);

  /** Whether the whole input is one datum. */
  boolean readsInputAsWhole();

  /** Whether it holds what a library has to read, such as a query, to know that it is right. */
  boolean hasTexts();

  /** A path beside the spec, to the file or folder that it brings; empty if it brings none. */
  default Optional<String> code() {
    return Optional.empty();
  }

  /** A value for each kind: who adds a kind is told by the compiler what else has to know it. */
  interface Cases<T> {
    T cmd(Cmd cmd);

    T sql(Sql sql);

    T beam(BeamSteps beam);
  }

  /**
   * Any program, once per datum.
   *
   * @param cmd the program and its arguments, at least the program; run without a shell
   * @param stdin lines for its standard input, joined by line feeds, with one at the end
   * @param env variables that the spec declares
   * @param code a path beside the spec, to a file or folder found at {@code /code}
   * @param environment commands whose output describes the environment
   * @param image the container image that was named
   * @param acceptReturnCode exit codes besides 0 that mean success, ascending, each once
   * @param workingDir the folder the program starts in
   * @param mounts folders of the machine that the sandbox shows
   * @param debug whether the datum's log says more
   */
  record Cmd(
      List<String> cmd,
      List<String> stdin,
      SortedMap<String, String> env,
      Optional<String> code,
      List<String> environment,
      Optional<String> image,
      List<Integer> acceptReturnCode,
      Optional<String> workingDir,
      List<MountSpec> mounts,
      boolean debug)
      implements Transform {

    public Cmd {
      cmd = List.copyOf(cmd);
      stdin = List.copyOf(stdin);
      env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
      environment = List.copyOf(environment);
      mounts = List.copyOf(mounts);
      acceptReturnCode = acceptReturnCode.stream().sorted().distinct().toList();
      if (cmd.isEmpty()) {
        throw new IllegalArgumentException("a cmd without a program");
      }
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.cmd(this);
    }

    @Override
    public boolean readsInputAsWhole() {
      return false;
    }

    @Override
    public boolean hasTexts() {
      return false;
    }
  }

  /**
   * One SELECT, once per datum.
   *
   * @param query its text, not blank; whether it is SQL is DuckDB's to say
   */
  record Sql(String query) implements Transform {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.sql(this);
    }

    @Override
    public boolean readsInputAsWhole() {
      return false;
    }

    @Override
    public boolean hasTexts() {
      return true;
    }
  }

  /**
   * A chain of steps over the whole input.
   *
   * @param steps at least one; each reads inputs of the stage or earlier steps
   */
  record BeamSteps(List<StepSpec> steps) implements Transform {

    public BeamSteps {
      steps = List.copyOf(steps);
      if (steps.isEmpty()) {
        throw new IllegalArgumentException("a beam transform without steps");
      }
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.beam(this);
    }

    @Override
    public boolean readsInputAsWhole() {
      return true;
    }

    @Override
    public boolean hasTexts() {
      return true;
    }
  }
}
