// SPDX-License-Identifier: Apache-2.0
/** What the real servers of tests have in common: JVMs of their own, which end with ours. */
@NullMarked
package io.beamwright.versioning.server;

import org.jspecify.annotations.NullMarked;
