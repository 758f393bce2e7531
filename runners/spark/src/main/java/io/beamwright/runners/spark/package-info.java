// SPDX-License-Identifier: Apache-2.0
/** Runs graphs on Spark. */
@NullMarked
package io.beamwright.runners.spark;

import org.jspecify.annotations.NullMarked;
