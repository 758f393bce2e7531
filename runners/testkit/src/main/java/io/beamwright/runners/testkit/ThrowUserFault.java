// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.testkit;

import io.beamwright.versioning.fault.UserFault;
import org.apache.beam.sdk.transforms.DoFn;

/** Finds every element to be the user's fault. */
public final class ThrowUserFault extends DoFn<Long, Long> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void refuse(@Element Long element) {
    throw new UserFault("The element is " + element + ".", "Use another than " + element + ".");
  }
}
