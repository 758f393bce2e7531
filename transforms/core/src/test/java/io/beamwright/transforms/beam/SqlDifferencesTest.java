// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.beam.SqlDifferences.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The step {@code Sql} answers as DuckDB does, by itself and as our engine of {@code sql} stages,
 * or refuses, or differs in a way that {@code sql-differences.txt} knows by name. The queries are
 * those of that file and as many at random ({@code -Dsql.seed=… -Dsql.queries=…} for others).
 */
final class SqlDifferencesTest {

  /** What a query of the file is to give besides what DuckDB gives. */
  private record Known(
      String query, Optional<String> duckDb, Optional<String> fault, List<String> rows) {

    String asDuckDb() {
      return SqlDifferencesTest.asDuckDb(duckDb.orElse(query));
    }
  }

  private static final long SEED = Long.getLong("sql.seed", 20_240_229);
  private static final int QUERIES = Integer.getInteger("sql.queries", 200);

  /** DuckDB computes decimals of up to 18 digits in 64 bits, and of more in 128. */
  private static final Pattern NARROW_DECIMALS =
      Pattern.compile("Overflow in (multiplication|addition|subtraction) of DECIMAL\\(\\d+\\)");

  /** What the step says of a value that has no result. */
  private static final Pattern NO_RESULT =
      Pattern.compile("division by zero|do not hold|does not fit");

  /** What a stage refuses and DuckDB answers: another value each run, integers of 128 bits. */
  private static final Pattern REFUSED_BY_THE_STAGE =
      Pattern.compile("it reads the clock|which is no int64");

  @TempDir static Path folder;
  private static List<Known> known;
  private static List<String> generated;
  private static Map<String, Answer> step;
  private static Map<String, Answer> stage;
  private static Map<String, Answer> duckDb;

  @BeforeAll
  static void askAllThree() throws IOException {
    known = known();
    generated = new QueryGenerator(SEED).queries(QUERIES);
    Set<String> ours = new LinkedHashSet<>();
    Set<String> theirs = new LinkedHashSet<>();
    known.forEach(query -> ours.add(query.query()));
    known.forEach(query -> theirs.add(query.asDuckDb()));
    ours.addAll(generated);
    generated.forEach(query -> theirs.add(asDuckDb(query)));
    SqlDifferences differences = new SqlDifferences();
    Files.createDirectory(folder.resolve("spill"));
    differences.writeTo(folder);
    step = differences.step(List.copyOf(ours));
    stage = differences.stage(List.copyOf(theirs), folder);
    duckDb = differences.duckDb(List.copyOf(theirs), folder);
  }

  private static String asDuckDb(String query) {
    return query.replace('`', '"');
  }

