// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.transforms.beam.InputFile;
import io.beamwright.transforms.datum.Datum;
import java.util.List;

/** Reads the plan segment of a stage without datums of its own and gives the files of one input. */
final class ReadInputFiles extends ReadSegments<InputFile> {

  private static final long serialVersionUID = 1L;

  private final String input;

  ReadInputFiles(GraphSite site, String input) {
    super(site);
    this.input = input;
  }

  /** Gives the files of the input in the segment that {@code segment} names. */
  @ProcessElement
  public void read(@Element String segment, OutputReceiver<InputFile> files) {
    lines(
        segment,
        line -> {
          WholeInput.files(Datum.fromJson(line))
              .getOrDefault(input, List.of())
              .forEach(files::output);
        });
  }
}
