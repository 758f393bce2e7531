// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.spark.server.SparkCluster;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCheckTest {

  private static final SparkMaster.Address THERE = new SparkMaster.Address("there", 7077);

  @TempDir private Path folder;

  @Test
  void aClusterThatIsNotThereIsNamedWithWhatToDo() throws IOException {
    String nobody = "127.0.0.1:" + freePort();

    assertThatThrownBy(() -> ClusterCheck.require(settings("spark://" + nobody)))
        .isInstanceOfSatisfying(
            EnvironmentFault.class, fault -> assertThat(fault.remedy()).contains("Start the"))
        .hasMessageContaining(nobody);
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String silent = "127.0.0.1:" + socket.getLocalPort();

      assertThatThrownBy(() -> ClusterCheck.require(settings("spark://" + silent)))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(silent);
    }
  }

  @Test
  void aServerThatIsNoSparkIsNamed() throws Exception {
    Thread greets;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      greets = new Thread(() -> greet(server));
      greets.start();
      String other = "127.0.0.1:" + server.getLocalPort();

      assertThatThrownBy(() -> ClusterCheck.require(settings("spark://" + other)))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(other + " is not a Spark Master");
    }
    greets.join();
  }

  /** Speaks first, as a server of mail does. */
  private static void greet(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write("220 there ESMTP\r\n".getBytes(StandardCharsets.UTF_8));
        socket.getInputStream().skipNBytes(1);
      } catch (IOException e) {
        // The caller went, or the test ended.
      }
    }
  }

  @Test
  void aMasterWithoutWorkersIsAtFaultAndItsPagesAreNoMaster() throws IOException {
    try (SparkCluster cluster = SparkCluster.start(folder, 0, 1)) {
      String address = cluster.master().substring("spark://".length());
      for (String master :
          List.of(cluster.master(), "spark://127.0.0.1:" + freePort() + "," + address)) {
        assertThatThrownBy(() -> ClusterCheck.require(settings(master)))
            .isInstanceOfSatisfying(
                EnvironmentFault.class,
                fault -> assertThat(fault.remedy()).contains("Start a Worker"))
            .hasMessageContaining(address + " has no Workers");
      }
      String pages = "127.0.0.1:" + cluster.uiPort();
      assertThatThrownBy(() -> ClusterCheck.require(settings("spark://" + pages)))
          .isInstanceOfSatisfying(
              UserFault.class, fault -> assertThat(fault.remedy()).contains("web pages"))
          .hasMessageContaining(pages);
    }
  }

  @Test
  void aClusterThatWantsASecretIsNamed() throws IOException {
    try (SparkCluster cluster =
        SparkCluster.start(
            folder, 0, 1, Map.of("spark.authenticate", "true", "spark.authenticate.secret", "x"))) {
      assertThatThrownBy(() -> ClusterCheck.require(settings(cluster.master())))
          .isInstanceOfSatisfying(
              UserFault.class, fault -> assertThat(fault.remedy()).contains("spark.authenticate"))
          .hasMessageContaining("does not let us in");
    }
  }

  @Test
  void anotherSeriesOfSparkIsRefused() {
    String page = "<span class=\"version\" style=\"margin-right: 15px;\">3.4.1</span>";

    assertThat(ClusterCheck.version(page)).contains("3.4.1");
    assertThat(ClusterCheck.version("<html>Hello</html>")).isEmpty();
    assertThatThrownBy(() -> ClusterCheck.requireVersion(THERE, "3.4.1"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("3.5"))
        .hasMessageContaining("there:7077")
        .hasMessageContaining("3.4.1");
    ClusterCheck.requireVersion(THERE, "3.5.0");
  }

  @Test
  void aMasterThatStandsByIsAtFault() {
    assertThatThrownBy(() -> cores("{\"status\":\"STANDBY\",\"aliveworkers\":0,\"cores\":0}"))
        .isInstanceOfSatisfying(
            EnvironmentFault.class, fault -> assertThat(fault.remedy()).contains("HOST:PORT,"))
        .hasMessageContaining("there:7077");
  }

  @Test
  void coresThatOthersUseNowAreNoFault() throws IOException {
    assertThat(
            cores(
                """
                {"status":"ALIVE","aliveworkers":1,"cores":4,"coresused":4,"workers":[
                  {"state":"DEAD","cores":9,"memory":9000},
                  {"state":"ALIVE","cores":4,"memory":1024}]}
                """))
        .isEqualTo(4);
  }

  @Test
  void aMasterOfAnotherFormIsRefused() {
    for (String master :
        List.of(
            "there", "there:7077", "spark://there", "spark://a:7077,b", "spark://there:99999")) {
      refuse(master);
    }
    for (String master : List.of("local", "local[0]", "local[2,3]", "mesos://there", "yarn2", "")) {
      refuse(master);
    }
    for (String master :
        List.of("spark://there:7077", "spark://a:1,b:2", "local[*]", "local[8]", "yarn")) {
      assertThat(SparkMaster.of(master).url()).isEqualTo(master);
    }
  }

  private static void refuse(String master) {
    assertThatThrownBy(() -> SparkMaster.of(master))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("\"" + master + "\"");
  }

  private static int cores(String state) throws IOException {
    return ClusterCheck.requireWorkers(THERE, new ObjectMapper().readTree(state), new SparkConf());
  }

  private static ContextSettings settings(String master) {
    return ContextSettings.of(
        new RunnerSettings(
            "a-test", OptionalInt.empty(), Map.of(), Optional.of(master), List.of()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
