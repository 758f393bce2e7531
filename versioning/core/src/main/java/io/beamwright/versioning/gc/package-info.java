// SPDX-License-Identifier: Apache-2.0
/** Garbage collection, and how writers keep clear of it. */
@NullMarked
package io.beamwright.versioning.gc;

import org.jspecify.annotations.NullMarked;
