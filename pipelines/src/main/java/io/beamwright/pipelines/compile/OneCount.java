// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * The sum of counts as one element, also where there was none: it drives the last step.
 *
 * <p>Beam's own sum has a default instead, which it finds by a side input: one more thing that
 * every runner makes, ships and waits for.
 */
final class OneCount extends PTransform<PCollection<Long>, PCollection<Long>> {

  private static final long serialVersionUID = 1L;

  OneCount() {
    super("Count");
  }

  @Override
  public PCollection<Long> expand(PCollection<Long> counts) {
    PCollection<Long> none =
        counts.getPipeline().apply("None", Create.of(0L).withCoder(VarLongCoder.of()));
    return PCollectionList.of(counts)
        .and(none)
        .apply("OrNone", Flatten.pCollections())
        .apply("Sum", sum());
  }

  /** The sum of counts, of which there is one at least. */
  static PTransform<PCollection<Long>, PCollection<Long>> sum() {
    return Combine.globally(Sum.ofLongs()).withoutDefaults();
  }
}
