// SPDX-License-Identifier: Apache-2.0
/** Flink's own server programs as processes, for tests. */
@NullMarked
package io.beamwright.runners.flink.server;

import org.jspecify.annotations.NullMarked;
