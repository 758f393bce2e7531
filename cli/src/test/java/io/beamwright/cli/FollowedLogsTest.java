// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.record.DatumState;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.result.DatumResult;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowedLogsTest {

  private static final Sha256 A = Sha256.of("a".getBytes(UTF_8));
  private static final Sha256 B = Sha256.of("b".getBytes(UTF_8));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final FollowedLogs logs = logs(true);

  private FollowedLogs logs(boolean headed) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            out,
            new ByteArrayOutputStream(),
            false,
            System::nanoTime);
    return new FollowedLogs(console, headed, Map.of(A, "A", B, "B"));
  }

  private void print(Sha256 datum, String text) {
    logs.more(datum, text.getBytes(UTF_8));
  }

  private void ends(FollowedLogs printed, Sha256 datum, DatumState state) {
    DatumResult result =
        new DatumResult(
            datum,
            DatumResult.State.FAILED,
            List.of(),
            Optional.empty(),
            CanonicalJson.object().put("reason", "It failed."));
    printed.ends(datum, state, result, false);
  }

  private String printed() {
    logs.close();
    return out.toString(UTF_8);
  }

  @Test
  void severalDatumsAreToldApartAndTheirLinesStayWhole() {
    print(A, "one\nhal");
    print(B, "of b\n");
    print(A, "f of a line\n");
    print(A, "next\n");

    assertThat(printed())
        .isEqualTo(
            """
            ==> datum A <==
            one

            ==> datum B <==
            of b

            ==> datum A <==
            half of a line
            next
            """);
  }

  @Test
  void theEndOfADatumSaysItsState() {
    print(A, "one\nno line end");
    ends(logs, A, DatumState.SUCCESS);
    print(A, ", and the rest");
    logs.isComplete(A);
    ends(logs, B, DatumState.FAILED);
    logs.isComplete(B);

    assertThat(printed())
        .isEqualTo(
            """
            ==> datum A <==
            one

            ==> datum A SUCCESS <==
            no line end, and the rest

            ==> datum B FAILED <==
            It failed.
            """);
  }

  @Test
  void whatDoesNotCountAnyMoreIsSaid() {
    print(A, "in vain");
    logs.beginsAnew(A, "attempt 2 of the program");
    print(A, "well\n");

    assertThat(printed())
        .isEqualTo(
            """
            ==> datum A <==
            in vain

            ==> datum A begins anew: attempt 2 of the program <==
            well
            """);
  }

  @Test
  void ofOneDatumBytesComeAsTheyAre() {
    FollowedLogs alone = logs(false);
    byte[] bytes = {0, (byte) 0xff, '.', '.'};
    alone.more(A, bytes);
    assertThat(out.toByteArray()).isEqualTo(bytes);
    ends(alone, A, DatumState.SUCCESS);
    alone.more(A, bytes);
    alone.isComplete(A);
    alone.close();

    assertThat(out.toByteArray()).isEqualTo(new byte[] {0, -1, '.', '.', 0, -1, '.', '.'});
  }

  @Test
  void aLineWithoutAnEndIsNotHeldBackForEver() {
    for (int i = 0; i < 100; i++) {
      print(A, ".".repeat(1_000));
    }
    assertThat(out.size()).isGreaterThan(60_000);

    assertThat(printed()).isEqualTo("==> datum A <==\n" + ".".repeat(100_000) + "\n");
  }
}
