// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.List;
import java.util.Optional;

/**
 * What could be read of a spec, however much is wrong with the rest of it, so that validation can
 * go on and tell everything at once.
 *
 * @param origin where it was read
 * @param name the pipeline's name
 * @param input what it reads, of the parts that read well
 * @param outputBranch the branch it writes
 * @param transform the transform, of the parts that read well
 * @param runner what it runs on
 * @param spec the whole, if all of it read well
 */
public record SpecDraft(
    SpecOrigin origin,
    Optional<String> name,
    Optional<Input> input,
    String outputBranch,
    Optional<Transform> transform,
    Optional<RunnerChoice> runner,
    Optional<PipelineSpec> spec) {

  /** The repos that it reads, as far as they read well, in the order of the spec. */
  public List<PfsInput> inputs() {
    return input.map(Input::leaves).orElse(List.of());
  }
}
