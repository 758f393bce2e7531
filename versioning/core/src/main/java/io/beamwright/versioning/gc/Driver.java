// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that drives a run, so that another one on the same machine can tell at once whether
 * it is gone. Linux alone says which machine and name space of processes this is; elsewhere only
 * the age of the lease tells.
 *
 * @param machine the start of the machine and the name space of its processes
 * @param pid the process
 * @param started when it started, in milliseconds, for numbers of processes come again
 */
record Driver(String machine, long pid, long started) {

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAME_SPACE = Path.of("/proc/self/ns/pid");

  /** This process, where it can be told from others. */
  static Optional<Driver> here() {
    return thisMachine()
        .map(
            machine ->
                new Driver(
                    machine, ProcessHandle.current().pid(), startOf(ProcessHandle.current())));
  }

  private static Optional<String> thisMachine() {
    try {
      return Optional.of(Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(NAME_SPACE));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Whether it ran where this process runs, and is not there any more. */
  boolean isGoneFromHere() {
    return thisMachine().filter(machine::equals).isPresent()
        && ProcessHandle.of(pid)
            .filter(process -> process.isAlive() && startOf(process) == started)
            .isEmpty();
  }

  ObjectNode toJson() {
    return CanonicalJson.object().put("machine", machine).put("pid", pid).put("started", started);
  }

  /** Reads {@link #toJson}; nothing where there is none. */
  static Optional<Driver> of(JsonNode json) {
    return json.isObject()
        ? Optional.of(
            new Driver(
                json.path("machine").asText(),
                json.path("pid").asLong(),
                json.path("started").asLong()))
        : Optional.empty();
  }
}
