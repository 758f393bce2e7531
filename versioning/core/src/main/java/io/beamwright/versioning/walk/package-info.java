// SPDX-License-Identifier: Apache-2.0
/** What a commit needs: what garbage collection keeps, fsck checks and push copies. */
@NullMarked
package io.beamwright.versioning.walk;

import org.jspecify.annotations.NullMarked;
