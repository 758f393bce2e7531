// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** Beam's options and where the graph goes. Public, because Beam implements it by a proxy. */
public interface BeamwrightFlinkOptions extends FlinkPipelineOptions {

  /** The cluster as {@code HOST:PORT}; empty for this process. */
  @Description("The cluster as HOST:PORT; empty for this process.")
  @Default.String("")
  String getBeamwrightMaster();

  /** Says where the cluster is. */
  void setBeamwrightMaster(String master);

  /** Memory that a slot shall have, in bytes; 0 for any. */
  @Description("Memory that a slot shall have, in bytes; 0 for any.")
  @Default.Long(0)
  long getBeamwrightMemoryBytes();

  /** Says what memory a slot shall have. */
  void setBeamwrightMemoryBytes(long bytes);
}
