// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that somebody else filled, as badly as they can: what is read is a named error. */
class HostileStoreTest {

  private static final String ID = "a".repeat(64);
  private static final Instant TIME = Instant.EPOCH;

  @TempDir Path temp;
  private LocalStorage storage;
  private Store store;

  @BeforeEach
  void open() {
    storage = new LocalStorage(temp.resolve("store"));
    store = Store.openOrCreate(storage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/..",
        "/a/../../b",
        "/./x",
        "//etc/passwd",
        "etc/passwd",
        "/a\0b",
        "/a\nb",
        "/"
      })
  void aTreeWhoseFilesLeadOutIsNotWritten(String path) throws IOException {
    Sha256 root = leaf(path, 0);

    assertThatNamed(
        () -> {
          Tree tree = store.trees().open(root);
          new Checkout(store.files(), Checkout.Existing.REPLACED, TransferProgress.SILENT)
              .folder(tree, "/", temp.resolve("out/here"));
          // What is below no folder is not even looked at until here.
          tree.files().forEach(file -> {});
        },
        "trees/");

    assertThat(temp.resolve("out/here"))
        .satisfiesAnyOf(
            out -> assertThat(out).doesNotExist(), out -> assertThat(out).isEmptyDirectory());
    assertThat(temp.toFile().list()).isSubsetOf("store", "out");
  }

