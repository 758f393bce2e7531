// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://github.com/gaul/s3proxy">S3Proxy</a>, a real S3 server over a folder, in a
 * process of its own on a free port of this machine. Its class path was resolved when this module
 * was built, and is nobody else's.
 */
public final class S3Proxy implements AutoCloseable {

  /** The access key that it knows. */
  public static final String ACCESS_KEY = "local-identity";

  /** The secret key of it. */
  public static final String SECRET_KEY = "local-credential";

  private static final Duration START = Duration.ofSeconds(90);
  private static final int MOST_STARTS = 3;

  // The server ends when its standard input does, and so with this JVM, however that is ended.
  private static final String ENDS_WITH_US =
      "exec 3<&0; \"$@\" </dev/null 3<&- & server=$!;"
          + " { cat <&3 >/dev/null; kill -9 $server; } & exec 3<&-; wait $server";

  private static Optional<S3Proxy> shared = Optional.empty();

  private final Path folder;
  private final URI endpoint;
  private final Process process;

  private S3Proxy(Path folder, URI endpoint, Process process) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.process = process;
  }

  /**
   * Starts an empty server, prints the environment by which a command finds it and the URI of a
   * bucket, and ends it when standard input ends.
   */
  public static void main(String[] words) throws IOException, InterruptedException {
    try (S3Proxy server = start()) {
      server.environment().forEach((name, value) -> System.out.println(name + "=" + value));
      System.out.println("s3://" + server.newBucket());
      byte[] unused = System.in.readAllBytes();
    }
  }

  /** The one of this JVM, started when it is first asked for and ended with the JVM. */
  public static synchronized S3Proxy shared() throws IOException, InterruptedException {
    if (shared.isEmpty()) {
      shared = Optional.of(start());
    }
    return shared.orElseThrow();
  }

  /** Starts another one; it ends with the JVM at the latest. */
  public static S3Proxy start() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("s3proxy");
    Files.createDirectory(folder.resolve("buckets"));
    for (int started = 1; ; started++) {
      S3Proxy proxy = launch(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(proxy::close));
      if (proxy.awaitAnswer()) {
        return proxy;
      }
      // Another process can take the port between our choice and the server's start.
      proxy.end();
      if (started == MOST_STARTS) {
        throw new IOException("s3proxy does not start: " + Files.readString(folder.resolve("log")));
      }
    }
  }

  private static S3Proxy launch(Path folder) throws IOException {
    URI endpoint = URI.create("http://127.0.0.1:" + freePort());
    Path properties = folder.resolve("s3proxy.properties");
    Files.writeString(
        properties,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(endpoint, ACCESS_KEY, SECRET_KEY, folder.resolve("buckets")));
    Files.writeString(folder.resolve("logback.xml"), resource("logback.xml"));
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                ENDS_WITH_US,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-cp",
                resource("s3proxy.classpath").strip(),
                "org.gaul.s3proxy.Main",
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return new S3Proxy(folder, endpoint, process);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(S3Proxy.class.getResourceAsStream(name), "not built: " + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean awaitAnswer() throws InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < until) {
      if (answers()) {
        return true;
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(10_000);
      try {
        return connection.getResponseCode() > 0;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false; // Not yet.
    }
  }

  /** Its address. */
  public URI endpoint() {
    return endpoint;
  }

  /** The environment variables by which a process of the command finds it and may use it. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY",
        SECRET_KEY,
        "AWS_REGION",
        "us-east-1",
        "AWS_ENDPOINT_URL_S3",
        endpoint.toString());
  }

  /** Makes a bucket of a new name. */
  public String newBucket() throws IOException {
    String name = "bucket-" + UUID.randomUUID();
    Files.createDirectory(bucket(name));
    return name;
  }

  /** The folder in which the objects of a bucket lie as files. */
  public Path bucket(String name) {
    return folder.resolve("buckets").resolve(name);
  }

  /** What it wrote to standard output and error. */
  public List<String> log() throws IOException {
    return Files.readAllLines(folder.resolve("log"));
  }

  /** Ends it, and deletes what it held. */
  @Override
  public synchronized void close() {
    try {
      end();
      deleteFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  private void deleteFolder() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
