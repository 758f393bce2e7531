// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.compile.BeamEngine;
import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.pipelines.spec.SpecSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * What {@link CrashTest} halts: {@code put|plain|beam URI FOLDER}. It loads little, to be quick.
 */
final class HaltedProcess {

  private static final String TWO_STAGES =
      """
      [{"pipeline": {"name": "first"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
        "transform": {"cmd": ["cp", "-r", "/pfs/in/.", "/pfs/out"]}},
       {"pipeline": {"name": "second"}, "input": {"pfs": {"repo": "first", "glob": "/*"}},
        "transform": {"cmd": ["cp", "-r", "/pfs/first/.", "/pfs/out"]}}]
      """;

  private HaltedProcess() {}

  public static void main(String[] words) {
    try (Workshop workshop = new Workshop(words[1], temporary())) {
      switch (words[0]) {
        case "put" -> put(workshop, Path.of(words[2]));
        case "plain" -> run(workshop, new PlainEngine(2));
        case "beam" -> run(workshop, new BeamEngine());
        default -> throw new IllegalArgumentException(words[0]);
      }
    }
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Makes the repo {@code in} equal to {@code folder}, as {@code --put} does. */
  static void put(Workshop workshop, Path folder) {
    new Puts(workshop.store(), "tester", Clock.systemUTC().instant())
        .apply(Map.of("in", folder), (repo, head) -> {});
  }

  /** Runs both stages, as {@code run} does. */
  static void run(Workshop workshop, GraphEngine engine) {
    RunContext context = workshop.newRun();
    Submission submission =
        new Submission(
            context.run(),
            context.author(),
            context.time(),
            context.engine(),
            context.runners(),
            List.of(new SpecSource("test.json", temporary(), TWO_STAGES)),
            Map.of(),
            Map.of());
    submission.begin(workshop.store());
    RunReport report =
        new Corridor(context, runner -> engine, RunEvents.NONE).run(workshop.pipeline(TWO_STAGES));
    submission.end(workshop.store(), report, Clock.systemUTC().instant());
    if (!report.succeeded()) {
      throw new AssertionError(report.toString());
    }
  }
}
