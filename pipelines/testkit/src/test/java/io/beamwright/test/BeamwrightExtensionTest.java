// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Stores for tests as JUnit runs them, and what a test that fails says. */
class BeamwrightExtensionTest {

  private static final List<String> STORES = new ArrayList<>();

  @BeforeEach
  void forget() {
    STORES.clear();
  }

  private static Events run(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(tests))
        .execute()
        .allEvents();
  }

  private static List<String> messages(Class<?> tests) {
    return run(tests).failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> String.valueOf(result.getThrowable().orElseThrow().getMessage()))
        .toList();
  }

  @BeamwrightTest
  static final class OwnStores {

    @BeforeEach
    void see(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @Test
    void one(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @Test
    void another(BeamwrightStore store) {
      STORES.add(store.uri());
    }
  }

  @Test
  void eachTestHasAStoreOfItsOwnThatIsDeleted() {
    run(OwnStores.class).assertStatistics(events -> events.failed(0));

    assertThat(STORES).hasSize(4);
    assertThat(STORES.get(0)).isEqualTo(STORES.get(1)).isNotEqualTo(STORES.get(2));
    assertThat(STORES.get(2)).isEqualTo(STORES.get(3));
    assertThat(STORES)
        .allSatisfy(uri -> assertThat(Path.of(URI.create(uri)).getParent()).doesNotExist());
  }

  @BeamwrightTest
  static final class SharedStore {

    @BeforeAll
    static void see(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @Test
    void one(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @Nested
    final class Within {
      @Test
      void another(BeamwrightStore store) {
        STORES.add(store.uri());
      }
    }
  }

  @Test
  void aStoreSharedStoreIsThatOfAllItsTests() {
    run(SharedStore.class).assertStatistics(events -> events.failed(0));

    assertThat(STORES).hasSize(3).containsOnly(STORES.get(0));
    assertThat(Path.of(URI.create(STORES.get(0))).getParent()).doesNotExist();
  }

  static final class WithRunners {

    @BeamwrightTest(options = "enforce=true")
    @Test
    void good(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @BeamwrightTest(runner = "tractor")
    @Test
    void unknown(BeamwrightStore store) {
      STORES.add(store.uri());
    }

    @BeamwrightTest(options = "enforce")
    @Test
    void halfAnOption(BeamwrightStore store) {
      STORES.add(store.uri());
    }
  }

  @Test
  void aRunnerThatIsNotThereAndHalfAnOptionAreNamed() {
    assertThat(messages(WithRunners.class))
        .hasSize(2)
        .anySatisfy(
            m -> assertThat(m).contains("There is no runner \"tractor\"; there are: direct."))
        .anySatisfy(
            m ->
                assertThat(m)
                    .contains(
                        "@BeamwrightTest has the option \"enforce\": write it as name=value."));
    assertThat(STORES).hasSize(1);
  }

  @BeamwrightTest(options = "speed=high")
  static final class WithAnOptionThatTheRunnerHasNot {

    @Test
    void runs(BeamwrightStore store) {
      store.put("in", Map.of("/a", ""));
      store.run(BeamwrightStoreTest.COPY);
    }
  }

  @BeamwrightTest
  static final class Failing {

    @Test
    void runs(BeamwrightStore store) {
      store.put("in", Map.of("/bad.txt", "1"));
      store.run(BeamwrightStoreTest.COPY);
    }
  }

  @Test
  void aTestThatFailsSaysWhichStageAndDatumAndItsLastLines() {
    assertThat(messages(Failing.class))
        .singleElement()
        .asString()
        .matches(
            "(?s)The run failed\\.\nstage copy failed: 1 of 1 datums failed\\."
                + "\n  datum [0-9a-f]{12} \\(in:/bad\\.txt\\): [^\n]*3[^\n]*"
                + "\n    \\| seen\n    \\| it is bad\n  Correct .*"
                + "\nstage after did not run: .*copy.*");
  }

  @Test
  void optionsReachTheRunner() {
    assertThat(messages(WithAnOptionThatTheRunnerHasNot.class))
        .singleElement()
        .asString()
        .contains("speed")
        .contains("Its only option is enforce=true|false.");
  }
}
