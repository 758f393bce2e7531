// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.runners.ClusterPages;
import io.beamwright.runners.ClusterVersion;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a cluster of Spark's own what it is, before anything is sent there.
 *
 * <p>Its Master tells over Spark's protocol where its web pages are, and these what Spark it is and
 * what Workers it has. Where nobody can reach the pages, that stays unknown.
 */
final class ClusterCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterCheck.class);
  private static final Duration MOST = Duration.ofSeconds(10);

  private ClusterCheck() {}

  /**
   * What was found.
   *
   * @param cores of all Workers, those that others use too; empty if unknown
   * @param ourHost the address of this machine that the cluster sees; empty if unknown
   * @param applications what runs there, by id; empty if unknown
   */
  record Found(OptionalInt cores, Optional<String> ourHost, Optional<Set<String>> applications) {

    static final Found NOTHING = unknown(Optional.empty());

    static Found unknown(Optional<String> ourHost) {
      return new Found(OptionalInt.empty(), ourHost, Optional.empty());
    }

    /** False if it surely has no such application. */
    boolean mayKnow(String application) {
      return applications.map(there -> there.contains(application)).orElse(true);
    }
  }

  /**
   * Checks that the cluster is there, is of our version and has Workers that are large enough; some
   * 10 seconds at most for each address. Others than those of Spark's own are not asked.
   *
   * <p>What others use now is no fault: Spark starts a graph when something is free.
   *
   * @throws EnvironmentFault if it is not there or has no Workers
   * @throws UserFault if it is no such cluster, or its Workers are too small
   */
  static Found require(ContextSettings settings) {
    if (!(settings.master() instanceof SparkMaster.Standalone standalone)) {
      return Found.NOTHING;
    }
    List<Fault> faults = new ArrayList<>();
    for (SparkMaster.Address address : standalone.addresses()) {
      try {
        return require(address, settings.configuration());
      } catch (Fault e) {
        faults.add(e); // Of those that stand by for each other one may be down.
      }
    }
    throw faults.stream()
        .filter(fault -> !(fault.getCause() instanceof IOException))
        .findFirst()
        .orElse(faults.get(0));
  }

  private static Found require(SparkMaster.Address address, SparkConf configuration) {
    String ourHost = connect(address);
    int uiPort = MasterPorts.ask(address, ourHost, configuration, MOST).uiPort();
    Optional<String> page = page(address, uiPort, "/").map(ClusterPages.Answer::body);
    Optional<JsonNode> state = page(address, uiPort, "/json/").map(ClusterPages.Answer::json);
    page.flatMap(ClusterCheck::version).ifPresent(theirs -> requireVersion(address, theirs));
    if (state.isEmpty() || !state.get().has("aliveworkers")) {
      LOG.info("The pages of the Spark cluster at {} do not tell what Workers it has.", address);
      return Found.unknown(Optional.of(ourHost));
    }
    int cores = requireWorkers(address, state.get(), configuration);
    Set<String> applications = new HashSet<>();
    state.get().path("activeapps").forEach(app -> applications.add(app.path("id").asText()));
    return new Found(OptionalInt.of(cores), Optional.of(ourHost), Optional.of(applications));
  }

  /** The address by which we reach it, by which it reaches us. */
  private static String connect(SparkMaster.Address address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), (int) MOST.toMillis());
      InetAddress ours = socket.getLocalAddress();
      String text = ours.getHostAddress().replaceFirst("%.*", "");
      return ours instanceof Inet6Address ? "[" + text + "]" : text;
    } catch (IOException e) {
      throw absent(address, e);
    }
  }

  static EnvironmentFault absent(SparkMaster.Address address, Exception failure) {
    return new EnvironmentFault(
        "No Spark cluster answers at " + address + " (" + failure.getClass().getSimpleName() + ").",
        "Start the cluster, or name the host and the port of its Master, such as"
            + " spark://there:7077.",
        failure);
  }

  /** Fails if it is of another series than we are, such as 3.4. */
  static void requireVersion(SparkMaster.Address address, String theirs) {
    ClusterVersion.requireSameSeries(
        "Spark", address, theirs, org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }

  /** What a page of Spark shows beside its logo. */
  static Optional<String> version(String page) {
    Matcher version =
        Pattern.compile("<span[^>]*class=\"version\"[^>]*>\\s*(\\d[^<\\s]*)\\s*</span>")
            .matcher(page);
    return version.find() ? Optional.of(version.group(1)) : Optional.empty();
  }

  /** The cores of all Workers. */
  static int requireWorkers(SparkMaster.Address address, JsonNode state, SparkConf configuration) {
    if (state.path("status").asText().equals("STANDBY")) {
      throw new EnvironmentFault(
          "The Spark Master at " + address + " stands by for another.",
          "Name all of the cluster's Masters, as spark://HOST:PORT,HOST:PORT.");
    }
    int cores = state.path("cores").asInt();
    if (state.path("aliveworkers").asInt() == 0 || cores == 0) {
      throw new EnvironmentFault(
          "The Spark cluster at " + address + " has no Workers.",
          "Start a Worker there, and see in the Master's log whether it registers.");
    }
    requireRoom(address, state, configuration);
    int used = state.path("coresused").asInt();
    if (used == cores) {
      LOG.info("All {} cores at {} are in use: the graph waits for others.", cores, address);
    }
    return cores;
  }

  private static void requireRoom(
      SparkMaster.Address address, JsonNode state, SparkConf configuration) {
    String memory = configuration.get("spark.executor.memory", "1g");
    String cores = configuration.get("spark.executor.cores", "1");
    long needsMebibytes;
    int needsCores;
    try {
      needsMebibytes = JavaUtils.byteStringAsMb(memory);
      needsCores = Integer.parseInt(cores);
    } catch (IllegalArgumentException e) {
      return; // Spark itself says so.
    }
    for (JsonNode worker : state.path("workers")) {
      if (worker.path("state").asText().equals("ALIVE")
          && worker.path("memory").asLong() >= needsMebibytes
          && worker.path("cores").asInt() >= needsCores) {
        return;
      }
    }
    throw new UserFault(
        "No Worker of the Spark cluster at %s has the %s of memory and the cores (%s) of an executor."
            .formatted(address, memory, cores),
        "Lower spark.executor.memory or spark.executor.cores, or start larger Workers.");
  }

  private static Optional<ClusterPages.Answer> page(
      SparkMaster.Address address, int port, String path) {
    URI page = URI.create("http://" + address.host() + ":" + port + path);
    try {
      return Optional.of(ClusterPages.get(page)).filter(ClusterPages.Answer::isThere);
    } catch (IOException e) {
      LOG.debug("No page {} of Spark", page, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault(
          "Interrupted while Spark was asked at " + address + ".", "Run it again.", e);
    }
  }
}
