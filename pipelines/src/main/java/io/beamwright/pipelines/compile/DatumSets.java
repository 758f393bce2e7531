// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.plan.Segments;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The datums of a plan in sets, by number: who runs a set reads it from the plan's segments, so
 * that a number is all that a graph and its workers pass on.
 *
 * @param list the list of the segments in the store, as JSON of a stored file
 * @param segments how many there are
 * @param setsInSegment into how many sets each is cut
 */
record DatumSets(String list, int segments, int setsInSegment) implements Serializable {

  /**
   * Sets of about {@code datumsInSet} datums.
   *
   * @param datums how many the segments hold
   */
  static DatumSets cut(String list, int segments, long datums, int datumsInSet) {
    long inSegment = datums / Math.max(1, segments);
    return new DatumSets(list, segments, (int) Math.max(1, inSegment / datumsInSet));
  }

  /** How many sets there are. */
  int count() {
    return segments * setsInSegment;
  }

  /** Reads sets; the segment that was read last is kept. For one thread. */
  final class Reader {

    private final StoredFiles files;
    private final List<StoredFile> names = new ArrayList<>();
    private List<String> lines = List.of();
    private int read = -1;

    Reader(StoredFiles files) {
      this.files = files;
    }

    /** The datums of the set with {@code number}, from 0. */
    List<Datum> datums(int number) {
      int segment = number / setsInSegment;
      if (segment != read) {
        lines = Segments.lines(files, name(segment));
        read = segment;
      }
      int set = number % setsInSegment;
      return lines.subList(start(set), start(set + 1)).stream()
          .map(line -> Datum.fromJson(GraphJson.parse(line)))
          .toList();
    }

    private StoredFile name(int segment) {
      if (names.isEmpty()) {
        Segments.readLines(
            files,
            StoredFile.fromJson(GraphJson.parse(list)),
            name -> names.add(StoredFile.fromJson(name)));
      }
      return names.get(segment);
    }

    private int start(int set) {
      return (int) ((long) lines.size() * set / setsInSegment);
    }
  }
}
