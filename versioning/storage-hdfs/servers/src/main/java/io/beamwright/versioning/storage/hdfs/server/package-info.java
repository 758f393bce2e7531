// SPDX-License-Identifier: Apache-2.0
/** HDFS's own server programs as processes, for tests. */
@NullMarked
package io.beamwright.versioning.storage.hdfs.server;

import org.jspecify.annotations.NullMarked;