  /**
   * A line is a query; those that follow it and begin with two blanks say what it gives: {@code
   * duckdb} how DuckDB says it, {@code refused} or {@code fault} with a part of the message, {@code
   * differs} with the reason, and then each {@code row}.
   */
  private static List<Known> known() throws IOException {
    List<Known> all = new ArrayList<>();
    for (String line : lines()) {
      if (line.startsWith("  ")) {
        all.set(all.size() - 1, with(all.get(all.size() - 1), line.strip()));
      } else {
        all.add(new Known(line, Optional.empty(), Optional.empty(), List.of()));
      }
    }
    return all;
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SqlDifferencesTest.class.getResourceAsStream("sql-differences.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  private static Known with(Known query, String line) {
    int blank = line.indexOf(' ');
    String value = blank < 0 ? "" : line.substring(blank + 1);
    return switch (blank < 0 ? line : line.substring(0, blank)) {
      case "duckdb" -> new Known(query.query(), Optional.of(value), query.fault(), query.rows());
      case "refused", "fault" ->
          new Known(query.query(), query.duckDb(), Optional.of(value), query.rows());
      case "differs" -> query;
      case "row" -> {
        List<String> rows = new ArrayList<>(query.rows());
        rows.add(value);
        yield new Known(query.query(), query.duckDb(), query.fault(), rows);
      }
      default -> throw new IllegalArgumentException(line);
    };
  }

  @Test
  void aQueryOfTheFileIsAnsweredAsItSays() {
    SoftAssertions softly = new SoftAssertions();
    for (Known query : known) {
      Answer answer = answerOf(query.query());
      if (query.fault().isPresent()) {
        softly
            .assertThat(answer.fault().orElse("rows: " + answer.rows()))
            .as(query.query())
            .contains(query.fault().get());
      } else {
        Answer expected =
            query.rows().isEmpty()
                ? Objects.requireNonNull(duckDb.get(query.asDuckDb()))
                : Answer.of(query.rows());
        softly.assertThat(answer).as(query.query()).isEqualTo(expected);
      }
    }
    softly.assertAll();
  }

  private static Answer answerOf(String query) {
    return Objects.requireNonNull(step.get(query), query);
  }

  @Test
  void aDifferenceThatTheFileKnowsIsOne() {
    for (Known query : known) {
      if (!query.rows().isEmpty()) {
        assertThat(answerOf(query.query()))
            .as(query.query())
            .isNotEqualTo(duckDb.get(query.asDuckDb()));
      }
    }
  }

  @Test
  void aQueryAtRandomIsAnsweredAsByDuckDb() {
    SoftAssertions softly = new SoftAssertions();
    int answered = 0;
    List<String> orderOfConditions = new ArrayList<>();
    for (String query : generated) {
      Answer ours = answerOf(query);
      Answer theirs = Objects.requireNonNull(duckDb.get(asDuckDb(query)));
      answered += ours.fault().isEmpty() ? 1 : 0;
      boolean bothFail = ours.fault().isPresent() && theirs.fault().isPresent();
      boolean isNarrow = NARROW_DECIMALS.matcher(theirs.fault().orElse("")).find();
      if (!bothFail && isOrderOfConditions(query, ours)) {
        orderOfConditions.add(query + " " + ours.fault());
      } else if (!bothFail && !isNarrow) {
        softly
            .assertThat(withoutSignedZeros(ours))
            .as(query + " " + ours.fault())
            .isEqualTo(withoutSignedZeros(theirs));
      }
    }
    softly.assertThat(answered).isGreaterThan(generated.size() * 8 / 10);
    softly.assertThat(orderOfConditions).hasSizeLessThanOrEqualTo(generated.size() / 50);
    softly.assertAll();
  }

  // DuckDB may leave out a condition that another one decides; the step goes from the left.
  private static boolean isOrderOfConditions(String query, Answer ours) {
    return query.contains(" AND ") && NO_RESULT.matcher(ours.fault().orElse("")).find();
  }

  @Test
  void aSqlStageAnswersAsDuckDb() {
    SoftAssertions softly = new SoftAssertions();
    Map<String, Answer> all = new LinkedHashMap<>(duckDb);
    all.forEach(
        (query, answer) -> {
          Answer ours = Objects.requireNonNull(stage.get(query));
          if (answer.fault().isPresent()) {
            softly.assertThat(ours.fault()).as("%s: %s", query, ours.rows()).isPresent();
          } else if (!isRefusedByTheStage(ours)) {
            softly
                .assertThat(withoutSignedZeros(ours))
                .as("%s %s", query, ours.fault())
                .isEqualTo(withoutSignedZeros(answer));
          }
        });
    softly.assertAll();
  }

  private static boolean isRefusedByTheStage(Answer ours) {
    return REFUSED_BY_THE_STAGE.matcher(ours.fault().orElse("")).find();
  }

  // DuckDB gives 0.0 and -0.0, which are equal to it, as either, where it sorts or groups.
  private static Answer withoutSignedZeros(Answer answer) {
    List<String> rows =
        answer.rows().stream().map(row -> row.replaceAll("~-0\\.0(?=\\||$)", "~0.0")).toList();
    return new Answer(rows.stream().sorted().toList(), answer.fault());
  }

  @Test
  void thereAreEnoughQueries() {
    assertThat(step.size()).isGreaterThanOrEqualTo(300);
  }
}
