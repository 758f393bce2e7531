// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static io.beamwright.versioning.storage.Creation.CREATED;
import static io.beamwright.versioning.storage.Creation.EXISTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is reported when the NameNode's answer is lost, late, or contradicts one that was lost. */
class HdfsOutcomesTest {

  private static final StorageKey KEY = new StorageKey("log/999/997");
  private static final String RENAME = "rename2";

  private URI root = URI.create("hdfs://none");
  private Interposed hdfs;
  private Storage storage;

  HdfsOutcomesTest() throws IOException {
    root = RealHdfs.newRoot(InProcessHdfs.uri());
    hdfs = new Interposed(root);
    storage = hdfs.storage();
  }

  @BeforeEach
  void folderIsThere() {
    create(new StorageKey("log/999/999"), "first");
    hdfs.takeCalls();
  }

  @Test
  void aCreateCostsAQuestionAFileAndARename() {
    create(KEY, "ours");

    // It is complete when a DataNode has told of the block; whether it has can take some asking.
    assertThat(hdfs.takeCalls().stream().distinct())
        .containsExactly("getFileInfo", "create", "addBlock", "complete", RENAME);
    create(KEY, "late");
    assertThat(hdfs.takeCalls()).containsExactly("getFileInfo");
  }

  @Test
  void aRenameWhoseAnswerIsLostIsAWin() throws IOException {
    hdfs.order(RENAME, 1, afterwards(new SocketTimeoutException("15000 millis timeout")));

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertIs("ours");
  }

  @Test
  void aRenameThatIsRepeatedAfterItsSuccessIsAWinWhateverItIsTold() throws IOException {
    for (IOException contradiction :
        List.of(
            new FileAlreadyExistsException("rename destination exists"),
            new FileNotFoundException("rename source is not found"),
            new RemoteException(FileNotFoundException.class.getName(), "rename source"))) {
      storage.delete(KEY);
      hdfs.order(RENAME, 1, afterwards(contradiction));

      assertThat(create(KEY, "ours")).as("%s", contradiction).isEqualTo(CREATED);
      assertIs("ours");
    }
  }

  @Test
  void whoIsOvertakenAndLosesTheAnswerHasLost() throws IOException {
    hdfs.order(
        RENAME,
        1,
        call -> {
          create(KEY, "theirs");
          throw new EOFException("End of File Exception");
        });

    assertThat(create(KEY, "ours")).isEqualTo(EXISTS);
    assertIs("theirs");
  }

  @Test
  void aRenameThatNeverArrivedIsMadeAgain() throws IOException {
    hdfs.order(RENAME, 1, instead(new EOFException("End of File Exception")));
    hdfs.order(RENAME, 2, instead(new java.net.ConnectException("Connection refused")));

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertIs("ours");
  }

  @Test
  void whoCannotAskWhatCameOfItTriesUntilItKnows() throws IOException {
    hdfs.order(RENAME, 1, afterwards(new EOFException("End of File Exception")));
    hdfs.order("getFileInfo", 2, instead(new EOFException("End of File Exception")));

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertIs("ours");
  }

  @Test
  void oneOfManyDeletesThatIsRefusedIsAFault() {
    List<StorageKey> keys =
        List.of(new StorageKey("log/1"), new StorageKey("log/2"), new StorageKey("log/3"));
    keys.forEach(key -> create(key, "x"));
    hdfs.order(
        "delete",
        2,
        instead(
            new RemoteException(
                "org.apache.hadoop.security.AccessControlException", "not by you")));

    assertThatThrownBy(() -> storage.deleteAll(keys))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("permission denied (not by you)");

    assertThat(storage.list("log/", Optional.empty(), 10)).hasSizeGreaterThan(1);
    storage.deleteAll(keys);
    assertThat(storage.list("log/", Optional.empty(), 10))
        .extracting(listed -> listed.key().text())
        .containsExactly("log/999/999");
  }

