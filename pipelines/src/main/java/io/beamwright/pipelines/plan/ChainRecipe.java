// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.StepSpec;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.beam.StepUse;
import io.beamwright.versioning.CanonicalJson;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The recipe of a {@code beam} stage. */
final class ChainRecipe {

  private ChainRecipe() {}

  static Recipe of(Stage stage, Transform.BeamSteps beam) {
    PipelineSpec spec = stage.spec();
    List<StepUse> uses = beam.steps().stream().map(StepSpec::use).toList();
    ObjectNode key = stage.steps().keyPart(uses);
    SortedMap<String, String> versions = new TreeMap<>();
    key.required("steps")
        .forEach(
            step ->
                versions.put(
                    step.required("type").textValue(), step.required("version").textValue()));
    key.required("engine")
        .fields()
        .forEachRemaining(part -> versions.put("table." + part.getKey(), part.getValue().asText()));
    spec.salt().ifPresent(salt -> key.put("salt", salt));
    return new Recipe(
        new StageWork.Chain(uses, spec.tuning()),
        CanonicalJson.digest(key),
        Optional.empty(),
        List.of(),
        List.of(),
        versions,
        "",
        Optional.empty(),
        List.of());
  }
}
