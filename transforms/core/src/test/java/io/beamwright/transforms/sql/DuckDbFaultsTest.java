// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With DuckDB's messages as they were seen. */
class DuckDbFaultsTest {

  private static RuntimeException faultOf(String kind, String message) {
    String json =
        "{\"exception_type\":\"%s\",\"exception_message\":\"%s\"}".formatted(kind, message);
    return DuckDbFaults.inQuery("SELECT 1", 0, List.of(), new SQLException(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Out of Memory | failed to allocate data of size 64.0 MiB (263.2 MiB/286.1 MiB used)
          Out of Memory | failed to pin block of size 256.0 KiB (142.9 MiB/143.0 MiB used)
          IO            | Could not write file '/tmp/x': No space left on device
          IO            | Cannot open file '/tmp/x': Too many open files
          IO            | Could not create directory '/tmp/x': Read-only file system
          """)
  void aMachineWithoutRoomIsTheEnvironmentsFault(String kind, String message) {
    assertThat(faultOf(kind, message))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(message);
  }

  @Test
  void aQueryThatBreaksTheEngineFailsAndIsNoBugOfOurs() {
    for (String kind : List.of("INTERNAL", "FATAL")) {
      assertThat(faultOf(kind, "Attempted to access index 3"))
          .isInstanceOf(UserFault.class)
          .hasMessage(
              "The query fails: DuckDB breaks at it by a fault of its own: Attempted to access"
                  + " index 3");
    }
    assertThat(faultOf("INTERRUPT", "Interrupted!"))
        .isExactlyInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlainMessageIsReadToo() {
    assertThat(
            DuckDbFaults.inQuery(
                "SELECT 1", 0, List.of(), new SQLException("Conversion Error: not a number")))
        .isInstanceOf(UserFault.class)
        .hasMessage("The query fails: not a number");
  }

  @Test
  void aReportThatTheDriverCutsOffIsReadAsFarAsItGoes() {
    String cut =
        "{\"exception_type\":\"Conversion\",\"exception_message\":\"no \\\"Ã¤\\\" here\",\"posi";

    assertThat(DuckDbFaults.inQuery("SELECT 1", 0, List.of(), new SQLException(cut)))
        .isInstanceOf(UserFault.class)
        .hasMessage("The query fails: no \"ä\" here");
  }
}
