// SPDX-License-Identifier: Apache-2.0
/** Stores in HDFS. */
@NullMarked
package io.beamwright.versioning.storage.hdfs;

import org.jspecify.annotations.NullMarked;
