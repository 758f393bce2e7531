// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A well-formed spec of one stage.
 *
 * @param name the pipeline's name, and its output repo's
 * @param description for people; empty if there is none
 * @param metadata an object for people, not to be changed; empty if there is none
 * @param transform what is done
 * @param input what is read
 * @param outputBranch the branch of the output repo that a job moves
 * @param tuning how it is worked on
 * @param reprocess when a datum that has a result is worked on again
 * @param salt in the key if given
 * @param runner what it runs on; empty: what the command line says
 * @param submitted the whole spec as it was written, in snake_case and sorted, as JSON in one line:
 *     what is kept as provenance, and reads as this spec again
 * @param origin where it was read
 */
public record PipelineSpec(
    String name,
    String description,
    JsonNode metadata,
    Transform transform,
    Input input,
    String outputBranch,
    Tuning tuning,
    Reprocess reprocess,
    Optional<String> salt,
    Optional<RunnerChoice> runner,
    String submitted,
    SpecOrigin origin) {

  /**
   * What of the spec is in the key of a job besides its transform: how datums are made of the input
   * commits. The planner adds the transform's own key and these commits, in the order of {@link
   * Input#leaves}.
   */
  public ObjectNode jobKeyPart() {
    return input.jobKeyPart();
  }
}
