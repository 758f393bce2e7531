// SPDX-License-Identifier: Apache-2.0
/** Checks that a store holds what it should, and repairs what another copy still has. */
@NullMarked
package io.beamwright.versioning.fsck;

import org.jspecify.annotations.NullMarked;
