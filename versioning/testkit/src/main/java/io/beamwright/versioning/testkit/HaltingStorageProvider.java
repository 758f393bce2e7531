// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens local storages whose process halts at a step: {@code halting:/folder?at=17} halts at the
 * 17th step that any of them takes, {@code ?freeze=17} stops for ever whatever uses this folder at
 * its 17th step, {@code halting:/folder?steps=/file} halts at none, and writes the steps, a line
 * each, to the file when the process ends. {@link CrashPoints} drives this.
 */
public final class HaltingStorageProvider implements StorageProvider {

  private static final Pattern QUERY = Pattern.compile("(?<name>at|freeze|steps)=(?<value>.+)");

  /** Found by {@link java.util.ServiceLoader}. */
  public HaltingStorageProvider() {}

  @Override
  public String scheme() {
    return "halting";
  }

  @Override
  public URI absolute(URI root) {
    return root;
  }

  @Override
  public Storage open(URI root, Map<String, String> options) {
    Matcher query = QUERY.matcher(String.valueOf(root.getQuery()));
    if (root.isOpaque() || !query.matches()) {
      throw new IllegalArgumentException("not halting:/folder?at=N or ?steps=/file: " + root);
    }
    String value = query.group("value");
    HaltingSteps steps =
        switch (query.group("name")) {
          case "at" -> HaltingSteps.haltingAt(Integer.parseInt(value));
          case "freeze" -> HaltingSteps.freezing(root.getPath(), Integer.parseInt(value));
          default -> HaltingSteps.writtenTo(Path.of(value));
        };
    return new HaltingStorage(Path.of(root.getPath()), steps);
  }
}
