// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.spec.SpecDraft;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.pipelines.spec.SpecReading;
import io.beamwright.pipelines.spec.SpecWarning;
import io.beamwright.pipelines.spec.Suggestion;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that can be wrong with specs that could be read at least in part. */
final class Validation {

  private final SpecReading reading;
  private final StepCatalog catalog;
  private final Set<String> runners;
  private final Map<String, SpecDraft> byName = new LinkedHashMap<>();
  private final List<SpecProblem> problems;
  private final List<SpecWarning> warnings;

  Validation(SpecReading reading, StepCatalog catalog, Set<String> runners) {
    this.reading = reading;
    this.catalog = catalog;
    this.runners = runners;
    this.problems = new ArrayList<>(reading.problems());
    this.warnings = new ArrayList<>(reading.warnings());
    validate();
  }

  List<SpecProblem> problems() {
    return problems;
  }

  List<SpecWarning> warnings() {
    return warnings;
  }

  private void validate() {
    reading.drafts().forEach(this::name);
    for (SpecDraft draft : reading.drafts()) {
      draft.inputs().forEach(input -> input(draft, input));
      draft.transform().ifPresent(transform -> transform(draft, transform));
      draft.runner().ifPresent(runner -> runner(draft, runner.name()));
    }
    problems.addAll(Cycles.in(byName.values()));
  }

  private void name(SpecDraft draft) {
    if (draft.name().isEmpty()) {
      return;
    }
    String name = draft.name().get();
    SpecDraft earlier = byName.putIfAbsent(name, draft);
    if (earlier != null) {
      problems.add(
          draft
              .origin()
              .problem(
                  "/pipeline/name",
                  "is \"" + name + "\", and so is " + place(earlier, "/pipeline/name") + ".",
                  "Give one of the two pipelines another name."));
    }
  }

  private static String place(SpecDraft draft, String below) {
    return draft.origin().source() + ": " + draft.origin().pointer() + below;
  }

  private void input(SpecDraft draft, PfsInput input) {
    if (draft.name().equals(Optional.of(input.repo()))) {
      problems.add(
          new SpecProblem(
              draft.origin().source(),
              input.pointer() + "/repo",
              "is \"" + input.repo() + "\", the pipeline's own output repo.",
              "Read another repo, or rename the pipeline."));
      return;
    }
    SpecDraft writer = byName.get(input.repo());
    if (writer != null && !writer.outputBranch().equals(input.branch())) {
      warnings.add(
          new SpecWarning(
              draft.origin().source(),
              input.pointer(),
              "reads the branch \""
                  + input.branch()
                  + "\" of \""
                  + input.repo()
                  + "\", and that pipeline writes \""
                  + writer.outputBranch()
                  + "\": what this run makes there is not read."));
    }
  }

  private void runner(SpecDraft draft, String runner) {
    if (!runners.contains(runner)) {
      problems.add(
          draft
              .origin()
              .problem(
                  "/runner",
                  "is \"" + runner + "\", and there is no such runner.",
                  Suggestion.remedy(runner, runners, "The runners:")));
    }
  }

  private void transform(SpecDraft draft, Transform transform) {
    problems.addAll(
        transform.match(
            new Transform.Cases<>() {
              @Override
              public List<SpecProblem> cmd(Transform.Cmd cmd) {
                program(draft, cmd);
                return new InputUse(draft).byProgram();
              }

              @Override
              public List<SpecProblem> sql(Transform.Sql sql) {
                return new InputUse(draft).byQuery();
              }

              @Override
              public List<SpecProblem> beam(Transform.BeamSteps beam) {
                List<SpecProblem> found = new InputUse(draft).bySteps();
                found.addAll(new StepValidation(draft.origin(), catalog).of(beam));
                return found;
              }
            }));
  }

  private void program(SpecDraft draft, Transform.Cmd cmd) {
    cmd.code().ifPresent(code -> code(draft, code));
    if (cmd.code().isEmpty()) {
      cmd.cmd().stream()
          .filter(word -> word.startsWith("/code/"))
          .findFirst()
          .ifPresent(
              word ->
                  warnings.add(
                      draft
                          .origin()
                          .warning(
                              "/transform/cmd",
                              "names "
                                  + word
                                  + ", and the transform has no \"code\" to find there.")));
    }
  }

  private void code(SpecDraft draft, String code) {
    Path folder = draft.origin().folder();
    Path path;
    try {
      path = folder.resolve(code).normalize();
    } catch (InvalidPathException e) {
      codeProblem(draft, code, "which is not a path.", "Name a file or folder beside the spec.");
      return;
    }
    if (Path.of(code).isAbsolute() || !path.startsWith(folder) || path.equals(folder)) {
      codeProblem(
          draft, code, "which is not below the spec's folder.", "Put the code beside the spec.");
    } else if (!Files.exists(path)) {
      codeProblem(
          draft,
          code,
          "and there is no such file or folder beside the spec.",
          Suggestion.remedy(code, names(folder), "Beside it are:"));
    } else if (Files.isDirectory(path) && names(path).isEmpty()) {
      codeProblem(draft, code, "an empty folder.", "Put the program into it.");
    }
  }

  private void codeProblem(SpecDraft draft, String code, String problem, String remedy) {
    problems.add(
        draft.origin().problem("/transform/code", "is \"" + code + "\", " + problem, remedy));
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> folder.relativize(path).toString()).sorted().limit(20).toList();
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The folder " + folder + " cannot be read: " + e.getMessage() + ".",
          "Check its permissions.",
          e);
    }
  }
}
