// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeterminismTest {

  /** Doubles summed in groups, a join, ties, a window, texts of dates, an unordered list. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT k, sum(v) AS s, avg(v) AS m, stddev(v) AS d, first(i) AS f, count(*) AS n"
              + " FROM t GROUP BY k",
          "SELECT a.k, sum(a.v * b.v) AS s, string_agg(b.i::VARCHAR, ',') AS l"
              + " FROM t a JOIN t b ON a.i = b.k GROUP BY a.k LIMIT 5000",
          "SELECT k, i, sum(v) OVER (PARTITION BY k ORDER BY i ROWS 9 PRECEDING) AS w FROM t"
              + " ORDER BY k LIMIT 20000",
          "SELECT DISTINCT ON (k) k, v FROM t",
          "SELECT strftime(d, '%A %d %B %Y %H:%M %Z') AS t, upper('ı' || k) AS u, d AT TIME ZONE"
              + " 'Europe/Oslo' AS z, (d AT TIME ZONE 'Asia/Tokyo')::VARCHAR AS here FROM (SELECT"
              + " k, make_timestamp(i * 1000000000000) AS d FROM t) WHERE k < 50",
          "SELECT approx_count_distinct(v) AS a, approx_quantile(v, 0.5) AS q, mode(k) AS m FROM"
              + " t");

  @TempDir Path folder;
  private Path input;

  @BeforeEach
  void makeInput() {
    input = folder.resolve("t.parquet");
    OwnDuckDb.writeParquet(
        input,
        "SELECT i, (i * 7919) % 5003 AS k, sin(i) * 1e6 / ((i * 104729) % 997 + 1) AS v"
            + " FROM range(60000) r(i)");
  }

  /** Prints the digests of every query's files over the input {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    Path input = Path.of(args[0]);
    Path folder = Objects.requireNonNull(input.getParent());
    Path spill = Files.createTempDirectory(folder, "spill");
    SqlEngine engine = new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder);
    for (String query : QUERIES) {
      Path output = Files.createTempDirectory(folder, "out");
      for (Path part :
          engine.run(
              SqlQuery.parse(query), OwnDuckDb.inputs(Map.of("t", List.of(input))), output)) {
        System.out.println(part.getFileName() + " " + sha256(part));
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyRunInEveryJvmGivesTheSameBytes() throws IOException, InterruptedException {
    String first =
        digests(List.of("-Duser.timezone=UTC", "-Duser.language=en", "-Duser.country=US"), "C");
    String second =
        digests(
            List.of(
                "-Duser.timezone=Asia/Kathmandu",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Dfile.encoding=ISO-8859-1"),
            "POSIX");

    assertThat(first.lines()).hasSizeGreaterThan(QUERIES.size() - 1);
    assertThat(second).isEqualTo(first);
  }

  /** One JVM that runs all twice, with a zone and a locale of its own. */
  private String digests(List<String> options, String locale)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(DeterminismTest.class.getName(), input.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", locale);
    builder.environment().put("TZ", options.get(0).endsWith("UTC") ? "UTC" : "America/New_York");
    Process process = builder.start();
    String output;
    try (InputStream in = process.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
