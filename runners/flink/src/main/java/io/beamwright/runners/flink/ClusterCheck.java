// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.beamwright.runners.ClusterPages;
import io.beamwright.runners.ClusterVersion;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.util.List;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a cluster what it is, before anything is sent there. */
final class ClusterCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterCheck.class);
  private static final String START_OR_NAME =
      "Start the cluster, or name the host and the port of its REST interface (rest.port).";

  private static final List<String> PARTS_OF_MEMORY =
      List.of(
          "frameworkHeap",
          "taskHeap",
          "frameworkOffHeap",
          "taskOffHeap",
          "networkMemory",
          "managedMemory",
          "jvmMetaspace",
          "jvmOverhead");

  private ClusterCheck() {}

  /**
   * Checks that the cluster is there, is of our version and has slots; 10 seconds at most.
   *
   * <p>Slots that others use now are no fault: Flink starts a graph when they are free, for as long
   * as its {@code slot.request.timeout} says.
   *
   * @param parallelism what the graph needs; -1 if that is for us to say
   * @throws EnvironmentFault if it is not there or has no slots
   * @throws UserFault if it is no such cluster, or has too few slots
   */
  static Slots requireSlots(Address address, int parallelism) {
    JsonNode overview = overview(address);
    requireVersion(address, overview.path("flink-version").asText());
    int slots = overview.path("slots-total").asInt();
    if (slots == 0) {
      throw new EnvironmentFault(
          "The Flink cluster at " + address + " has no slots.",
          "Start a TaskManager there, and see in the JobManager's log whether it registers.");
    }
    if (slots < parallelism) {
      throw new UserFault(
          "The Flink cluster at %s has %d slots, and the graph needs %d."
              .formatted(address, slots, parallelism),
          "Set the parallelism to %d at most, or start more TaskManagers.".formatted(slots));
    }
    int free = overview.path("slots-available").asInt();
    if (free < Math.max(1, parallelism)) {
      LOG.info("Of {} slots at {} {} are free: the graph waits for others.", slots, address, free);
    }
    int workers = Math.max(1, overview.path("taskmanagers").asInt());
    return new Slots(slots, (slots + workers - 1) / workers);
  }

  /**
   * The slots of a cluster.
   *
   * @param ofWorker how many a TaskManager has, if all have as many
   */
  record Slots(int total, int ofWorker) {}

  /**
   * Checks that a slot has so much memory: in Flink a slot is what its TaskManager was started
   * with, and a graph cannot ask for a larger one. Where the cluster does not tell, that stays
   * unknown.
   *
   * @throws UserFault if none has
   */
  static void requireMemory(Address address, long bytes) {
    long largest = 0;
    for (JsonNode worker : page(address, "/taskmanagers").path("taskmanagers")) {
      int slots = worker.path("slotsNumber").asInt();
      if (slots == 0) {
        return; // It has just come, and has not told of its slots yet.
      }
      largest = Math.max(largest, memory(worker.path("memoryConfiguration")) / slots);
    }
    if (largest > 0 && largest < bytes) {
      throw new UserFault(
          "No slot of the Flink cluster at %s has %d MiB of memory: the largest has %d MiB."
              .formatted(address, bytes >> 20, largest >> 20),
          "Lower resource_requests.memory, or start TaskManagers with more memory or fewer slots.");
    }
  }

  /** All memory of a TaskManager's process; 0 if it does not tell. */
  private static long memory(JsonNode configuration) {
    long whole = configuration.path("totalProcessMemory").asLong();
    if (whole > 0) {
      return whole;
    }
    long sum = 0;
    for (String part : PARTS_OF_MEMORY) {
      sum += configuration.path(part).asLong();
    }
    return sum;
  }

  private static JsonNode overview(Address address) {
    JsonNode overview = page(address, "/overview");
    if (overview.has("flink-version")) {
      return overview;
    }
    throw new UserFault(
        "What answers at " + address + " is not Flink.",
        "Name the host and the port of the JobManager's REST interface (rest.port).");
  }

  /** A page; nothing where something else than Flink answers. */
  private static JsonNode page(Address address, String path) {
    try {
      ClusterPages.Answer answer = ClusterPages.get(address.page(path));
      return answer.isThere() ? answer.json() : MissingNode.getInstance();
    } catch (IOException e) {
      throw new EnvironmentFault(
          "No Flink cluster answers at " + address + " (" + e.getClass().getSimpleName() + ").",
          START_OR_NAME,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault(
          "Interrupted while Flink was asked at " + address + ".", "Run it again.", e);
    }
  }

  private static void requireVersion(Address address, String theirs) {
    ClusterVersion.requireSameSeries("Flink", address, theirs, EnvironmentInformation.getVersion());
  }
}
