// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.apache.beam.runners.spark.SparkContextOptions;
import org.apache.beam.sdk.options.Description;

/** Beam's options and where the graph goes. Public, because Beam implements it by a proxy. */
public interface BeamwrightSparkOptions extends SparkContextOptions {

  /** What the graph needs of Spark; it stays here, for it may hold secrets. */
  @Description("What the graph needs of Spark.")
  @JsonIgnore
  ContextSettings getBeamwrightSettings();

  /** Says what the graph needs of Spark. */
  void setBeamwrightSettings(ContextSettings settings);
}
