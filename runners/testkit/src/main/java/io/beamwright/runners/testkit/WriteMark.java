// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.testkit;

import io.beamwright.runners.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Leaves a file {@code <element>} in a folder and counts, so that a test sees in other processes
 * what ran. Files: a worker is another process, and what it holds in statics nobody sees.
 */
public final class WriteMark extends DoFn<Long, Long> {
  private static final long serialVersionUID = 1L;

  /** The counter of the elements that were marked. */
  public static final String COUNTER = "marked";

  private final String folder;

  /** Leaves them in {@code folder}, which is there. */
  public WriteMark(Path folder) {
    this.folder = folder.toString();
  }

  @ProcessElement
  public void mark(@Element Long element, OutputReceiver<Long> output) throws IOException {
    Files.write(Path.of(folder, element.toString()), new byte[0]);
    Counters.named(COUNTER).inc();
    output.output(element);
  }
}