  @Test
  void aFailureIsReportedOnlyWhenNoRenameCanWinAnyMore() throws IOException {
    Interposed.Call[] delayed = new Interposed.Call[1];
    hdfs.order(
        RENAME,
        1,
        call -> {
          delayed[0] = call;
          throw new RemoteException("org.apache.hadoop.security.AccessControlException", "denied");
        });

    assertThatThrownBy(() -> create(KEY, "ours"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("Cannot create " + root + "/" + KEY)
        .hasMessageContaining("permission denied (denied)");

    assertThatThrownBy(() -> delayed[0].make()).isInstanceOf(IOException.class);
    assertThat(storage.list("log/999/997", Optional.empty(), 1)).isEmpty();
  }

  @Test
  void aRenameThatLandsWhileItIsGivenUpIsAWin() throws IOException {
    Interposed.Call[] delayed = new Interposed.Call[1];
    hdfs.order(
        RENAME,
        1,
        call -> {
          delayed[0] = call;
          throw new RemoteException("org.apache.hadoop.security.AccessControlException", "denied");
        });
    hdfs.order(
        "delete",
        1,
        call -> {
          delayed[0].make();
          return call.make();
        });

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertIs("ours");
  }

  @Test
  void whatCannotBeKnownIsSaidToBeUnknown() {
    hdfs.order(
        RENAME,
        1,
        call -> {
          call.make();
          Thread.currentThread().interrupt();
          throw new java.io.InterruptedIOException("Call interrupted");
        });
    for (int asked = 2; asked <= 9; asked++) {
      hdfs.order("getFileInfo", asked, instead(new EOFException("End of File Exception")));
    }

    assertThatThrownBy(() -> create(KEY, "ours"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(root + "/" + KEY + " may have been created or not")
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> assertThat(fault.remedy()).endsWith("Repeating the command is safe."));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptAfterTheRenameDoesNotHideThatItWon() throws IOException {
    hdfs.order(
        RENAME,
        1,
        call -> {
          call.make();
          Thread.currentThread().interrupt();
          throw new java.io.InterruptedIOException("Call interrupted");
        });

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertThat(Thread.interrupted()).isTrue();
    assertIs("ours");
  }

  @Test
  void anInterruptBeforeTheRenameCreatesNothing() throws IOException {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> create(KEY, "ours"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(root + "/" + KEY)
        .hasMessageContaining("it was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(storage.list("log/999/997", Optional.empty(), 1)).isEmpty();
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void aTemporaryFileThatWasSweptIsWrittenAnew() throws IOException {
    hdfs.order(
        RENAME,
        1,
        call -> {
          for (FileStatus file : temporaries()) {
            InProcessHdfs.cluster().getFileSystem().delete(file.getPath(), false);
          }
          return call.make();
        });

    assertThat(create(KEY, "ours")).isEqualTo(CREATED);
    assertIs("ours");
  }

  @Test
  void aFolderThatIsDeletedMeanwhileIsMadeAgain() throws IOException {
    StorageKey key = new StorageKey("new/folder/key");
    hdfs.order(
        RENAME,
        2,
        call -> {
          storage.delete(new StorageKey("new/folder"));
          storage.delete(new StorageKey("new"));
          return call.make();
        });

    assertThat(create(key, "ours")).isEqualTo(CREATED);
    assertThat(storage.read(key, 0, 9)).asString().isEqualTo("ours");
    assertThat(hdfs.takeCalls().stream().filter("mkdirs"::equals)).hasSize(2);
  }

  @Test
  void temporaryFilesOfTheDeadAreDeletedAfterADayAndNeverListed() throws IOException {
    var fileSystem = InProcessHdfs.cluster().getFileSystem();
    Path young = new Path(root.getPath() + "/.tmp/young");
    Path old = new Path(root.getPath() + "/.tmp/old");
    long now = System.currentTimeMillis();
    for (Path path : List.of(young, old)) {
      fileSystem.create(path).close();
    }
    fileSystem.setTimes(young, now - 23 * 3_600_000L, -1);
    fileSystem.setTimes(old, now - 25 * 3_600_000L, -1);

    new Interposed(root).storage().createIfAbsent(KEY, text("ours"));

    assertThat(temporaries()).extracting(file -> file.getPath().getName()).containsOnly("young");
    assertThat(storage.list("", Optional.empty(), 9)).hasSize(2);
  }

  private void assertIs(String content) throws IOException {
    assertThat(storage.read(KEY, 0, 99)).asString().isEqualTo(content);
    assertThat(temporaries()).isEmpty();
  }

  private List<FileStatus> temporaries() throws IOException {
    return List.of(
        InProcessHdfs.cluster().getFileSystem().listStatus(new Path(root.getPath() + "/.tmp")));
  }

  private static Interposed.Fate afterwards(IOException answer) {
    return call -> {
      call.make();
      throw answer;
    };
  }

  private static Interposed.Fate instead(IOException answer) {
    return call -> {
      throw answer;
    };
  }

  private Creation create(StorageKey key, String content) {
    return storage.createIfAbsent(key, text(content));
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
