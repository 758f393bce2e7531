// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Passes an element on when a file is there. Before that it leaves a file that says that it waits:
 * {@code waits-<element>-<process id>} in the folder of the other.
 */
public final class AwaitFile extends DoFn<Long, Long> {
  private static final long serialVersionUID = 1L;

  private static final long MOST_NANOS = Duration.ofMinutes(3).toNanos();

  private final String file;

  /** Waits for {@code file}, three minutes at most. */
  public AwaitFile(Path file) {
    this.file = file.toString();
  }

  @ProcessElement
  public void await(@Element Long element, OutputReceiver<Long> output)
      throws IOException, InterruptedException {
    Path awaited = Path.of(file);
    String waits = "waits-" + element + "-" + ProcessHandle.current().pid();
    Files.write(awaited.resolveSibling(waits), new byte[0]);
    long begin = System.nanoTime();
    while (!Files.exists(awaited)) {
      if (System.nanoTime() - begin > MOST_NANOS) {
        throw new IllegalStateException("nobody wrote " + file);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    output.output(element);
  }
}
