// SPDX-License-Identifier: Apache-2.0
/** The graph of commits and their parents: common ancestors, and which commits touched a path. */
@NullMarked
package io.beamwright.versioning.graph;

import org.jspecify.annotations.NullMarked;
