// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * How a process reaches a NameNode: as whom, with what configuration, and how long it waits.
 *
 * <p>With Kerberos, the user is whom the ticket cache, or the tokens that a cluster gives its
 * workers, say. That is Hadoop's own code and was not tested here; everything else was.
 */
final class HdfsConnection {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  // A file is closed when the NameNode has heard of its last block from a DataNode. Hadoop asks at
  // once, then after 0.4 s, 0.8 s and so on; most need some milliseconds.
  private static final Map<String, String> ASK_SOON =
      Map.of(
          "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5",
          "dfs.client.block.write.locateFollowingBlock.max.delay.ms", "2000",
          "dfs.client.block.write.locateFollowingBlock.retries", "14");

  // What is wrong is told once, by a fault. Loggers are garbage unless somebody holds them.
  private static final Logger HADOOP = Logger.getLogger("org.apache.hadoop");

  private HdfsConnection() {}

  /**
   * Opens the storage at {@code root}. Nothing is sent to the NameNode yet.
   *
   * @throws EnvironmentFault if no such host is known
   */
  static HdfsStorage open(URI root, HdfsOptions options) {
    if (HADOOP.getLevel() == null) {
      HADOOP.setLevel(Level.OFF);
    }
    Configuration configuration = configuration(root, options);
    HdfsFaults faults = new HdfsFaults(root);
    DFSClient client = connect(root, options, configuration, faults);
    return new HdfsStorage(root, client, configuration, faults);
  }

  /**
   * Hadoop's defaults are in its code as well as in its XML files, whose parsing would be most of
   * the time that a first create takes: only what the site says is read.
   */
  static Configuration configuration(URI root, HdfsOptions options) {
    Configuration ours = new Configuration(false);
    ASK_SOON.forEach(ours::set);
    waitAtMost(DEFAULT_TIMEOUT).forEach(ours::set);
    // As a resource, for what is set wins over every resource.
    Configuration configuration = new Configuration(false);
    configuration.addResource(ours);
    options.configuration().ifPresent(folder -> addSite(configuration, root, folder));
    options.timeout().ifPresent(timeout -> waitAtMost(timeout).forEach(configuration::set));
    refuseObservers(configuration, root);
    return configuration;
  }

  private static void addSite(Configuration configuration, URI root, Path folder) {
    for (String name : new String[] {"core-site.xml", "hdfs-site.xml"}) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        addFile(configuration, root, file);
      }
    }
  }

  private static void addFile(Configuration configuration, URI root, Path file) {
    try {
      configuration.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
      // It is read when something is asked of it first.
      int unused = configuration.size();
    } catch (RuntimeException e) {
      throw new UserFault(
          "The store "
              + root
              + ": the configuration "
              + file
              + " cannot be read: "
              + HdfsFaults.firstLine(e),
          "Correct it, or name another folder by the option hdfs.conf.",
          e);
    }
  }

  /** A site may say otherwise, and an option has the last word. */
  private static Map<String, String> waitAtMost(Duration timeout) {
    String whole = Long.toString(timeout.toMillis());
    String third = Long.toString(timeout.dividedBy(3).toMillis());
    return Map.of(
        // A host that swallows what is sent: three tries.
        "ipc.client.connect.timeout", third,
        "ipc.client.connect.max.retries.on.timeouts", "2",
        // A process that accepts and says nothing.
        "ipc.client.rpc-timeout.ms", whole,
        // Two NameNodes of which none is active: waits of 0.5 s, 1 s, 2 s, …
        "dfs.client.failover.max.attempts", "5",
        "dfs.client.retry.max.attempts", "3",
        // No DataNode has a block: three tries, a few seconds.
        "dfs.client.retry.window.base", "500");
  }

  // They answer with what was true a moment ago, and a store needs to see every create.
  private static void refuseObservers(Configuration configuration, URI root) {
    String key = "dfs.client.failover.proxy.provider." + root.getHost();
    String provider = configuration.get(key, "");
    if (provider.contains("ObserverRead")) {
      throw new UserFault(
          "The store "
              + root
              + ": its configuration reads from observer NameNodes ("
              + key
              + " is "
              + provider
              + "), which may not know the newest entries yet.",
          "Name a configuration by hdfs.conf in which it is ConfiguredFailoverProxyProvider.");
    }
  }

  private static DFSClient connect(
      URI root, HdfsOptions options, Configuration configuration, HdfsFaults faults) {
    try {
      UserGroupInformation.setConfiguration(configuration);
      URI nameNode = URI.create(root.getScheme() + "://" + root.getRawAuthority());
      return user(root, options)
          .doAs(
              (PrivilegedExceptionAction<DFSClient>) () -> new DFSClient(nameNode, configuration));
    } catch (IOException e) {
      throw faults.cannotOpen(e);
    } catch (IllegalArgumentException e) {
      throw faults.cannotOpen(unknownHost(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw faults.cannotOpen(new IOException("it was interrupted", e));
    } catch (UndeclaredThrowableException e) {
      throw faults.cannotOpen(new IOException(HdfsFaults.firstLine(e.getCause()), e));
    }
  }

  private static IOException unknownHost(IllegalArgumentException failure) {
    return failure.getCause() instanceof UnknownHostException unknown
        ? unknown
        : new IOException(HdfsFaults.firstLine(failure), failure);
  }

  /**
   * Without Kerberos anybody is whoever he says he is, and it is said here: Hadoop would ask the
   * machine, which in a container may not know its own user's name.
   */
  private static UserGroupInformation user(URI root, HdfsOptions options) throws IOException {
    if (UserGroupInformation.isSecurityEnabled()) {
      if (options.user().isPresent()) {
        throw new UserFault(
            "The store "
                + root
                + " is to be used as \""
                + options.user().get()
                + "\", but with Kerberos the ticket says who you are.",
            "Leave out hdfs.user and HADOOP_USER_NAME, and get a ticket: kinit USER");
      }
      return UserGroupInformation.getCurrentUser();
    }
    return UserGroupInformation.createRemoteUser(
        options.user().orElseGet(() -> System.getProperty("user.name")));
  }
}
