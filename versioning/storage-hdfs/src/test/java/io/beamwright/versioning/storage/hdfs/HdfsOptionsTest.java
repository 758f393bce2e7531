// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsOptionsTest {

  private static final URI ROOT = URI.create("hdfs://namenode:8020/store");

  @TempDir Path folder;

  @Test
  void optionsWinOverTheEnvironment() {
    HdfsOptions options =
        HdfsOptions.of(
            ROOT,
            Map.of("hdfs.user", "ann", "hdfs.timeout", "9", "hdfs.conf", folder.toString()),
            Map.of("HADOOP_USER_NAME", "bob", "HADOOP_CONF_DIR", "/nowhere"));

    assertThat(options.user()).contains("ann");
    assertThat(options.timeout()).contains(Duration.ofSeconds(9));
    assertThat(options.configuration()).contains(folder);
  }

  @Test
  void theEnvironmentSaysWhatOptionsDoNot() {
    HdfsOptions options =
        HdfsOptions.of(
            ROOT,
            Map.of(),
            Map.of("HADOOP_USER_NAME", "bob", "HADOOP_CONF_DIR", folder.toString()));

    assertThat(options.user()).contains("bob");
    assertThat(options.configuration()).contains(folder);
    assertThat(HdfsOptions.of(ROOT, Map.of(), Map.of()).user()).isEmpty();
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearestAndAllKnownOnes() {
    assertThatThrownBy(() -> HdfsOptions.of(ROOT, Map.of("hdfs.usr", "ann"), Map.of()))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault ->
                assertThat(fault.remedy())
                    .contains("hdfs.user?")
                    .contains("Known are hdfs.conf, hdfs.timeout, hdfs.user."))
        .hasMessageContaining("hdfs://namenode:8020/store")
        .hasMessageContaining("\"hdfs.usr\"");
  }

  @Test
  void aTimeoutIsWholeSeconds() {
    for (String wrong : new String[] {"", "0", "-1", "1.5", "10s", "3601", "99999999999"}) {
      assertThatThrownBy(() -> HdfsOptions.of(ROOT, Map.of("hdfs.timeout", wrong), Map.of()))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("hdfs.timeout is \"" + wrong + "\"");
    }
  }

  @Test
  void aConfigurationThatIsNoFolderIsRefusedByWhoeverNamedIt() {
    assertThatThrownBy(() -> HdfsOptions.of(ROOT, Map.of("hdfs.conf", "/no/where"), Map.of()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("option hdfs.conf is \"/no/where\"");
    assertThatThrownBy(() -> HdfsOptions.of(ROOT, Map.of(), Map.of("HADOOP_CONF_DIR", "/no")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("HADOOP_CONF_DIR is \"/no\"");
  }

  @Test
  void theSiteWinsOverOurWaitsAndTheOptionOverTheSite() throws IOException {
    site("ipc.client.rpc-timeout.ms", "77");

    Configuration ofSite = configuration(Map.of("hdfs.conf", folder.toString()));
    assertThat(ofSite.get("ipc.client.rpc-timeout.ms")).isEqualTo("77");
    assertThat(ofSite.get("ipc.client.connect.timeout")).isEqualTo("5000");
    Configuration ofOption =
        configuration(Map.of("hdfs.conf", folder.toString(), "hdfs.timeout", "6"));
    assertThat(ofOption.get("ipc.client.rpc-timeout.ms")).isEqualTo("6000");
  }

  @Test
  void aConfigurationThatIsNotXmlIsRefusedByName() throws IOException {
    Files.writeString(folder.resolve("hdfs-site.xml"), "<configuration><prop");

    assertThatThrownBy(() -> configuration(Map.of("hdfs.conf", folder.toString())))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(
            "the configuration " + folder.resolve("hdfs-site.xml") + " cannot be read");
  }

  @Test
  void readingFromObserversIsRefused() throws IOException {
    site(
        "dfs.client.failover.proxy.provider.namenode",
        "org.apache.hadoop.hdfs.server.namenode.ha.ObserverReadProxyProvider");

    assertThatThrownBy(() -> configuration(Map.of("hdfs.conf", folder.toString())))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("observer NameNodes")
        .hasMessageContaining("dfs.client.failover.proxy.provider.namenode");
  }

  private void site(String key, String value) throws IOException {
    Files.writeString(
        folder.resolve("hdfs-site.xml"),
        "<configuration><property><name>"
            + key
            + "</name><value>"
            + value
            + "</value></property></configuration>");
  }

  private static Configuration configuration(Map<String, String> options) {
    return HdfsConnection.configuration(ROOT, HdfsOptions.of(ROOT, options, Map.of()));
  }
}
