// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.transforms.datum.Datum;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.ref.Revision;
import java.util.stream.Collectors;

/** What messages call a datum. */
public final class DatumName {

  private static final int DIGITS = 12;

  private DatumName() {}

  /**
   * The first digits of its key, and the paths that its inputs matched; with the repo where the
   * input's name does not tell it.
   */
  public static String of(Datum datum) {
    return "datum "
        + datum.key().hex().substring(0, DIGITS)
        + datum.inputs().stream().map(DatumName::of).collect(Collectors.joining(" × ", " (", ")"));
  }

  private static String of(DatumInput input) {
    boolean isTold =
        input.name().equals(input.repo()) && input.branch().equals(Revision.DEFAULT_BRANCH);
    String from = isTold ? "" : " of " + input.repo() + "@" + input.branch();
    return input.name() + from + ":" + input.match();
  }
}
