// SPDX-License-Identifier: Apache-2.0
/** Runs graphs on Flink. */
@NullMarked
package io.beamwright.runners.flink;

import org.jspecify.annotations.NullMarked;
