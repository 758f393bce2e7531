// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageKey;
import org.junit.jupiter.api.Test;

class SummedJsonTest {

  private final ObjectNode json = CanonicalJson.object().put("why", "put files").put("at", 7);

  @Test
  void theSumIsThatOfTheCanonicalBytesWithoutIt() throws Exception {
    // printf '{"at":7,"why":"put files"}' | sha256sum
    String sum = "43a4734b3aee2aacc9541fcc3949be648c326db08648eb96c8c3224350b22b3b";
    String written = new String(SummedJson.bytes(json), UTF_8);

    assertThat(written)
        .startsWith("{\"at\":7,\"sum\":\"")
        .endsWith("\",\"why\":\"put files\"}")
        .contains(sum);
    assertThat(CanonicalJson.text(SummedJson.parse(written.getBytes(UTF_8))))
        .isEqualTo("{\"at\":7,\"why\":\"put files\"}");
    assertThat(json.has("sum")).isFalse();
  }

  @Test
  void everyBitCountsButThoseOfTheNameOfTheSum() {
    byte[] written = SummedJson.bytes(json);
    int name = new String(written, UTF_8).indexOf("sum");
    for (int bit = 0; bit < 8 * written.length; bit++) {
      byte[] flipped = written.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      boolean inTheName = bit / 8 >= name && bit / 8 < name + 3;
      if (!inTheName) {
        assertThatThrownBy(() -> SummedJson.parse(flipped))
            .isInstanceOfAny(JsonProcessingException.class, IllegalArgumentException.class);
      }
    }
  }

  @Test
  void whatWasWrittenBeforeThereWereSumsIsRead() throws Exception {
    SummedJson.Read read = SummedJson.read(CanonicalJson.bytes(json));

    assertThat(CanonicalJson.text(read.json())).isEqualTo(CanonicalJson.text(json));
    assertThat(read.summed()).isFalse();
  }

  @Test
  void anEntryOfALogThatChangedIsNamed() {
    RecordingStorage storage = new RecordingStorage();
    NumberedLog log = new NumberedLog(storage, "runs");
    byte[] changed =
        new String(SummedJson.bytes(json), UTF_8).replace("put", "cut").getBytes(UTF_8);
    var unused =
        storage.createIfAbsent(new StorageKey("runs/999/999/999/999"), Content.of(changed));

    assertThatThrownBy(() -> log.newest().orElseThrow().read(storage, "the log of runs", j -> j))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("entry 0 of the log of runs is damaged");
  }
}
