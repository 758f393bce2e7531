// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class HdfsStorageProviderTest {

  @Test
  void aStoreIsAFolderOfANameNodeOrNameservice() {
    assertThat(root("hdfs://namenode:8020/a/b")).hasToString("hdfs://namenode:8020/a/b");
    assertThat(root("hdfs://nameservice/a//b/")).hasToString("hdfs://nameservice/a/b");
    assertThat(root("HDFS://NameNode:8020")).hasToString("hdfs://namenode:8020/");
    assertThat(root("hdfs://namenode/a%20b%25c").getPath()).isEqualTo("/a b%c");
  }

  @Test
  void aStoreWithoutANameNodeIsRefused() {
    for (String uri : List.of("hdfs:/a/b", "hdfs:///a/b", "hdfs:a")) {
      assertThatThrownBy(() -> root(uri))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("The store " + uri + " names no NameNode");
    }
  }

  @Test
  void whatHdfsTakesForSomethingElseIsRefused() {
    for (String uri :
        List.of(
            "hdfs://namenode/a/../b",
            "hdfs://namenode/./b",
            "hdfs://namenode/a:b",
            "hdfs://namenode/.reserved/raw",
            "hdfs://namenode/a%0Ab")) {
      assertThatThrownBy(() -> root(uri))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("cannot be a name");
    }
    assertThatThrownBy(() -> root("hdfs://ann@namenode/a"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("names a user");
    assertThatThrownBy(() -> root("hdfs://namenode/a?b=c"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("has a part after ?");
  }

  /** Opens a local store, as every command does whose class path holds this module. */
  static final class OpensALocalStore {
    private OpensALocalStore() {}

    public static void main(String[] words) {
      StorageLocation.parse(words[0]).open().close();
      StorageLocation unused = StorageLocation.parse("hdfs://namenode/store");
      System.out.println(unused.root());
    }
  }

  @Test
  void noClassOfHadoopIsLoadedBeforeAStoreIsOpened() throws IOException, InterruptedException {
    List<String> command =
        ChildJvm.command(
            OpensALocalStore.class, List.of("-Xlog:class+load"), List.of("file:target/none"));
    try (ChildJvm child = ChildJvm.start(command)) {
      ChildJvm.Ended ended = child.end();

      assertThat(ended.exitCode()).isZero();
      assertThat(ended.lines()).contains("hdfs://namenode/store");
      assertThat(ended.lines())
          .anyMatch(line -> line.contains("HdfsStorageProvider"))
          .noneMatch(line -> line.contains("org.apache.hadoop"));
    }
  }

  private static URI root(String uri) {
    return StorageLocation.parse(uri).root();
  }
}
