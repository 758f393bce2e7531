// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.versioning.fault.UserFault;

/** What the step {@code Sql} says to what it does not compute, and to values without a result. */
final class Refusal {

  private static final String REMEDY = "Write it as a sql stage, which DuckDB runs.";

  private Refusal() {}

  /** Nothing runs: the query has {@code what}, which the step does not compute. */
  static UserFault of(String step, String what) {
    return new UserFault("Step " + step + ": Sql does not compute " + what + ".", REMEDY);
  }

  /** As {@link #of(String, String)}, with another way to say it. */
  static UserFault of(String step, String what, String instead) {
    return new UserFault(
        "Step " + step + ": Sql does not compute " + what + ".",
        instead + " Or write it as a sql stage, which DuckDB runs.");
  }

  /** Calcite's parser and all that walks its trees go down a level for each of the query's. */
  static UserFault tooDeep(String step, Throwable cause) {
    return new UserFault(
        "Step " + step + ": the query nests too deeply to be read.",
        "Say the same with fewer levels, such as IN (…) in place of many ORs; or write it as a sql"
            + " stage, which DuckDB runs.",
        cause);
  }

  /** A row's values have no result. */
  static UserFault ofValue(String what, String remedy) {
    return new UserFault(what + ".", remedy);
  }
}
