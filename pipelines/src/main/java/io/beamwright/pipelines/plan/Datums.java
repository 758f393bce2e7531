// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.spec.Input;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.Sha256;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Finds the datums of a stage. */
final class Datums {

  private final Sha256 transformKey;
  private final Input.Matches matches;

  /** The datums that {@code matches} make under the transform with the key {@code transformKey}. */
  Datums(Sha256 transformKey, Input.Matches matches) {
    this.transformKey = transformKey;
    this.matches = matches;
  }

  /** Gives each datum of {@code spec}, once, to {@code datums}, in the order of its input. */
  void find(PipelineSpec spec, Consumer<Datum> datums) {
    if (spec.transform().readsInputAsWhole()) {
      spec.input()
          .whole(matches)
          .ifPresent(inputs -> datums.accept(Datum.ofWholeInput(transformKey, inputs)));
      return;
    }
    KeySet seen = new KeySet();
    Iterator<List<DatumInput>> each = spec.input().datums(matches);
    while (each.hasNext()) {
      Datum datum = Datum.of(transformKey, each.next());
      // Most inputs cannot repeat, and need not remember.
      if (!spec.input().mayRepeat() || seen.add(datum.key())) {
        datums.accept(datum);
      }
    }
  }
}
