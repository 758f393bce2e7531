// SPDX-License-Identifier: Apache-2.0
/** Three-way merges of trees, and the commits that merge and revert make of them. */
@NullMarked
package io.beamwright.versioning.merge;

import org.jspecify.annotations.NullMarked;
