// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.util.List;

/** Where the names of a CSV file's columns come from. */
sealed interface Header {

  /** The first record of each file. */
  record FirstRecord() implements Header {}

  /** The format; the first record is already a row. */
  record Declared(List<String> names) implements Header {

    public Declared {
      names = List.copyOf(names);
    }
  }

  /** The declared columns, in their order; the first record is already a row. */
  record AsColumns() implements Header {}
}
