// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.StoredFile;

/**
 * A path in a tree and the file that it names. Path, kind, executable bit, size and SHA-256 are its
 * identity; where the bytes lie is not.
 *
 * @param path where it is, such as {@code /2017/prices.csv}
 * @param kind what it is
 * @param executable whether its owner may run it
 * @param file its size and SHA-256, the extents that hold it and, for a table, what is known of it
 */
public record FileEntry(FilePath path, FileKind kind, boolean executable, StoredFile file) {

  /** A plain file. */
  public static FileEntry of(FilePath path, boolean executable, StoredFile file) {
    return new FileEntry(path, FileKind.FILE, executable, file);
  }

  /** Size in bytes. */
  public long size() {
    return file.size();
  }

  /** SHA-256 of the content. */
  public Sha256 sha256() {
    return file.sha256();
  }

  /** The same file under another path. */
  public FileEntry at(FilePath newPath) {
    return new FileEntry(newPath, kind, executable, file);
  }

  /** This as JSON: the file's content under {@code file}, the rest beside it. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("path", path.text()).put("kind", kind.jsonName()).put("executable", executable);
    json.set("file", file.toJson());
    return json;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  public static FileEntry fromJson(JsonNode json) {
    return new FileEntry(
        new FilePath(json.required("path").asText()),
        FileKind.ofJsonName(json.required("kind").asText()),
        CanonicalJson.flag(json, "executable"),
        StoredFile.fromJson(json.required("file")));
  }

  /** Whether both are the same file to a tree: everything but where the bytes lie. */
  public boolean isSameAs(FileEntry other) {
    return path.equals(other.path)
        && kind == other.kind
        && executable == other.executable
        && size() == other.size()
        && sha256().equals(other.sha256());
  }
}
