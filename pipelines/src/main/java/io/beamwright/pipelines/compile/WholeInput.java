// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.transforms.beam.InputFile;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.tree.FileEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a datum that is the whole input of its stage. */
final class WholeInput {

  private WholeInput() {}

  /**
   * The files by the name of their input: in the order of the spec where several repos have one
   * name, and in the order of their paths in each.
   */
  static Map<String, List<InputFile>> files(Datum datum) {
    Set<String> shared = sharedNames(datum);
    Map<String, List<InputFile>> files = new LinkedHashMap<>();
    for (DatumInput input : datum.inputs()) {
      List<InputFile> ofName = files.computeIfAbsent(input.name(), name -> new ArrayList<>());
      String repo = shared.contains(input.name()) ? input.repo() + "@" + input.branch() : "";
      for (FileEntry file : input.files()) {
        ofName.add(new InputFile(ofName.size(), file, repo));
      }
    }
    return files;
  }

  private static Set<String> sharedNames(Datum datum) {
    Map<String, Integer> counts = new HashMap<>();
    datum.inputs().forEach(input -> counts.merge(input.name(), 1, Integer::sum));
    Set<String> shared = new HashSet<>(counts.keySet());
    shared.removeIf(name -> counts.getOrDefault(name, 0) == 1);
    return shared;
  }
}
