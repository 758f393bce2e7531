// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

/**
 * A graph did not end well. The cause is what a step threw, without the runner's wrapping; a graph
 * that was cancelled may have none.
 */
public final class GraphFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean cancelled;

  /** {@code cause} ended the graph on the runner {@code runner}. */
  public GraphFailure(String runner, Throwable cause) {
    super("The graph failed on the runner " + runner + ": " + cause.getMessage(), cause);
    this.cancelled = false;
  }

  private GraphFailure(String runner) {
    super("The graph was cancelled on the runner " + runner + ".");
    this.cancelled = true;
  }

  /** Somebody ended the graph on the runner {@code runner}: we, or others in the cluster. */
  public static GraphFailure cancelled(String runner) {
    return new GraphFailure(runner);
  }

  /** Whether it ended because somebody asked for that. */
  public boolean isCancelled() {
    return cancelled;
  }
}
