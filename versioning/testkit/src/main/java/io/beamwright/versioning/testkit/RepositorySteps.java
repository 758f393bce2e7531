// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.testkit.FaultyStorage.When;
import io.beamwright.versioning.testkit.RepositoryPlay.Mishap;
import io.beamwright.versioning.testkit.RepositoryPlay.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What clients may do, by chance: few names, so that they meet, and odd ones. */
final class RepositorySteps {

  private static final int MOST_STEPS = 16;
  // No act makes many more calls than that.
  private static final int MOST_CALLS = 30;

  private static final Arbitrary<String> REPOS = Arbitraries.of("one", "One", "other");
  private static final Arbitrary<String> REFS = Arbitraries.of("master", "Master", "a/b", "v1");
  private static final Arbitrary<String> PATHS =
      Arbitraries.of("/a", "/A", "/b/c", "/b/d", "/b/c/x", "/ü b", "/%2e", "/many/7");
  private static final Arbitrary<String> FOLDERS = Arbitraries.of("/b", "/b/c", "/many", "/");
  private static final String LARGE = "large ".repeat(200_000);
  private static final Arbitrary<String> TEXTS =
      Arbitraries.frequencyOf(
          Tuple.of(20, Arbitraries.of("", "x", "y", "some text", "z".repeat(5_000))),
          Tuple.of(1, Arbitraries.just(LARGE)));
  private static final Arbitrary<Integer> SMALL = Arbitraries.integers().between(0, 5);

  private RepositorySteps() {}

  /** Up to 16 steps, of which the first makes a repo. */
  static Arbitrary<List<Step>> steps() {
    return step().list().ofMinSize(1).ofMaxSize(MOST_STEPS).map(RepositorySteps::begunWell);
  }

  // Without it most of a short series would find no repo.
  private static List<Step> begunWell(List<Step> steps) {
    List<Step> all = new ArrayList<>();
    all.add(new Step(0, new RepositoryAct.CreateRepo("one"), Optional.empty()));
    all.addAll(steps);
    return List.copyOf(all);
  }

  private static Arbitrary<Step> step() {
    return Combinators.combine(clients(), acts(), mishaps(true).optional(0.5)).as(Step::new);
  }

  private static Arbitrary<Integer> clients() {
    return Arbitraries.integers().between(0, 2);
  }

  private static Arbitrary<Mishap> mishaps(boolean meanwhile) {
    Arbitrary<Integer> calls = Arbitraries.integers().between(1, MOST_CALLS);
    Arbitrary<Mishap> alone =
        Arbitraries.frequencyOf(
            Tuple.of(
                8,
                Combinators.combine(calls, Arbitraries.of(Trouble.class))
                    .as(RepositorySteps::troubled)),
            Tuple.of(1, SMALL.map(nth -> new Mishap.WrongBit(nth + 1))),
            Tuple.of(1, SMALL.map(Mishap.Full::new)));
    if (!meanwhile) {
      return alone;
    }
    Arbitrary<Step> inner =
        Combinators.combine(clients(), acts(), mishaps(false).optional(0.3)).as(Step::new);
    return Arbitraries.frequencyOf(
        Tuple.of(1, alone),
        Tuple.of(
            1,
            Combinators.combine(calls, Arbitraries.of(When.class), inner)
                .as(Mishap.Meanwhile::new)));
  }

  // A storage never says EXISTS of what is ours; and a log's entry has no checksum, so that a wrong
  // bit of it is not always seen: nodes and files get theirs by WrongBit.
  private static Mishap troubled(int nth, Trouble trouble) {
    boolean isShown = trouble != Trouble.REPEAT && trouble != Trouble.FLIP_A_BIT;
    return new Mishap.Troubled(nth, isShown ? trouble : Trouble.DIE_UNDER_WAY);
  }

  private static Arbitrary<RepositoryAct> acts() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, REPOS.map(RepositoryAct.CreateRepo::new)),
        Tuple.of(1, REPOS.map(RepositoryAct.DeleteRepo::new)),
        Tuple.of(
            10,
            Combinators.combine(REPOS, REFS, edits(), Arbitraries.of(Committer.Empty.class))
                .as(RepositoryAct.Change::new)),
        Tuple.of(
            3,
            Combinators.combine(REPOS, REFS, Arbitraries.of(RefKind.class), REFS)
                .as(RepositoryAct.SetRef::new)),
        Tuple.of(1, Combinators.combine(REPOS, REFS).as(RepositoryAct.DeleteRef::new)),
        Tuple.of(
            3,
            Combinators.combine(REPOS, REFS, SMALL, Arbitraries.of("", "^", "~2", ".1"))
                .as(RepositoryAct.Resolve::new)),
        Tuple.of(2, Combinators.combine(SMALL, SMALL).as(RepositoryAct.Diff::new)),
        Tuple.of(3, Combinators.combine(REPOS, REFS).as(RepositoryAct.ReadHead::new)),
        Tuple.of(
            3,
            Combinators.combine(
                    SMALL.list().ofMinSize(1).ofMaxSize(3).uniqueElements(),
                    Arbitraries.of("x", "y"),
                    Arbitraries.of(true, false))
                .as(RepositoryAct.RunDatums::new)),
        Tuple.of(2, Combinators.combine(SMALL, SMALL).as(RepositoryAct.PublishJob::new)),
        Tuple.of(2, Arbitraries.of(RepositoryElsewhere.BRANCHES).map(RepositoryAct.Pull::new)),
        Tuple.of(1, Arbitraries.just(new RepositoryAct.Run())));
  }

  private static Arbitrary<List<RepositoryAct.Edit>> edits() {
    Arbitrary<RepositoryAct.Edit> edit =
        Arbitraries.frequencyOf(
            Tuple.of(
                8,
                Combinators.combine(PATHS, TEXTS, Arbitraries.of(false, true))
                    .as(RepositoryAct.Put::new)),
            Tuple.of(3, Combinators.combine(PATHS, TEXTS).as(RepositoryAct.Append::new)),
            Tuple.of(2, PATHS.map(RepositoryAct.Delete::new)),
            Tuple.of(2, FOLDERS.map(RepositoryAct.DeleteFolder::new)),
            Tuple.of(2, Combinators.combine(PATHS, PATHS).as(RepositoryAct.Copy::new)),
            Tuple.of(1, Arbitraries.just(new RepositoryAct.PutMany("/many", 1_500))));
    return edit.list().ofMinSize(1).ofMaxSize(4);
  }
}
