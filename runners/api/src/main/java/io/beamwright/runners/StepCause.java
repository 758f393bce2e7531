// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.util.UserCodeException;

/** Finds what a step threw in what a runner throws. */
public final class StepCause {

  private StepCause() {}

  /**
   * What a step threw, or else the first of {@code chain} that wraps no other.
   *
   * @param chain what {@link #chain} gives
   * @param isOfRunner whether the runner itself threw an exception
   */
  public static Throwable of(List<Throwable> chain, Predicate<Throwable> isOfRunner) {
    // A step that hands its output to the next in the chain wraps what that one threw once more.
    for (int i = chain.size() - 2; i >= 0; i--) {
      if (chain.get(i) instanceof UserCodeException) {
        return chain.get(i + 1);
      }
    }
    for (Throwable link : chain) {
      if (!isWrapping(link, isOfRunner)) {
        return link;
      }
    }
    return chain.get(chain.size() - 1);
  }

  private static boolean isWrapping(Throwable link, Predicate<Throwable> isOfRunner) {
    return link.getCause() != null
        && (link.getClass() == RuntimeException.class
            || link.getClass().getName().startsWith("java.util.concurrent.")
            || isOfRunner.test(link));
  }

  /**
   * A failure and its causes, each as {@code read} gives it: some runners send exceptions in
   * another form.
   */
  public static List<Throwable> chain(Throwable failure, UnaryOperator<Throwable> read) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure; link != null; link = link.getCause()) {
      link = read.apply(link);
      chain.add(link);
    }
    return chain;
  }
}
