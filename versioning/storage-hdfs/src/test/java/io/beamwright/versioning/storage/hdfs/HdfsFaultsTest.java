// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import io.beamwright.versioning.testkit.ChildJvm;
import io.beamwright.versioning.testkit.PatternContent;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.junit.jupiter.api.Test;

/** Each trouble is one clear fault that names the whole location, in a bounded time. */
class HdfsFaultsTest {

  private static final StorageKey KEY = new StorageKey("objects/ab/key");

  @Test
  void aPortThatNobodyListensAtIsRefusedInTime() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertFault("hdfs://127.0.0.1:" + port + "/store", Map.of())
        .hasMessageContaining("nothing listens at 127.0.0.1:" + port)
        .satisfies(fault -> assertRemedy(fault, "dfs.namenode.rpc-address"));
  }

  @Test
  void aServerThatSaysNothingIsGivenUpInTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();

      assertFault("hdfs://" + address + "/store", Map.of("hdfs.timeout", "3"))
          .hasMessageContaining("the NameNode at " + address + " does not answer")
          .satisfies(fault -> assertRemedy(fault, "hdfs.timeout"));
    }
  }

  @Test
  void aHostThatIsNotKnownIsNamed() {
    assertFault("hdfs://no-such-host.invalid:8020/store", Map.of())
        .hasMessageContaining("no host no-such-host.invalid:8020 is known")
        .satisfies(fault -> assertRemedy(fault, "nameservice"));
  }

  @Test
  void theNameNodesWebPageIsNotTakenForIt() {
    HdfsProcesses servers = RealHdfs.shared();

    assertFault("hdfs://127.0.0.1:" + servers.webPort() + "/store", Map.of("hdfs.timeout", "6"))
        .hasMessageContaining("what answers at 127.0.0.1:" + servers.webPort())
        .satisfies(fault -> assertRemedy(fault, "not that of a web page"));
  }

  @Test
  void anotherServerIsNotTakenForANameNode() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread greeter = new Thread(() -> greet(other));
      greeter.setDaemon(true);
      greeter.start();
      String address = "127.0.0.1:" + other.getLocalPort();

      assertFault("hdfs://" + address + "/store", Map.of("hdfs.timeout", "6"))
          .hasMessageContaining("what answers at " + address + " is not a NameNode");
    }
  }

  private static void greet(ServerSocket server) {
    try {
      while (true) {
        OutputStream out = server.accept().getOutputStream();
        out.write("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Test
  void safeModeIsNamed() throws IOException {
    DistributedFileSystem admin = admin();
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    assertThat(admin.setSafeMode(SafeModeAction.ENTER)).isTrue();
    try {
      assertFault(root.toString(), Map.of())
          .hasMessageContaining("the NameNode is in safe mode")
          .satisfies(fault -> assertRemedy(fault, "hdfs dfsadmin -safemode get"));
    } finally {
      admin.setSafeMode(SafeModeAction.LEAVE);
    }
  }

  @Test
  void aQuotaOfNamesIsNamed() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().mkdirs(new Path(root.getPath()));
    admin().setQuota(new Path(root.getPath()), 1, Long.MAX_VALUE);

    assertFault(root.toString(), Map.of())
        .hasMessageContaining("a quota is used up")
        .hasMessageContaining(root.getPath())
        .satisfies(fault -> assertRemedy(fault, "hdfs dfsadmin -setQuota"));
  }

  @Test
  void aQuotaThatStopsTheRenameLeavesNothing() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    try (Storage storage = open(root.toString(), Map.of())) {
      create(storage, new StorageKey("one"));
      // The root, .tmp and one: a temporary file fits, a folder for its key does not.
      admin().setQuota(new Path(root.getPath()), 4, Long.MAX_VALUE);

      assertThatThrownBy(() -> create(storage, KEY))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("Cannot create " + root + "/" + KEY)
          .hasMessageContaining("a quota is used up");
      assertThat(admin().listStatus(new Path(root.getPath() + "/.tmp"))).isEmpty();
    }
  }

  @Test
  void aQuotaOfSpaceIsNamed() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().mkdirs(new Path(root.getPath()));
    admin().setQuota(new Path(root.getPath()), Long.MAX_VALUE, 1);

    assertFault(root.toString(), Map.of())
        .hasMessageContaining("a quota is used up")
        .satisfies(fault -> assertRemedy(fault, "-setSpaceQuota"));
    assertThat(admin().listStatus(new Path(root.getPath() + "/.tmp"))).isEmpty();
  }

  @Test
  void aCommitThatAQuotaStopsAnywhereChangesNoBranchAndIsMadeOnceThereIsRoom() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    Path folder = new Path(root.getPath());
    Repo repo;
    try (Store store = Store.openOrCreate(StorageLocation.parse(root.toString()).open())) {
      repo = store.repos().create("r", "", "ann", Instant.EPOCH);
    }
    int stopped = 0;
    Optional<Committer.Outcome> made = Optional.empty();
    while (made.isEmpty()) {
      var used = admin().getContentSummary(folder);
      // A folder counts itself; with each turn the commit gets a little further.
      long names = used.getFileCount() + used.getDirectoryCount() + stopped % 3;
      admin().setQuota(folder, names, Long.MAX_VALUE);
      try (Store store = Store.open(StorageLocation.parse(root.toString()).open())) {
        made = Optional.of(commit(store, repo));
      } catch (EnvironmentFault e) {
        assertThat(e).hasMessageContaining("a quota is used up");
        assertRemedy(e, "hdfs dfsadmin -setQuota");
        stopped++;
      }
      try (Store store = Store.open(StorageLocation.parse(root.toString()).open())) {
        assertThat(store.repos().refs(repo).head("master").commit())
            .isEqualTo(made.flatMap(Committer.Outcome::head));
        assertThat(Fsck.check(store.storage()).damages()).isEmpty();
      }
    }
    assertThat(stopped).isGreaterThan(3);
  }

  private static Committer.Outcome commit(Store store, Repo repo) {
    return new Committer(store, "ann", Instant.EPOCH)
        .commit(
            repo,
            "master",
            "",
            Committer.Empty.SKIPPED,
            tree -> {
              FileEntry file = FileEntry.of(new FilePath("/a"), false, stored(store));
              return store.trees().edit(tree, List.of(new TreeEdit.Put(file)));
            });
  }

  private static StoredFile stored(Store store) {
    try (Packer packer = store.packer()) {
      PendingFile file = packer.add(new PatternContent(1_000, 1));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoMayNotWriteIsToldSo() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().mkdirs(new Path(root.getPath()), new FsPermission("755"));

    assertFault(root.toString(), Map.of("hdfs.user", "mallory"))
        .hasMessageContaining("permission denied")
        .hasMessageContaining("mallory")
        .satisfies(fault -> assertRemedy(fault, "hdfs.user"));
  }

  @Test
  void theUserOfTheOptionOwnsWhatItCreates() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().mkdirs(new Path(root.getPath()));
    admin().setOwner(new Path(root.getPath()), "ann", "people");
    try (Storage storage = open(root.toString(), Map.of("hdfs.user", "ann"))) {
      create(storage, KEY);
    }

    assertThat(admin().getFileStatus(new Path(root.getPath() + "/" + KEY)).getOwner())
        .isEqualTo("ann");
  }

  @Test
  void aFileWhereAFolderMustBeIsNamed() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().create(new Path(root.getPath() + "/objects")).close();

    assertFault(root.toString(), Map.of())
        .hasMessageContaining("there is a file on its path where the store needs a folder")
        .hasMessageContaining(root.getPath() + "/objects");
    assertFault(root + "/objects/store", Map.of())
        .hasMessageContaining("there is a file on its path where the store needs a folder");
    assertThat(admin().listStatus(new Path(root.getPath() + "/.tmp"))).isEmpty();
  }

  @Test
  void aFolderWhereAFileMustBeIsNamed() throws IOException {
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    admin().mkdirs(new Path(root.getPath() + "/" + KEY));

    assertFault(root.toString(), Map.of())
        .hasMessageContaining("it is a folder, and the store needs a file there");
    assertThat(admin().listStatus(new Path(root.getPath() + "/.tmp"))).isEmpty();
  }

  @Test
  void withoutADataNodeNothingIsCreatedAndWhatIsThereCannotBeRead() throws Exception {
    HdfsProcesses servers = RealHdfs.shared();
    URI root = RealHdfs.newRoot(servers.uri());
    try (Storage storage = open(root.toString(), Map.of())) {
      create(storage, new StorageKey("there"));
      servers.killDataNode();

      Instant begin = Instant.now();
      assertThatThrownBy(() -> create(storage, KEY))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("Cannot create " + root + "/" + KEY)
          .hasMessageContaining("no DataNode takes it")
          .satisfies(fault -> assertRemedy(fault, "hdfs dfsadmin -report"));
      assertThatThrownBy(() -> storage.read(new StorageKey("there"), 0, 9))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(root + "/there")
          .hasMessageContaining("no DataNode that is alive has its bytes");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(40));
      assertThat(storage.list("", Optional.empty(), 9)).hasSize(1);
    } finally {
      servers.startDataNode();
      servers.awaitReady();
    }
  }

  /** Creates a key in the storage at a URI, as a command would, and says what came of it. */
  static final class Creates {
    private Creates() {}

    public static void main(String[] words) {
      try (Storage storage = StorageLocation.parse(words[0]).open()) {
        create(storage, KEY);
      } catch (Fault e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void nothingButTheFaultIsPrinted() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (ChildJvm child = ChildJvm.start(Creates.class, "hdfs://127.0.0.1:" + port + "/store")) {
      assertThat(child.end().lines())
          .containsExactly(
              "Cannot create hdfs://127.0.0.1:"
                  + port
                  + "/store/objects/ab/key: nothing listens at 127.0.0.1:"
                  + port
                  + " (connection refused).");
    }
    URI root = RealHdfs.newRoot(InProcessHdfs.uri());
    try (ChildJvm child = ChildJvm.start(Creates.class, root.toString())) {
      assertThat(child.end().lines()).isEmpty();
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFault(
      String root, Map<String, String> options) {
    Instant begin = Instant.now();
    var fault =
        assertThatThrownBy(
                () -> {
                  try (Storage storage = open(root, options)) {
                    create(storage, KEY);
                  }
                })
            .isInstanceOf(EnvironmentFault.class)
            .hasMessageContaining(root)
            .hasMessageNotContaining("\n")
            .hasMessageNotContaining("wiki");
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
    return fault;
  }

  private static void assertRemedy(Throwable fault, String text) {
    assertThat(((Fault) fault).remedy()).contains(text);
  }

  private static Storage open(String root, Map<String, String> options) {
    return StorageLocation.parse(root, options).open();
  }

  private static void create(Storage storage, StorageKey key) {
    storage.createIfAbsent(key, Content.of("content".getBytes(StandardCharsets.UTF_8)));
  }

  private static DistributedFileSystem admin() throws IOException {
    return InProcessHdfs.cluster().getFileSystem();
  }
}
