// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Files of a stage's input in flight, as canonical JSON. */
public final class InputFileCoder extends AtomicCoder<InputFile> {

  private static final long serialVersionUID = 1L;
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  @Override
  public void encode(InputFile file, OutputStream out) throws IOException {
    ObjectNode json = CanonicalJson.object().put("ordinal", file.ordinal());
    if (!file.repo().isEmpty()) {
      json.put("repo", file.repo());
    }
    json.set("entry", file.entry().toJson());
    TEXT.encode(CanonicalJson.text(json), out);
  }

  @Override
  public InputFile decode(InputStream in) throws IOException {
    JsonNode json = CanonicalJson.parse(TEXT.decode(in).getBytes(StandardCharsets.UTF_8));
    return new InputFile(
        json.required("ordinal").longValue(),
        FileEntry.fromJson(json.required("entry")),
        json.path("repo").asText());
  }
}
