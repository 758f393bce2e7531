// SPDX-License-Identifier: Apache-2.0
/** Copies commits with all that they need from store to store. */
@NullMarked
package io.beamwright.versioning.sync;

import org.jspecify.annotations.NullMarked;
