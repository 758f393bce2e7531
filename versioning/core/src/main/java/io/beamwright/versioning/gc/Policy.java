// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import java.time.Duration;

/**
 * What garbage collection keeps, and how long it waits.
 *
 * @param grace how long a list of what will be deleted stands before anything of it is; of stores
 *     that others write to at least ten minutes
 * @param window for how long what a ref named before is kept, and journals of attempts; the grace
 *     if that is longer
 * @param keepResults for how long the outputs of results are kept that are part of no commit
 * @param rewriteBelow a pack is rewritten of which less than so many percent are needed; 0 for none
 * @param by who collects
 */
public record Policy(
    Duration grace, Duration window, Duration keepResults, int rewriteBelow, String by) {

  /** How long a list stands if nobody says otherwise. */
  public static final Duration GRACE = Duration.ofHours(24);

  /** The shortest grace that a command takes: a writer looks at the log every half of it. */
  public static final Duration SHORTEST_GRACE = Lookout.LOOKED_EVERY.multipliedBy(2);

  /** For how long what a ref named before is kept if nobody says otherwise. */
  public static final Duration WINDOW = Duration.ofDays(7);

  /**
   * A pack that is read for its dead half costs twice its needed bytes; one rewritten at a half
   * halves the space at the cost of copying once what is kept.
   */
  public static final int REWRITE_BELOW = 50;

  public Policy {
    window = window.compareTo(grace) < 0 ? grace : window;
    keepResults = keepResults.compareTo(grace) < 0 ? grace : keepResults;
    if (grace.isNegative() || rewriteBelow < 0 || rewriteBelow > 100) {
      throw new IllegalArgumentException("not a policy: " + grace + ", " + rewriteBelow + " %");
    }
  }

  /** What is done if nobody says otherwise. */
  public static Policy standard(String by) {
    return new Policy(GRACE, WINDOW, WINDOW, REWRITE_BELOW, by);
  }

  ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("window_seconds", window.toSeconds());
    json.put("keep_results_seconds", keepResults.toSeconds());
    return json.put("rewrite_below_percent", rewriteBelow).put("by", by);
  }
}
