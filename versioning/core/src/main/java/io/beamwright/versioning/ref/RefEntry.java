// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.CommitId;
import java.time.Instant;
import java.util.Optional;

/**
 * One move of a branch or tag: also its audit trail.
 *
 * @param kind branch or tag
 * @param from the commit it named before
 * @param to the commit it names now; absent when it was deleted, or is a branch without commits
 * @param deleted whether this entry deletes the ref
 * @param by who moved it
 * @param at when, by the mover's clock
 * @param why in the mover's words
 * @param job the job that moved it
 * @param transaction the transaction that this entry waits for; it counts only once that is
 *     committed
 * @param token unique to this move, so that a mover knows its own entry when it reads it back
 */
public record RefEntry(
    RefKind kind,
    Optional<CommitId> from,
    Optional<CommitId> to,
    boolean deleted,
    String by,
    Instant at,
    String why,
    Optional<Sha256> job,
    Optional<String> transaction,
    String token) {

  byte[] bytes() {
    ObjectNode json = CanonicalJson.object();
    json.put("kind", kind.word());
    from.ifPresent(id -> json.put("from", id.hex()));
    to.ifPresent(id -> json.put("to", id.hex()));
    json.put("deleted", deleted);
    json.put("by", by);
    json.put("at", at.toString());
    json.put("why", why);
    job.ifPresent(id -> json.put("job", id.hex()));
    transaction.ifPresent(id -> json.put("transaction", id));
    json.put("token", token);
    return SummedJson.bytes(json);
  }

  static RefEntry of(JsonNode json) {
    return new RefEntry(
        RefKind.ofWord(json.required("kind").textValue()),
        text(json, "from").map(CommitId::parse),
        text(json, "to").map(CommitId::parse),
        json.required("deleted").booleanValue(),
        json.required("by").textValue(),
        Instant.parse(json.required("at").textValue()),
        json.required("why").textValue(),
        text(json, "job").map(Sha256::parse),
        text(json, "transaction").map(RefEntry::requireTransaction),
        json.required("token").textValue());
  }

  // It becomes part of a key.
  private static String requireTransaction(String id) {
    if (!id.matches("[0-9a-z-]{1,64}")) {
      throw new IllegalArgumentException("not the id of a transaction: " + id);
    }
    return id;
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue());
  }
}
