// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.beamwright.versioning.graph;

import org.jspecify.annotations.NullMarked;