  @Test
  void aCheckoutFollowsNoLinkBelowItsTarget() throws IOException {
    Sha256 root = leaf("/link/file", 0);
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path out = Files.createDirectory(temp.resolve("out"));
    Files.createSymbolicLink(out.resolve("link"), outside);
    Checkout checkout =
        new Checkout(store.files(), Checkout.Existing.REPLACED, TransferProgress.SILENT);

    assertThatThrownBy(() -> checkout.folder(store.trees().open(root), "/", out))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(out + "/link is a symbolic link");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void sizesThatAddUpToMoreThanThereAreNumbersAreNamed() {
    Sha256 root = leaf("/a", Long.MAX_VALUE, "/b", Long.MAX_VALUE);

    assertThatNamed(() -> store.trees().open(root).files().count(), "trees/");
  }

  @Test
  void aPartThatWouldExpandWithoutBoundTakesNoMemory() {
    byte[] sealed = SealedParts.seal("BWTN", new byte[1000], new byte[0]);
    // The plain length of the first part: after the magic, the count, the encoding, a length.
    sealed[10] = 0x7f;
    byte[] body = java.util.Arrays.copyOf(sealed, sealed.length - Sha256.BYTES);
    byte[] bomb = new BinaryWriter(sealed.length).bytes(body).sha256(Sha256.of(body)).toBytes();
    put(StoreLayout.treeNode(Sha256.parse(ID), 0), bomb);

    assertThatNamed(() -> store.trees().open(Sha256.parse(ID)), "that would give");
  }

  @Test
  void deeplyNestedJsonIsNamed() {
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);
    put(StoreLayout.commit(Sha256.of(deep)), deep);

    assertThatNamed(
        () -> store.commits().read(new CommitId(Sha256.of(deep))),
        StoreLayout.commit(Sha256.of(deep)).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"version\":1}",
        "{\"version\":1,\"repo\":{\"name\":\"x\",\"id\":\"ID\"},\"parents\":[],\"depth\":7,\"tree\":\"ID\",\"author\":\"\",\"time\":\"1970-01-01T00:00:00Z\",\"message\":\"\"}",
        "{\"version\":1,\"repo\":{\"name\":\"x\",\"id\":\"ID\"},\"parents\":[],\"depth\":0,\"tree\":\"../x\",\"author\":\"\",\"time\":\"1970-01-01T00:00:00Z\",\"message\":\"\"}",
        "{\"version\":1,\"repo\":{\"name\":\"x\",\"id\":\"ID\"},\"parents\":[],\"depth\":0,\"tree\":\"ID\",\"author\":\"\",\"time\":\"never\",\"message\":\"\"}",
        "{\"version\":1,\"repo\":{\"name\":\"x\",\"id\":\"ID\"},\"parents\":[null],\"depth\":1,\"tree\":\"ID\",\"author\":\"\",\"time\":\"1970-01-01T00:00:00Z\",\"message\":\"\"}",
        "null",
        "",
        "17"
      })
  void aCommitThatCannotBeIsNamed(String text) {
    byte[] bytes = text.replace("ID", ID).getBytes(UTF_8);
    put(StoreLayout.commit(Sha256.of(bytes)), bytes);

    assertThatNamed(
        () -> store.commits().read(new CommitId(Sha256.of(bytes))),
        StoreLayout.commit(Sha256.of(bytes)).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"branch\",\"deleted\":false,\"by\":\"\",\"at\":\"1970-01-01T00:00:00Z\",\"why\":\"\",\"token\":\"\",\"transaction\":\"../../x\"}",
        "{\"kind\":\"branch\",\"deleted\":false,\"by\":\"\",\"at\":\"1970-01-01T00:00:00Z\",\"why\":\"\",\"token\":\"\",\"to\":\"../../x\"}",
        "{\"kind\":\"branch\",\"deleted\":false,\"by\":\"\",\"at\":7,\"why\":\"\",\"token\":\"\"}",
        "{\"kind\":\"/etc\"}",
        "[]",
        "x",
        ""
      })
  void anEntryOfARefThatCannotBeIsNamed(String text) {
    Repo repo = store.repos().create("r", "", "tester", TIME);
    put(entry(StoreLayout.refLog(repo.id(), "master")), text.getBytes(UTF_8));

    assertThatNamed(() -> store.repos().refs(repo).head("master"), "a ref of repo " + repo.id());
    assertThatNamed(() -> store.repos().refs(repo).list(), "a ref of repo " + repo.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"repos/x", "repos/%2e%2e/1", "repos/%zz/1", "repos/%61/1", "repos/a%/1"})
  void akeyThatIsNoReposIsNamed(String key) {
    put(new StorageKey(key), new byte[1]);

    assertThatNamed(() -> store.repos().list(), key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x", "/000/000/000/x", "/99999999999999999999999"})
  void anEntryWithoutANumberIsNamed(String name) {
    put(new StorageKey("runs" + name), new byte[1]);

    assertThatNamed(() -> store.runs().newestFirst(1), "runs" + name);
  }

  @Test
  void keysThatAreNoCommitsOrJobsAreNamed() {
    put(new StorageKey("commits/aaa/aaaa-x"), new byte[1]);
    put(new StorageKey("jobs/aaa/aaaa"), new byte[1]);

    assertThatNamed(() -> store.commits().withPrefix("aaaa", 9), "commits/aaa/aaaa-x");
    assertThatNamed(() -> store.jobs().withPrefix("aaaa", 9), "jobs/aaa/aaaa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tree\":\"ID\",\"through\":-999999999999,\"open\":[],\"at\":\"\",\"token\":\"\"}",
        "{\"tree\":\"ID\",\"through\":0,\"open\":[-5],\"at\":\"\",\"token\":\"\"}",
        "{\"tree\":\"/\",\"through\":0,\"open\":[],\"at\":\"\",\"token\":\"\"}"
      })
  void anEntryOfResultsThatCannotBeIsNamed(String text) {
    put(entry(StoreLayout.RESULTS), text.replace("ID", ID).getBytes(UTF_8));

    assertThatNamed(() -> store.results().known(), "the log of results");
  }

  @Test
  void aLinkInTheStoreThatLeadsNowhereIsNamed() throws IOException {
    byte[] bytes = "x".getBytes(UTF_8);
    StorageKey key = StoreLayout.object(Sha256.of(bytes), 0);
    Path file = temp.resolve("store").resolve(key.text());
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, temp.resolve("outside"));

    assertThatNamed(() -> store.files().readObject(Sha256.of(bytes)), key.text());
    assertThat(temp.resolve("outside")).doesNotExist();
  }

  private static StorageKey entry(String log) {
    return StorageKey.of(log, StoreLayout.digits(999_999_999_999L));
  }

  /** A leaf of empty files as no writer of ours makes it: paths and sizes, in their order. */
  private Sha256 leaf(Object... pathsAndSizes) {
    BinaryWriter identity = new BinaryWriter(100);
    BinaryWriter facts = new BinaryWriter(10);
    identity.u8(1).u8(0).varint(pathsAndSizes.length / 2);
    for (int i = 0; i < pathsAndSizes.length; i += 2) {
      byte[] path = pathsAndSizes[i].toString().getBytes(UTF_8);
      identity.varint(path.length).bytes(path).u8(0).u8(0);
      identity.varint(((Number) pathsAndSizes[i + 1]).longValue()).sha256(Sha256.of(new byte[0]));
      facts.varint(0).u8(0);
    }
    byte[] bytes = identity.toBytes();
    Sha256 id = Sha256.of(bytes);
    put(StoreLayout.treeNode(id, 0), SealedParts.seal("BWTN", bytes, facts.toBytes()));
    return id;
  }

  private void put(StorageKey key, byte[] bytes) {
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  private void assertThatNamed(ThrowingCallable reading, String what) {
    List<String> before = List.of(temp.toFile().list());
    assertThatThrownBy(reading)
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(storage.location())
        .hasMessageContaining(what)
        .extracting(fault -> ((Fault) fault).remedy())
        .asString()
        .isNotEmpty();
    assertThat(temp.toFile().list()).containsAll(before);
  }
}
