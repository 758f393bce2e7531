// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.versioning.History;
import io.beamwright.versioning.commit.Provenance;

/**
 * A repo that a stage reads and the commit that it is pinned to.
 *
 * @param leaf the input in the spec
 * @param commit what is read
 */
record PinnedInput(PfsInput leaf, History.Named commit) {

  /** This input as provenance names it. */
  Provenance.Input provenance() {
    return new Provenance.Input(leaf.name(), leaf.repo(), leaf.branch(), commit.id());
  }
}
