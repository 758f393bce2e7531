// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs.server;

import io.beamwright.versioning.server.ServerJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A NameNode and a DataNode as two processes on free ports of this machine, with no class of Hadoop
 * in this one. They end when this is closed or this process ends, however it does.
 *
 * <p>Their class path was resolved when this module was built, and is nobody else's: the client
 * that a storage uses has the same classes.
 */
public final class HdfsProcesses implements AutoCloseable {

  private static final Duration MOST = Duration.ofSeconds(90);
  private static final String NAME_NODE = "org.apache.hadoop.hdfs.server.namenode.NameNode";
  private static final String DATA_NODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";
  private static final String ADMIN = "org.apache.hadoop.hdfs.tools.DFSAdmin";

  private final Path folder;
  private final Path configuration;
  private final ServerJvm jvm;
  private final int port;
  private final int webPort;
  private @Nullable Process nameNode;
  private @Nullable Process dataNode;

  private HdfsProcesses(Path folder, String jars, int port, int webPort) {
    this.folder = folder;
    this.configuration = folder.resolve("conf");
    this.port = port;
    this.webPort = webPort;
    this.jvm = new ServerJvm(configuration + ":" + jars, List.of("-Xmx256m"), "HADOOP_");
  }

  /** {@code FOLDER}: starts an empty HDFS, prints its URI, and ends it when standard input ends. */
  public static void main(String[] words) throws IOException, InterruptedException {
    try (HdfsProcesses hdfs = start(Path.of(words[0]))) {
      System.out.println(hdfs.uri());
      byte[] unused = System.in.readAllBytes();
    }
  }

  /**
   * Starts an empty HDFS; it is ready for use when this returns.
   *
   * @param folder an empty folder for their configuration, data and logs
   */
  public static HdfsProcesses start(Path folder) throws IOException, InterruptedException {
    int[] ports = ServerJvm.freePorts(2);
    String jars = ServerJvm.builtClassPath(HdfsProcesses.class, "hdfs.classpath");
    HdfsProcesses hdfs = new HdfsProcesses(folder, jars, ports[0], ports[1]);
    hdfs.configure();
    hdfs.run(NAME_NODE, "-format", "-force", "-nonInteractive");
    hdfs.startNameNode();
    hdfs.startDataNode();
    hdfs.awaitReady();
    return hdfs;
  }

  private void configure() throws IOException {
    Files.createDirectories(configuration);
    // The jars lack the web pages, and the servers do not start without their folders.
    for (String page : List.of("hdfs", "datanode", "static", "secondary")) {
      Files.createDirectories(configuration.resolve("webapps").resolve(page));
    }
    Files.writeString(
        configuration.resolve("log4j.properties"),
        """
        log4j.rootLogger=WARN, console
        log4j.appender.console=org.apache.log4j.ConsoleAppender
        log4j.appender.console.layout=org.apache.log4j.PatternLayout
        log4j.appender.console.layout.ConversionPattern=%d %p %c: %m%n
        """);
    writeSite("core-site.xml", Map.of("fs.defaultFS", uri().toString()));
    Map<String, String> hdfs = new TreeMap<>();
    hdfs.put("dfs.namenode.rpc-address", "127.0.0.1:" + port);
    hdfs.put("dfs.namenode.http-address", "127.0.0.1:" + webPort);
    hdfs.put("dfs.namenode.name.dir", folder.resolve("name").toUri().toString());
    hdfs.put("dfs.namenode.safemode.extension", "0");
    hdfs.put("dfs.namenode.datanode.registration.ip-hostname-check", "false");
    hdfs.put("dfs.namenode.heartbeat.recheck-interval", "1000");
    hdfs.put("dfs.heartbeat.interval", "1");
    hdfs.put("dfs.datanode.data.dir", folder.resolve("data").toUri().toString());
    hdfs.put("dfs.datanode.address", "127.0.0.1:0");
    hdfs.put("dfs.datanode.ipc.address", "127.0.0.1:0");
    hdfs.put("dfs.datanode.http.address", "127.0.0.1:0");
    hdfs.put("dfs.replication", "1");
    writeSite("hdfs-site.xml", hdfs);
  }

  private void writeSite(String name, Map<String, String> properties) throws IOException {
    StringBuilder xml = new StringBuilder("<configuration>\n");
    properties.forEach(
        (key, value) ->
            xml.append("<property><name>")
                .append(key)
                .append("</name><value>")
                .append(value)
                .append("</value></property>\n"));
    Files.writeString(configuration.resolve(name), xml + "</configuration>\n");
  }

  /** The root of this HDFS. */
  public URI uri() {
    return URI.create("hdfs://127.0.0.1:" + port);
  }

  /** The folder of its {@code core-site.xml} and {@code hdfs-site.xml}. */
  public Path configuration() {
    return configuration;
  }

  /** The port of the NameNode's web pages, which does not speak its protocol. */
  public int webPort() {
    return webPort;
  }

  /** Starts the NameNode, which was killed. */
  public void startNameNode() throws IOException {
    nameNode = begin("namenode", NAME_NODE);
  }

  /** Starts the DataNode, which was killed. */
  public void startDataNode() throws IOException {
    dataNode = begin("datanode", DATA_NODE);
  }

  /** Kills the NameNode as a power failure would. */
  public void killNameNode() throws InterruptedException {
    kill(nameNode);
  }

  /** Kills the DataNode as a power failure would. */
  public void killDataNode() throws InterruptedException {
    kill(dataNode);
  }

  private static void kill(@Nullable Process process) throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Runs {@code hdfs dfsadmin} with {@code words}. */
  public void admin(String... words) throws IOException, InterruptedException {
    run(ADMIN, words);
  }

  private void run(String main, String... words) throws IOException, InterruptedException {
    Process process = begin("admin", main, words);
    if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(main + " failed: " + log("admin"));
    }
  }

  private Process begin(String log, String main, String... words) throws IOException {
    return jvm.begin(folder.resolve(log), main, List.of(words));
  }

  /**
   * Waits until the NameNode has left safe mode and hears the DataNode.
   *
   * @throws IllegalStateException with what the servers wrote, if that takes over 90 s
   */
  public void awaitReady() {
    ServerJvm.await(MOST, this::isReady, () -> log("namenode") + log("datanode"));
  }

  private boolean isReady() {
    return bean("FSNamesystemState")
            .filter(text -> text.contains("\"NumLiveDataNodes\" : 1,"))
            .isPresent()
        && bean("NameNodeInfo").filter(text -> text.contains("\"Safemode\" : \"\",")).isPresent();
  }

  /** What the NameNode tells of itself under {@code name}, as JSON; nothing if it does not. */
  private Optional<String> bean(String name) {
    return ServerJvm.page(
        URI.create(
            "http://127.0.0.1:" + webPort + "/jmx?qry=Hadoop:service=NameNode,name=" + name));
  }

  private String log(String name) {
    try {
      return "\n" + name + ":\n" + Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      killDataNode();
      killNameNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
