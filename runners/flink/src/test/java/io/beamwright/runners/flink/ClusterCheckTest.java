// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterCheckTest {

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aClusterThatIsNotThereIsNamedWithWhatToDo() throws IOException {
    Address address;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new Address("127.0.0.1", socket.getLocalPort());
    }

    assertThatThrownBy(() -> ClusterCheck.requireSlots(address, 2))
        .isInstanceOfSatisfying(
            EnvironmentFault.class, fault -> assertThat(fault.remedy()).contains("Start the"))
        .hasMessageContaining(address.toString());
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Address address = new Address("127.0.0.1", socket.getLocalPort());

      assertThatThrownBy(() -> ClusterCheck.requireSlots(address, 2))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(address.toString());
    }
  }

  @Test
  void anHttpServerThatIsNoFlinkIsNamed() {
    for (String page : new String[] {"<html>Hello</html>", "{}", ""}) {
      answer(page);
      assertThatThrownBy(() -> ClusterCheck.requireSlots(address(), 2))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(address() + " is not Flink");
    }
  }

  @Test
  void anotherSeriesOfFlinkIsRefused() {
    answer("{\"slots-total\":4,\"slots-available\":4,\"flink-version\":\"1.20.1\"}");

    assertThatThrownBy(() -> ClusterCheck.requireSlots(address(), 2))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("1.19"))
        .hasMessageContaining(address().toString())
        .hasMessageContaining("1.20.1");
  }

  @Test
  void aClusterWithoutTaskManagersIsAtFault() {
    answer("{\"slots-total\":0,\"slots-available\":0,\"flink-version\":\"1.19.0\"}");

    assertThatThrownBy(() -> ClusterCheck.requireSlots(address(), -1))
        .isInstanceOfSatisfying(
            EnvironmentFault.class, fault -> assertThat(fault.remedy()).contains("TaskManager"))
        .hasMessageContaining(address() + " has no slots");
  }

  @Test
  void slotsThatOthersUseNowAreNoFault() {
    answer(
        "{\"slots-total\":5,\"slots-available\":0,\"taskmanagers\":2,"
            + "\"flink-version\":\"1.19.0\"}");

    assertThat(ClusterCheck.requireSlots(address(), -1)).isEqualTo(new ClusterCheck.Slots(5, 3));
  }

  @Test
  void aMasterOfAnotherFormIsRefused() {
    for (String master : new String[] {"there", "http://there:8081", "there:99999", ":8081", ""}) {
      assertThatThrownBy(() -> Address.of(master))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("\"" + master + "\"");
    }
    assertThat(Address.of("there:8081")).isEqualTo(new Address("there", 8081));
  }

  private Address address() {
    return new Address("127.0.0.1", server.getAddress().getPort());
  }

  private void answer(String page) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    try {
      server.removeContext("/overview");
    } catch (IllegalArgumentException e) {
      // The first answer.
    }
    server.createContext(
        "/overview",
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
