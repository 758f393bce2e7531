// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.job.JobCopy;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The results of datums that another store told of, with the job that made them. */
public final class CopiedResults {

  private CopiedResults() {}

  /**
   * Gives each of the results that {@code copy} tells of to {@code results}. A file that garbage
   * collection took gives none.
   *
   * @param files those of the store that holds the copy
   * @throws io.beamwright.versioning.fault.EnvironmentFault if a file is damaged
   * @throws IllegalArgumentException if it holds something else
   */
  public static void forEach(JobCopy copy, StoredFiles files, Consumer<DatumResult> results) {
    for (StoredFile file : copy.results()) {
      if (file.extents().stream().allMatch(files::isPresent)) {
        String lines = new String(files.readAll(file), StandardCharsets.UTF_8);
        lines.lines().map(CopiedResults::result).forEach(results);
      }
    }
  }

  private static DatumResult result(String line) {
    try {
      byte[] json = line.getBytes(StandardCharsets.UTF_8);
      return CanonicalJson.read(CanonicalJson.parse(json), DatumResult::of);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the line of a result", e);
    }
  }
}
