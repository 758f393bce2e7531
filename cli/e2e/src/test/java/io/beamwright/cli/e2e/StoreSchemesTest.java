// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import io.beamwright.versioning.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store's way from a folder to a bucket, to HDFS and to a folder again: real servers, and each
 * command in a process of its own.
 */
class StoreSchemesTest {

  private static final int SMALL_FILES = 200;
  private static final int LARGE_FILES = 6;
  private static final int LARGE_BYTES = 1_500_000;

  @TempDir private Path folder;

  private static Command on(String store, S3Proxy server) {
    return new Command(store, List.of(), server.environment(), List.of())
        .with("AWS_EC2_METADATA_DISABLED", "true");
  }

  /** The bytes of all objects that are there. */
  private static long objectBytes(Command store) throws Exception {
    return store.json("fsck").path("checked").path("object_bytes").asLong();
  }

  @Test
  void commitsGoFromAFolderByS3AndHdfsToAFolderAndAreTheSame() throws Exception {
    Path servers = Files.createDirectory(folder.resolve("hdfs"));
    try (S3Proxy s3 = S3Proxy.start();
        HdfsProcesses hdfs = HdfsProcesses.start(servers)) {
      Command first = on("file:" + folder.resolve("first"), s3);
      Command bucket = on("s3://" + s3.newBucket() + "/store", s3);
      Command cluster = on(hdfs.uri() + "/user/ann/store", s3);
      Command last = on("file:" + folder.resolve("last"), s3);
      fill(first);

      assertSent(first.json("push", bucket.store(), "data"), 2, objectBytes(first));
      pushInSpiteOfAKill(bucket, cluster);
      assertSent(last.json("pull", cluster.store(), "data"), 2, objectBytes(first));

      for (Command store : List.of(bucket, cluster, last)) {
        assertSame(first, store);
      }
      aChangeGoesBack(List.of(last, cluster, bucket, first));
    }
  }

  /** Two commits of small files and of large ones, and a tag. */
  private void fill(Command store) throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.writeString(files.resolve("small-" + i), "content of " + i);
    }
    store.fine("create", "repo", "data");
    for (int version = 1; version <= 2; version++) {
      for (int i = 0; i < LARGE_FILES; i++) {
        byte[] large = new byte[LARGE_BYTES];
        new Random(10L * i + version).nextBytes(large);
        Files.write(files.resolve("large-" + i), large);
      }
      store.fine("put", "file", "data@master:/", "-r", "-f", files.toString());
      store.fine("create", "tag", "data@v" + version, "--head", "data@master");
    }
    assertThat(objectBytes(store)).isGreaterThan(2L * LARGE_FILES * LARGE_BYTES);
  }

  private static void assertSent(JsonNode report, int commits, long bytes) {
    assertThat(report.path("commits").asInt()).as("%s", report).isEqualTo(commits);
    assertThat(report.path("bytes").asLong()).as("%s", report).isEqualTo(bytes);
  }

  /** The first push is killed when an object has arrived; the next sends the others alone. */
  private static void pushInSpiteOfAKill(Command from, Command to) throws Exception {
    try (ChildJvm killed = from.start("push", to.store(), "data");
        Storage arriving = StorageLocation.parse(to.store()).open()) {
      while (arriving.list("objects/", Optional.empty(), 1).isEmpty()) {
        Thread.onSpinWait();
      }
      killed.close();
    }
    // What was under way when it was killed has arrived by the end of this.
    assertThat(to.fine("fsck")).endsWith("sound");
    long arrived = objectBytes(to);
    long all = objectBytes(from);
    assertThat(arrived).isBetween(1L, all - 1);

    JsonNode rest = from.json("push", to.store(), "data");

    assertSent(rest, 2, all - arrived);
    JsonNode again = from.json("push", to.store(), "data");
    assertSent(again, 0, 0);
    assertThat(again.path("nodes").asInt() + again.path("objects").asInt()).isZero();
  }

  private void assertSame(Command first, Command other) throws Exception {
    for (String ref : List.of("data@master", "data@v1", "data@v2")) {
      assertThat(other.json("inspect", "commit", ref).path("commit"))
          .as(ref + " in " + other.store())
          .isNotEmpty()
          .isEqualTo(first.json("inspect", "commit", ref).path("commit"));
    }
    assertThat(other.json("log", "data")).isEqualTo(first.json("log", "data"));
    Path got = folder.resolve("got-" + other.store().replaceAll("[^a-z0-9]", "-"));
    var unused = other.fine("get", "file", "data@master:/", "-r", "-o", got.toString());
    try (var names = Files.list(folder.resolve("files"))) {
      for (Path file : names.toList()) {
        assertThat(got.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
    assertThat(other.fine("fsck")).endsWith("sound");
    assertThat(objectBytes(other)).isEqualTo(objectBytes(first));
  }

  /** From each store to the next: one commit and its four bytes, and no more. */
  private void aChangeGoesBack(List<Command> stores) throws Exception {
    Path change = Files.writeString(folder.resolve("change"), "late");
    stores.get(0).fine("put", "file", "data@master:/change", "-f", change.toString());
    for (int i = 1; i < stores.size(); i++) {
      Command from = stores.get(i - 1);
      Command to = stores.get(i);
      assertSent(to.json("pull", from.store(), "data@master"), 1, 4);
    }
    Command back = stores.get(stores.size() - 1);
    assertThat(back.fine("get", "file", "data@master:/change")).isEqualTo("late");
    assertThat(back.fine("fsck")).endsWith("sound");
  }
}
