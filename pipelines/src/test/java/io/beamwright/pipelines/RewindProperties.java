// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Two inputs whose branches go anywhere, and jobs that were planned at some time and publish at any
 * later one.
 */
class RewindProperties {

  private static final String TWO = stage("two", cross("x", "y"));
  private static final String DIAMOND =
      "["
          + stage("left", pfs("x"))
          + ","
          + stage("right", cross("x", "y"))
          + ","
          + stage("both", cross("left", "right"))
          + "]";

  private static String stage(String name, String input) {
    return """
        {"pipeline": {"name": "%s"}, "input": %s, "transform": {"cmd": ["copy"]}}
        """
        .formatted(name, input);
  }

  private static String pfs(String repo) {
    return "{\"pfs\": {\"repo\": \"%s\", \"glob\": \"/\"}}".formatted(repo);
  }

  private static String cross(String one, String other) {
    return "{\"cross\": [" + pfs(one) + "," + pfs(other) + "]}";
  }

  @Property(tries = 150)
  void theHeadIsWhatTheLogsOfTheInputsSay(@ForAll long seed) {
    new Publishing(seed).run();
  }

  @Property(tries = 100)
  void whoRunsLastIsFollowedByAllStagesWhateverIsStillUnderWay(@ForAll long seed) {
    new Overlapping(seed).run();
  }

  /** A workshop with two inputs, and what happened to their branches. */
  private abstract static class Course {

    final Random random;
    final Workshop workshop = new Workshop(new MemoryStorage(), Path.of("target/rewinds"));
    private final Map<String, List<CommitId>> logs = new HashMap<>();
    private final Map<String, List<CommitId>> commits = new HashMap<>();

    Course(long seed) {
      random = new Random(seed);
      put("x");
      put("y");
    }

    List<CommitId> log(String repo) {
      return logs.computeIfAbsent(repo, r -> new ArrayList<>());
    }

    List<CommitId> commits(String repo) {
      return commits.computeIfAbsent(repo, r -> new ArrayList<>());
    }

    void put(String repo) {
      CommitId commit = workshop.put(repo, Map.of("/a", repo + commits(repo).size()));
      commits(repo).add(commit);
      log(repo).add(commit);
    }

    /** The branch goes to any commit that it named before, or to a new one. */
    void moveAnInput() {
      String repo = random.nextBoolean() ? "x" : "y";
      if (random.nextInt(3) == 0) {
        put(repo);
        return;
      }
      CommitId to = any(commits(repo));
      workshop.rewind(repo, to);
      log(repo).add(to);
    }

    CommitId now(String repo) {
      List<CommitId> log = log(repo);
      return log.get(log.size() - 1);
    }

    <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    List<CommitId> inputsOf(CommitId commit) {
      return inputsOf(workshop.store().commits().read(commit).provenance().orElseThrow());
    }

    static List<CommitId> inputsOf(Provenance made) {
      return made.inputs().stream().map(Provenance.Input::commit).toList();
    }
  }

  /** One stage; a model says after each publishing which commit must be the head. */
  private static final class Publishing extends Course {

    private final List<CommitId> output = new ArrayList<>();
    private final List<Plan.Run> plans = new ArrayList<>();

    Publishing(long seed) {
      super(seed);
      // A commit that no log names.
      commits("x").add(aside());
    }

    private CommitId aside() {
      Commit head = workshop.commit("x").commit();
      return workshop
          .store()
          .commits()
          .write(
              new Commit(
                  head.repo(),
                  head.repoId(),
                  List.of(),
                  0,
                  head.tree(),
                  Optional.empty(),
                  "tester",
                  Instant.EPOCH,
                  "aside",
                  Optional.empty()));
    }

