// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that DuckDB would call by names of its own are refused. */
class ParquetNamesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "value, two columns are called \"value\"",
    "Value, 'has the columns \"value\" and \"Value\", which are one name in SQL'"
  })
  void twoColumnsOfOneNameAreRefused(String second, String told) throws IOException {
    Path file = withSecondColumn("a.parquet", second);

    assertThatThrownBy(() -> run(List.of(file)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(told);
  }

  @Test
  void inAFileThatIsNotTheFirstToo() throws IOException {
    Path sound = withSecondColumn("a.parquet", "other");
    Path twice = withSecondColumn("b.parquet", "value");

    assertThatThrownBy(() -> run(List.of(sound, sound, twice)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("b.parquet: two columns are called \"value\"");
  }

  /** DuckDB writes no such file, so that the name is put in its place. */
  private Path withSecondColumn(String name, String second) throws IOException {
    Path file = folder.resolve(name);
    OwnDuckDb.writeParquet(file, "SELECT 1.5::DOUBLE AS value, 2 AS other");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    return Files.writeString(file, bytes.replace("other", second), StandardCharsets.ISO_8859_1);
  }

  private void run(List<Path> files) throws IOException {
    Path spill = Files.createDirectories(folder.resolve("spill"));
    Path output = Files.createTempDirectory(folder, "out");
    try (SqlEngine engine =
        new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder)) {
      engine.run(SqlQuery.parse("SELECT * FROM t"), Map.of("t", InputFiles.of(files)), output);
    }
  }
}
