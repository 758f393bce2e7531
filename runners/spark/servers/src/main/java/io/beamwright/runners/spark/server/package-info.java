// SPDX-License-Identifier: Apache-2.0
/** Spark's own server programs as processes, for tests. */
@NullMarked
package io.beamwright.runners.spark.server;

import org.jspecify.annotations.NullMarked;