    void run() {
      int steps = 10 + random.nextInt(30);
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> moveAnInput();
          case 3, 4, 5 -> plan();
          case 6 -> moveTheOutput();
          default -> publish();
        }
      }
    }

    private void plan() {
      // Most read what the branches name, some what they named, or never did.
      Map<String, CommitId> pinned =
          random.nextInt(3) > 0
              ? Map.of()
              : Map.of("x@master", any(commits("x")), "y@master", any(commits("y")));
      Plan plan = workshop.plan(TWO, pinned);
      List<CommitId> inputs =
          List.of(
              pinned.getOrDefault("x@master", now("x")), pinned.getOrDefault("y@master", now("y")));
      if (plan instanceof Plan.Reuse reuse) {
        assertThat(reuse.commit()).isEqualTo(head().orElseThrow());
        assertThat(inputsOf(reuse.commit())).isEqualTo(inputs);
      } else {
        Plan.Run run = (Plan.Run) plan;
        assertThat(inputsOf(run.job().provenance())).isEqualTo(inputs);
        plans.add(run);
      }
    }

    private void moveTheOutput() {
      if (!output.isEmpty()) {
        CommitId to = any(output);
        workshop.rewind("two", to);
        output.add(to);
      }
    }

    private void publish() {
      if (plans.isEmpty()) {
        return;
      }
      Plan.Run plan = any(plans);
      Optional<CommitId> before = head();
      boolean moves = !hasMoved(plan) && !isSuperseded(plan, before);

      Publication publication = CopyingEngine.publish(workshop.store(), plan);

      if (moves) {
        CommitId commit = workshop.commit("two").id();
        assertThat(publication).isEqualTo(new Publication.Published(commit));
        assertThat(inputsOf(commit)).isEqualTo(inputsOf(plan.job().provenance()));
        assertThat(workshop.commit("two").commit().parents()).isEqualTo(before.stream().toList());
        output.add(commit);
      } else if (!hasMoved(plan)) {
        assertThat(publication)
            .isInstanceOfSatisfying(
                Publication.Superseded.class, s -> assertThat(s.head()).isEqualTo(head().get()));
      }
      assertThat(workshop.moves("two").stream().map(move -> move.to().orElseThrow()).toList())
          .isEqualTo(newestFirst());
    }

    private List<CommitId> newestFirst() {
      List<CommitId> newestFirst = new ArrayList<>();
      output.forEach(to -> newestFirst.add(0, to));
      return newestFirst;
    }

    private Optional<CommitId> head() {
      return output.isEmpty() ? Optional.empty() : Optional.of(output.get(output.size() - 1));
    }

    /** Whether the branch named a commit of the same inputs since the plan, of this job or not. */
    private boolean hasMoved(Plan.Run plan) {
      List<CommitId> inputs = inputsOf(plan.job().provenance());
      for (int i = output.size() - 1; i >= 0; i--) {
        if (Optional.of(output.get(i)).equals(plan.job().head())) {
          return false;
        }
        if (inputsOf(output.get(i)).equals(inputs)) {
          return true;
        }
      }
      return false;
    }

    private boolean isSuperseded(Plan.Run plan, Optional<CommitId> head) {
      if (head.isEmpty()) {
        return false;
      }
      List<CommitId> ours = inputsOf(plan.job().provenance());
      List<CommitId> theirs = inputsOf(head.get());
      int x = age("x", ours.get(0)) - age("x", theirs.get(0));
      int y = age("y", ours.get(1)) - age("y", theirs.get(1));
      return x <= 0 && y <= 0 && x + y < 0;
    }

    private int age(String repo, CommitId commit) {
      return log(repo).lastIndexOf(commit);
    }
  }

  /** Runs of three stages, each a step further at any time. */
  private static final class Overlapping extends Course {

    private final List<Stage> stages = workshop.pipeline(DIAMOND).stages();

    Overlapping(long seed) {
      super(seed);
    }

    void run() {
      List<Running> runs = new ArrayList<>();
      int steps = 10 + random.nextInt(40);
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(6)) {
          case 0 -> moveAnInput();
          case 1 -> runs.add(new Running());
          default -> {
            if (!runs.isEmpty()) {
              any(runs).step();
            }
          }
        }
      }
      runs.add(new Running());
      while (!runs.isEmpty()) {
        Running run = any(runs);
        run.step();
        if (run.isAtEnd()) {
          runs.remove(run);
        }
      }
      CommitId left = workshop.commit("left").id();
      CommitId right = workshop.commit("right").id();
      assertThat(inputsOf(left)).containsExactly(now("x"));
      assertThat(inputsOf(right)).containsExactly(now("x"), now("y"));
      assertThat(inputsOf(workshop.commit("both").id())).containsExactly(left, right);
    }

    /** A run that reads what the branches named when it began. */
    private final class Running {

      private final Planner planner = new Planner(workshop.newRun());
      private final Map<String, CommitId> made =
          new HashMap<>(Map.of("x@master", now("x"), "y@master", now("y")));
      private int stage;
      private Optional<Plan.Run> planned = Optional.empty();

      boolean isAtEnd() {
        return stage == stages.size();
      }

      void step() {
        if (isAtEnd()) {
          return;
        }
        if (planned.isPresent()) {
          end(commit(CopyingEngine.publish(workshop.store(), planned.get())));
        } else {
          Plan plan = planner.pin(stages.get(stage), made);
          if (plan instanceof Plan.Reuse reuse) {
            end(reuse.commit());
          } else {
            planned = Optional.of((Plan.Run) plan);
          }
        }
      }

      private void end(CommitId commit) {
        made.put(stages.get(stage).output(), commit);
        stage++;
        planned = Optional.empty();
      }

      private static CommitId commit(Publication publication) {
        return publication instanceof Publication.Superseded superseded
            ? superseded.commit()
            : ((Publication.Published) publication).commit();
      }
    }
  }
}
