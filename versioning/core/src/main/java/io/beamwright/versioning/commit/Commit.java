// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An immutable version of a repo's files. Its id is the SHA-256 of its canonical bytes.
 *
 * @param repo name of the repo
 * @param repoId id of the repo
 * @param parents the commits that it follows; none for the first
 * @param depth 0 for a commit without parents, otherwise one more than its deepest parent's
 * @param tree root of the tree of its files
 * @param datums root of the tree of the datums that made it; absent if people did
 * @param author who made it
 * @param time when, in whole microseconds
 * @param message in its author's words
 * @param provenance what it was made from; absent if people made it
 */
public record Commit(
    String repo,
    Sha256 repoId,
    List<CommitId> parents,
    long depth,
    Sha256 tree,
    Optional<Sha256> datums,
    String author,
    Instant time,
    String message,
    Optional<Provenance> provenance) {

  private static final int VERSION = 1;

  public Commit {
    parents = List.copyOf(parents);
    if (depth < 0 || parents.isEmpty() != (depth == 0)) {
      throw new IllegalArgumentException(
          "a commit of depth " + depth + " with " + parents.size() + " parents");
    }
    time = time.truncatedTo(ChronoUnit.MICROS);
  }

  /** The id of this commit. */
  public CommitId id() {
    return new CommitId(Sha256.of(bytes()));
  }

  /** The same commit after other parents. */
  public Commit onto(List<CommitId> newParents, long newDepth) {
    return new Commit(
        repo, repoId, newParents, newDepth, tree, datums, author, time, message, provenance);
  }

  /** The canonical bytes. */
  public byte[] bytes() {
    return CanonicalJson.bytes(toJson());
  }

  /** This commit as JSON, without its id. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("version", VERSION);
    json.putObject("repo").put("name", repo).put("id", repoId.hex());
    ArrayNode parentArray = json.putArray("parents");
    parents.forEach(parent -> parentArray.add(parent.hex()));
    json.put("depth", depth).put("tree", tree.hex());
    datums.ifPresent(root -> json.put("datums", root.hex()));
    json.put("author", author).put("time", time.toString()).put("message", message);
    provenance.ifPresent(p -> json.set("provenance", p.toJson()));
    return json;
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not a commit of this version
   */
  static Commit of(JsonNode json) {
    if (json.required("version").intValue() != VERSION) {
      throw new IllegalArgumentException("not a commit of version " + VERSION);
    }
    List<CommitId> parents = new ArrayList<>();
    json.required("parents").forEach(parent -> parents.add(CommitId.parse(parent.textValue())));
    return new Commit(
        json.required("repo").required("name").textValue(),
        Sha256.parse(json.required("repo").required("id").textValue()),
        parents,
        json.required("depth").longValue(),
        Sha256.parse(json.required("tree").textValue()),
        Optional.ofNullable(json.path("datums").textValue()).map(Sha256::parse),
        json.required("author").textValue(),
        Instant.parse(json.required("time").textValue()),
        json.required("message").textValue(),
        Optional.ofNullable(json.get("provenance")).map(Provenance::of));
  }
}
