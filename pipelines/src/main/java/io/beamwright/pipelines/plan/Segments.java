// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.Content;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plan segments: a job's datums in the store, one line of JSON each, so that neither a graph nor a
 * message between workers ever holds them all.
 */
public final class Segments {

  private static final int MOST_DATUMS = 1_000;
  private static final int MOST_BYTES = 4 << 20;

  private Segments() {}

  /** Gives every datum of {@code segments} to {@code datums}, in order. */
  public static void read(StoredFiles files, List<StoredFile> segments, Consumer<Datum> datums) {
    for (StoredFile segment : segments) {
      readLines(files, segment, json -> datums.accept(Datum.fromJson(json)));
    }
  }

  /** Gives every line of {@code file}, which holds JSON lines, to {@code lines}. */
  public static void readLines(StoredFiles files, StoredFile file, Consumer<JsonNode> lines) {
    readTexts(
        files,
        file,
        line -> {
          try {
            lines.accept(CanonicalJson.parse(line.getBytes(StandardCharsets.UTF_8)));
          } catch (JsonProcessingException e) {
            throw new EnvironmentFault(
                "The plan segment " + file.sha256() + " is damaged.",
                "Run again: it is planned anew.",
                e);
          }
        });
  }

  /** The lines of {@code segment}, of which there are at most a thousand. */
  public static List<String> lines(StoredFiles files, StoredFile segment) {
    List<String> lines = new ArrayList<>();
    readTexts(files, segment, lines::add);
    return lines;
  }

  private static void readTexts(StoredFiles files, StoredFile file, Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes datums to segments as they come. */
  static final class Writer {

    private final Packer packer;
    private final List<StoredFile> written = new ArrayList<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private int datums;

    Writer(Packer packer) {
      this.packer = packer;
    }

    void add(Datum datum) {
      lines.writeBytes(CanonicalJson.bytes(datum.toJson()));
      lines.write('\n');
      datums++;
      if (datums == MOST_DATUMS || lines.size() >= MOST_BYTES) {
        cut();
      }
    }

    /** The segments of everything that was added. */
    List<StoredFile> finish() {
      if (datums > 0) {
        cut();
      }
      return List.copyOf(written);
    }

    private void cut() {
      try {
        written.add(packer.addWhole(Content.of(lines.toByteArray())).stored());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      lines.reset();
      datums = 0;
    }
  }
}
