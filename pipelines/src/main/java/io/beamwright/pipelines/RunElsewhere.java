// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

/**
 * Thrown by who gives engines: this process has not what a stage needs, and the run goes on in
 * another. No fault, and no end of the stage.
 */
public abstract class RunElsewhere extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Because of {@code what}. */
  protected RunElsewhere(String what) {
    super(what, null, false, false);
  }
}
