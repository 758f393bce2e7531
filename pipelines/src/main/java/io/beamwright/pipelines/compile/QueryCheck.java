// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.pipelines.spec.Input;
import io.beamwright.transforms.datum.DatumTransform;
import io.beamwright.transforms.datum.ProgramTransform;
import io.beamwright.transforms.datum.SqlTransform;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.fault.UserFault;
import java.util.Optional;

/**
 * Checks the query of an {@code sql} stage once, before its datums run: that it is one, and that
 * every datum has the inputs that it reads. A run asked it of all stages ({@link SpecTexts}) before
 * it was submitted, perhaps by another version.
 */
final class QueryCheck {

  private QueryCheck() {}

  /**
   * Checks {@code work}.
   *
   * @throws UserFault if it is a query that cannot run on every datum
   */
  static void require(StageWork.PerDatum work) {
    Optional<String> query =
        work.transform()
            .match(
                new DatumTransform.Cases<>() {
                  @Override
                  public Optional<String> program(ProgramTransform program) {
                    return Optional.empty();
                  }

                  @Override
                  public Optional<String> sql(SqlTransform sql) {
                    return Optional.of(sql.query());
                  }
                });
    query.ifPresent(text -> require(SqlQuery.parse(text), work.input()));
  }

  /**
   * Checks that every datum of {@code input} has what {@code query} reads.
   *
   * @throws UserFault if one has not
   */
  static void require(SqlQuery query, Input input) {
    query.requireInputs(input.names());
    for (String read : query.inputs()) {
      Optional<Input> lacking = input.without(read::equalsIgnoreCase);
      if (lacking.isPresent()) {
        throw new UserFault(
            "The query reads \""
                + read
                + "\", and the datums of "
                + lacking.get().pointer()
                + " have no input of that name.",
            "Give the sides of the union one \"name\", or make a stage of each.");
      }
    }
  }
}
