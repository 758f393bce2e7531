// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.tree.FileEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the results that an attempt made. Of a datum that has several, because a worker did it
 * again, the first that ran well counts, or the first. Memory is that of a few numbers a datum.
 */
public final class Tally {

  private final Map<Sha256, Counted> datums = new HashMap<>();

  // A number that is not known is -1.
  private record Counted(boolean isWell, long tries, long millis, long bytes, long rows) {}

  /**
   * The datum that took longest.
   *
   * @param datum its key
   * @param milliseconds how long it took
   */
  public record Longest(Sha256 datum, long milliseconds) {}

  /** Counts a result. */
  void add(DatumResult result) {
    Counted counted = count(result);
    datums.merge(
        result.key(),
        counted,
        (first, second) -> second.isWell() && !first.isWell() ? second : first);
  }

  private static Counted count(DatumResult result) {
    long[] bytesAndRows = {0, -1};
    for (FileEntry output : result.outputs()) {
      StoredFile file = output.file();
      bytesAndRows[0] += file.size();
      file.table()
          .ifPresent(table -> bytesAndRows[1] = Math.max(0, bytesAndRows[1]) + table.rows());
    }
    return new Counted(
        result.state() == DatumResult.State.SUCCESS,
        Math.max(1, result.facts().path("tries").asLong(1)),
        milliseconds(result),
        bytesAndRows[0],
        bytesAndRows[1]);
  }

  private static long milliseconds(DatumResult result) {
    long sum = -1;
    for (var phase : result.facts().path("milliseconds")) {
      sum = Math.max(0, sum) + phase.asLong();
    }
    return sum;
  }

  /** How many datums have a result. */
  public long ran() {
    return datums.size();
  }

  /** How many of them failed. */
  public long failed() {
    return datums.values().stream().filter(datum -> !datum.isWell()).count();
  }

  /** Tries of programs beyond the first of each datum. */
  public long retried() {
    return datums.values().stream().mapToLong(datum -> datum.tries() - 1).sum();
  }

  /** Bytes of the files that were written. */
  public long bytes() {
    return datums.values().stream().mapToLong(Counted::bytes).sum();
  }

  /** Rows of the tables that were written; absent if none was. */
  public OptionalLong rows() {
    return known(datums.values().stream().mapToLong(Counted::rows));
  }

  /** Milliseconds in all datums together; absent if none tells. */
  public OptionalLong milliseconds() {
    return known(datums.values().stream().mapToLong(Counted::millis));
  }

  private static OptionalLong known(LongStream numbers) {
    return numbers.filter(number -> number >= 0).reduce(Long::sum);
  }

  /** The datum that took longest, of those that tell: the one with the least key among equals. */
  public Optional<Longest> longest() {
    @Nullable Longest longest = null;
    for (Map.Entry<Sha256, Counted> datum : datums.entrySet()) {
      long millis = datum.getValue().millis();
      boolean isLonger =
          longest == null
              || millis > longest.milliseconds()
              || (millis == longest.milliseconds()
                  && datum.getKey().compareTo(longest.datum()) < 0);
      if (millis >= 0 && isLonger) {
        longest = new Longest(datum.getKey(), millis);
      }
    }
    return Optional.ofNullable(longest);
  }
}
