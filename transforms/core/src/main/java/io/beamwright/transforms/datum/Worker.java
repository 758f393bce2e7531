// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import java.lang.management.ManagementFactory;

/** The process that works on datums. */
public final class Worker {

  /** This process as {@code PID@HOST}. */
  public static final String NAME = ManagementFactory.getRuntimeMXBean().getName();

  private Worker() {}
}
