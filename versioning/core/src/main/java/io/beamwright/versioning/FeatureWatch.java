// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.gc.SessionClock;
import io.beamwright.versioning.gc.Since;
import io.beamwright.versioning.storage.Storage;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps one writer from changing a store that came to have a feature which this version does not
 * know. Once it saw one, nothing is written any more. Safe for many threads.
 */
final class FeatureWatch {

  /** So long a look at the features is good: as long as one at garbage collection's log. */
  static final Duration LOOKED_EVERY = Duration.ofMinutes(5);

  private final StoreFeatures features;
  private final SessionClock clock;
  private Optional<Since> looked = Optional.empty();
  private Optional<NewerStore> refused = Optional.empty();

  FeatureWatch(Storage storage, SessionClock clock) {
    this.features = new StoreFeatures(storage);
    this.clock = clock;
  }

  /**
   * Looks now; one list request.
   *
   * @throws NewerStore if there is a feature that this version does not know
   */
  synchronized void look() {
    // Before the request: what others add while it is under way counts as not seen.
    Since now = Since.now(clock);
    try {
      features.requireKnown();
    } catch (NewerStore e) {
      refused = Optional.of(e);
      throw e;
    }
    looked = Optional.of(now);
  }

  /** Returns if the store may be changed; looks again if the last look is five minutes old. */
  synchronized void beforeChange() {
    if (refused.isPresent()) {
      throw refused.get().again();
    }
    if (looked.isEmpty() || looked.get().age().compareTo(LOOKED_EVERY) >= 0) {
      look();
    }
  }
}
