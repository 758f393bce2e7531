// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import java.util.function.Function;

/**
 * Reads what a store tells of jobs and runs. Its checksum may be right and it may still not say
 * all: whoever wrote it was no Beamwright, or another one. That is damage, and no bug of ours.
 *
 * @param storage the store's
 */
record RecordReader(Storage storage) {

  /**
   * What {@code reader} makes of {@code record}.
   *
   * @param of what it tells of, for the message: {@code the job 12ab}
   * @throws EnvironmentFault if a member is absent, or is not what it should be
   */
  <T> T read(String of, JsonNode record, Function<JsonNode, T> reader) {
    try {
      return CanonicalJson.read(record, reader);
    } catch (IllegalArgumentException e) {
      throw new EnvironmentFault(
          "What " + storage.location() + " tells of " + of + " is damaged: " + e.getMessage(),
          DamagedObject.REMEDY,
          e);
    }
  }
}
