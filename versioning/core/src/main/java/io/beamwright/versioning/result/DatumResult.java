// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.tree.FileEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What came of one datum, for everybody who has a datum of the same key.
 *
 * @param key the datum's key
 * @param state how it ended
 * @param outputs the files that it wrote, by path; none if it failed
 * @param log what it printed, if anything
 * @param facts what else is known: exit code, times, the executable's digest; never part of a key
 */
public record DatumResult(
    Sha256 key, State state, List<FileEntry> outputs, Optional<StoredFile> log, ObjectNode facts) {

  /** How a datum ended. */
  public enum State {
    /** It ran well; the result is used for every datum of this key from now on. */
    SUCCESS,
    /** It failed; the result is kept for its log and never used again. */
    FAILED
  }

  public DatumResult {
    outputs = List.copyOf(outputs);
  }

  /** One line of canonical JSON. */
  public byte[] bytes() {
    return CanonicalJson.bytes(toJson());
  }

  /** Everything, as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("key", key.hex()).put("state", state.name());
    ArrayNode files = json.putArray("outputs");
    outputs.forEach(file -> files.add(file.toJson()));
    log.ifPresent(file -> json.set("log", file.toJson()));
    json.set("facts", facts);
    return json;
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static DatumResult of(JsonNode json) {
    if (!(json.required("facts") instanceof ObjectNode facts)
        || !json.required("key").isTextual()
        || !json.required("state").isTextual()) {
      throw new IllegalArgumentException("is no result of a datum");
    }
    List<FileEntry> outputs = new ArrayList<>();
    json.required("outputs").forEach(file -> outputs.add(FileEntry.fromJson(file)));
    return new DatumResult(
        Sha256.parse(json.required("key").textValue()),
        State.valueOf(json.required("state").textValue()),
        outputs,
        Optional.ofNullable(json.get("log")).map(StoredFile::fromJson),
        facts);
  }

  /** Every object that holds bytes of the outputs or the log. */
  public Set<ObjectRef> objects() {
    Set<ObjectRef> objects = new TreeSet<>();
    outputs.forEach(output -> addObjects(output.file(), objects));
    log.ifPresent(file -> addObjects(file, objects));
    return objects;
  }

  /** What it names: the outputs, and the log if there is one. */
  public List<StoredFile> files() {
    List<StoredFile> files = new ArrayList<>();
    outputs.forEach(output -> files.add(output.file()));
    log.ifPresent(files::add);
    return files;
  }

  /** Whether both say the same of the datum's outputs, wherever the bytes lie. */
  public boolean hasSameOutputsAs(DatumResult other) {
    if (outputs.size() != other.outputs.size()) {
      return false;
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (!outputs.get(i).isSameAs(other.outputs.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void addObjects(StoredFile file, Set<ObjectRef> objects) {
    file.extents().stream().map(Extent::object).forEach(objects::add);
  }
}
