// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.tree.FileEntry;
import java.util.List;

/**
 * The key of a datum's result: the digest of everything declared that can change it.
 *
 * <p>That is the transform, and of each input, in order, its name, how its tables are shown, how
 * its files are read if that is declared, what its glob matched (an {@code sql} stage writes under
 * that path) and the path, executable bit, size and digest of each file. Repo, branch and commit
 * are not in it: the same files under the same names are the same work, whatever history they have.
 * A kind of input whose matches have values of their own, as join and group have, adds them to its
 * member here; keys without them stay as they are.
 */
public final class DatumKey {

  // Raised when what follows is digested in another form.
  private static final int FORM = 1;

  private DatumKey() {}

  /** The key under the transform with {@code transformKey}: see {@link DatumTransform#key}. */
  public static Sha256 of(Sha256 transformKey, List<DatumInput> inputs) {
    ObjectNode json =
        CanonicalJson.object().put("datum", FORM).put("transform", transformKey.hex());
    ArrayNode array = json.putArray("inputs");
    inputs.forEach(input -> array.add(partOf(input)));
    return CanonicalJson.digest(json);
  }

  private static ObjectNode partOf(DatumInput input) {
    ObjectNode part = CanonicalJson.object();
    part.put("name", input.name()).put("as", input.as().keyWord()).put("match", input.match());
    input.format().ifPresent(format -> part.set("format", format.toJson()));
    ArrayNode files = part.putArray("files");
    for (FileEntry file : input.files()) {
      files
          .addArray()
          .add(file.path().text())
          .add(file.kind().code())
          .add(file.executable())
          .add(file.size())
          .add(file.sha256().hex());
    }
    return part;
  }
}
