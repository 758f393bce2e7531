// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import java.util.Map;
import java.util.Optional;

/**
 * What a stage runs on.
 *
 * @param name the runner, such as {@code direct}
 * @param master the cluster, in the runner's own notation; absent to run in this process
 * @param options the runner's own options, by name
 */
public record RunnerUse(String name, Optional<String> master, Map<String, String> options) {

  public RunnerUse {
    options = Map.copyOf(options);
  }
}
