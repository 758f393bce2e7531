// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.Workshop;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every datum of a plan is in one set, and every set in one part. */
class DatumSetsTest {

  @TempDir private Path folder;
  private Workshop workshop;

  @BeforeEach
  void openStore() {
    workshop = new Workshop("file:" + folder.resolve("store"), folder);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0,       1,   0",
    "1,       1,   1",
    "1,     100,   1",
    "3,       1,   3",
    "3,       2,   1",
    "1000,   19,  52",
    "1000+1000+37,  1, 2037",
    "1000+1000+37, 19, 105",
    "1000+2+1000, 100, 18",
    "5+5+5, 100, 3",
  })
  void eachDatumIsInOneSet(String segments, int datumsInSet, int sets) throws Exception {
    List<Integer> sizes =
        Stream.of(segments.split("\\+")).map(Integer::valueOf).filter(n -> n > 0).toList();
    List<Datum> datums = new ArrayList<>();
    DatumSets cut =
        DatumSets.cut(
            stored(sizes, datums),
            sizes.size(),
            sizes.stream().mapToInt(Integer::intValue).sum(),
            datumsInSet);

    DatumSets.Reader reader = cut.new Reader(workshop.store().files());

    assertThat(IntStream.range(0, cut.count()).boxed().flatMap(i -> reader.datums(i).stream()))
        .containsExactlyElementsOf(datums);
    assertThat(cut.count()).isEqualTo(sets);
    if (cut.count() > 0) {
      assertThat(reader.datums(0)).as("read again").isEqualTo(reader.datums(0));
    }
  }

  /** The list of segments of these sizes, whose datums are added to {@code datums}. */
  private String stored(List<Integer> sizes, List<Datum> datums) throws Exception {
    StringBuilder list = new StringBuilder();
    try (Packer packer = workshop.store().packer()) {
      for (int size : sizes) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < size; i++) {
          Sha256 key = Sha256.of(("" + datums.size()).getBytes(StandardCharsets.UTF_8));
          datums.add(new Datum(key, List.of()));
          lines.append(CanonicalJson.text(datums.get(datums.size() - 1).toJson())).append('\n');
        }
        list.append(CanonicalJson.text(whole(packer, lines).toJson())).append('\n');
      }
      return CanonicalJson.text(whole(packer, list).toJson());
    }
  }

  private static StoredFile whole(Packer packer, CharSequence text) throws Exception {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return packer.addWhole(Content.of(bytes)).stored();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 4", "1, 3, 4", "10, 3, 1", "10, 3, 2", "10, 3, 100", "1040, 2, 256"})
  void eachNumberIsInOnePartAndThereAreSoManyForAWorker(int sets, int workers, int partsOfWorker)
      throws Exception {
    PipelineOptions options = PipelineOptionsFactory.create();
    SetNumbers all = new SetNumbers(0, sets, partsOfWorker);
    List<SetNumbers> parts = all.split(all.getEstimatedSizeBytes(options) / workers, options);

    List<Integer> expected = IntStream.range(0, sets).boxed().toList();
    assertThat(read(List.of(all))).isEqualTo(expected);
    assertThat(read(parts)).isEqualTo(expected);
    assertThat(parts).hasSize(Math.max(1, Math.min(sets, workers * partsOfWorker)));
  }

  private static List<Integer> read(List<SetNumbers> parts) throws IOException {
    List<Integer> read = new ArrayList<>();
    for (SetNumbers part : parts) {
      try (BoundedReader<Integer> reader = part.createReader(PipelineOptionsFactory.create())) {
        for (boolean more = reader.start(); more; more = reader.advance()) {
          read.add(reader.getCurrent());
        }
      }
    }
    return read;
  }
}
