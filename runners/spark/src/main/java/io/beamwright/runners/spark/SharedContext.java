// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of this process, for Spark allows one. Graphs with the same settings share it; it
 * ends when a graph with others comes and all before it have ended, or with the process.
 */
final class SharedContext {

  private static final Logger LOG = LoggerFactory.getLogger(SharedContext.class);

  /** Who waits for a context, the first in front; also the lock of all. */
  private static final Queue<Object> WAITING = new ArrayDeque<>();

  private static @Nullable SharedContext shared;

  private final ContextSettings settings;
  private final JavaSparkContext context;
  private final Set<Path> sent = new HashSet<>();
  private final long opened = System.nanoTime();
  private int leased;

  private SharedContext(ContextSettings settings, JavaSparkContext context) {
    this.settings = settings;
    this.context = context;
  }

  /**
   * Opens beside the caller the context that {@link #lease} waits for, if there is none and nobody
   * waits for one.
   */
  static void warmUp(ContextSettings settings) {
    synchronized (WAITING) {
      if (shared != null || !WAITING.isEmpty()) {
        return;
      }
    }
    Thread start =
        new Thread(
            () -> {
              try {
                lease(settings).close();
              } catch (Fault e) {
                LOG.debug("Spark did not start; the first graph that needs it tries again.", e);
              }
            },
            "spark-starts");
    start.setDaemon(true);
    start.start();
  }

  /**
   * A share in a context with these settings. Waits as long as graphs with others run or wait.
   *
   * @throws Fault if the cluster is not there or not fit for it, or if this thread is interrupted
   */
  static Lease lease(ContextSettings settings) {
    // Asked each time: without workers a context that is there would wait for ever.
    Wanted wanted = new Wanted(settings, System.nanoTime(), ClusterCheck.require(settings));
    Object ticket = new Object();
    synchronized (WAITING) {
      WAITING.add(ticket);
      try {
        if (isTaken(wanted)) {
          LOG.info("The graph waits until those with other settings of Spark ended.");
        }
        while (mustWait(ticket, wanted)) {
          WAITING.wait();
        }
        SharedContext context = shared;
        if (context == null || !context.serves(wanted)) {
          end();
          context = new SharedContext(settings, open(settings, wanted.found()));
          shared = context;
        }
        context.send(settings.jars());
        return context.new Lease();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EnvironmentFault(
            "Interrupted while a graph waited for those with other settings of Spark.",
            "Run it again.",
            e);
      } finally {
        WAITING.remove(ticket);
        WAITING.notifyAll();
      }
    }
  }

  /**
   * What a graph needs.
   *
   * @param asked when the cluster was asked, by {@link System#nanoTime}
   */
  private record Wanted(ContextSettings settings, long asked, ClusterCheck.Found found) {}

  private static boolean mustWait(Object ticket, Wanted wanted) {
    return WAITING.peek() != ticket || isTaken(wanted);
  }

  private static boolean isTaken(Wanted wanted) {
    SharedContext context = shared;
    return context != null && context.leased > 0 && !context.serves(wanted);
  }

  /**
   * A cluster that ends our application stops the context; one that was started anew has forgotten
   * the application, and gives it nothing more. One that was asked before there was this context
   * could not know of it.
   */
  private boolean serves(Wanted wanted) {
    return settings.equals(wanted.settings())
        && !context.sc().isStopped()
        && (wanted.asked() - opened < 0 || wanted.found().mayKnow(context.sc().applicationId()));
  }

  /** Workers fetch a jar before the next task that they begin. */
  private void send(List<Path> jars) {
    for (Path jar : jars) {
      if (sent.add(jar)) {
        context.addJar(jar.toUri().toString());
      }
    }
  }

  private static void end() {
    SharedContext context = shared;
    shared = null;
    if (context != null) {
      context.context.stop();
    }
  }

  private static JavaSparkContext open(ContextSettings settings, ClusterCheck.Found found) {
    SparkConf configuration = settings.configuration();
    found.ourHost().ifPresent(host -> configuration.setIfMissing("spark.driver.host", host));
    found
        .cores()
        .ifPresent(
            cores ->
                configuration.setIfMissing("spark.default.parallelism", Integer.toString(cores)));
    try {
      return new JavaSparkContext(configuration);
    } catch (IllegalArgumentException e) {
      throw ContextSettings.refused(e);
    } catch (LinkageError e) {
      throw new EnvironmentFault(
          "This JVM was started without the flags that Spark needs: " + Causes.firstLine(e) + ".",
          "Start it as java @runners/spark/jvm-flags.",
          e);
    } catch (Exception e) {
      throw notOpened(settings.master(), e);
    }
  }

  private static Fault notOpened(SparkMaster master, Exception failure) {
    String message = Causes.firstLine(Causes.of(failure));
    if (master instanceof SparkMaster.Managed && message.contains("Could not parse Master URL")) {
      return new UserFault(
          "The Spark of the runner does not know the master \"" + master.url() + "\".",
          "Add the jars of spark-yarn or spark-kubernetes of the same version to the class path.",
          failure);
    }
    return new EnvironmentFault(
        "Spark does not start with the master " + master.url() + ": " + message + ".",
        master instanceof SparkMaster.Local
            ? "Give the process more memory (-Xmx), or name the master of a cluster."
            : "See that this process and the cluster reach each other (spark.driver.host).",
        failure);
  }

  /** A share for one graph. */
  final class Lease implements AutoCloseable {

    private boolean closed;

    private Lease() {
      leased++;
    }

    JavaSparkContext context() {
      return context;
    }

    ContextSettings settings() {
      return settings;
    }

    /** Gives the share back; a second time does nothing. */
    @Override
    public void close() {
      synchronized (WAITING) {
        leased -= closed ? 0 : 1;
        closed = true;
        WAITING.notifyAll();
      }
    }
  }
}
