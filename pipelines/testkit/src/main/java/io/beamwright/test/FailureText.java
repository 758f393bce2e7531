// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.plan.DatumName;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.result.DatumResult;
import java.util.HashMap;
import java.util.Map;

/** What a person needs to know of a run that failed. */
final class FailureText {

  private FailureText() {}

  static String of(Store store, RunReport report) {
    StringBuilder text = new StringBuilder();
    for (StageOutcome stage : report.stages()) {
      if (stage instanceof StageOutcome.Failed failed) {
        text.append(of(store, failed));
      } else if (stage.commit().isEmpty()) {
        text.append("stage ").append(stage.stage()).append(" did not run: ").append(stage.cause());
        text.append('\n');
      }
    }
    return text.toString().stripTrailing();
  }

  static String of(Store store, StageOutcome.Failed failed) {
    StringBuilder text = new StringBuilder();
    text.append("stage ").append(failed.stage()).append(" failed: ").append(failed.reason());
    Map<Sha256, String> names = names(store, failed);
    for (DatumResult datum : failed.examples()) {
      text.append("\n  ").append(names.getOrDefault(datum.key(), "datum " + datum.key().hex()));
      text.append(": ").append(datum.facts().path("reason").asText());
      for (JsonNode line : datum.facts().path("last_lines")) {
        text.append("\n    | ").append(line.asText());
      }
    }
    return text.append("\n  ").append(failed.remedy()).append('\n').toString();
  }

  private static Map<Sha256, String> names(Store store, StageOutcome.Failed failed) {
    Map<Sha256, String> names = new HashMap<>();
    failed.examples().forEach(datum -> names.put(datum.key(), ""));
    Segments.read(
        store.files(),
        failed.plan().job().segments(),
        datum -> names.computeIfPresent(datum.key(), (key, before) -> DatumName.of(datum)));
    return names;
  }
}
