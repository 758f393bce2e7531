// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.transforms.beam.TablePart;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.tree.FileEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Writes what a chain of steps came to into a journal, as the result of the stage's one datum: the
 * files of its table, or what was wrong with the data.
 */
final class KeepTable extends DoFn<Iterable<String>, Long> {

  private static final long serialVersionUID = 1L;

  private final GraphSite site;
  private final String datum;

  /**
   * @param datum key of the datum, in hexadecimal digits
   */
  KeepTable(GraphSite site, String datum) {
    this.site = site;
    this.datum = datum;
  }

  static String part(TablePart part) {
    ObjectNode json = CanonicalJson.object().put("group", part.group()).put("cut", part.cut());
    json.set("file", part.file().toJson());
    return CanonicalJson.text(json);
  }

  static String failure(StageFailure failure) {
    return CanonicalJson.text(
        CanonicalJson.object().put("what", failure.what()).put("remedy", failure.remedy()));
  }

  /** Keeps the table of which {@code found} are all parts and failures, in any order. */
  @ProcessElement
  public void keep(@Element Iterable<String> found, OutputReceiver<Long> done) {
    List<TablePart> parts = new ArrayList<>();
    List<StageFailure> failures = new ArrayList<>();
    for (String element : found) {
      JsonNode json = GraphJson.parse(element);
      if (json.has("what")) {
        failures.add(
            new StageFailure(
                json.required("what").textValue(), json.required("remedy").textValue()));
      } else {
        parts.add(
            new TablePart(
                json.required("group").longValue(),
                json.required("cut").intValue(),
                StoredFile.fromJson(json.required("file"))));
      }
    }
    try (Store store = site.open()) {
      store.journals().write(site.attempt(), List.of(result(parts, failures)));
    }
    done.output(1L);
  }

  private DatumResult result(List<TablePart> parts, List<StageFailure> failures) {
    if (!failures.isEmpty()) {
      return failed(Sha256.parse(datum), failures);
    }
    List<FileEntry> files = TablePart.entries(parts);
    ObjectNode facts = CanonicalJson.object().put("rows", rows(files));
    return new DatumResult(
        Sha256.parse(datum), DatumResult.State.SUCCESS, files, Optional.empty(), facts);
  }

  /** The result of a datum whose data has {@code failures}, of which the first by text is told. */
  static DatumResult failed(Sha256 datum, List<StageFailure> failures) {
    StageFailure first = Collections.min(failures);
    ObjectNode facts = CanonicalJson.object();
    facts.put("reason", (first.what() + " " + first.remedy()).strip());
    facts.put("failures", failures.size());
    return new DatumResult(datum, DatumResult.State.FAILED, List.of(), Optional.empty(), facts);
  }

  private static long rows(List<FileEntry> files) {
    return files.stream()
        .flatMap(file -> file.file().table().stream())
        .mapToLong(TableFacts::rows)
        .sum();
  }
}
