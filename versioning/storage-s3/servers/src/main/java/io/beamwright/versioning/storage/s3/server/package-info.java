// SPDX-License-Identifier: Apache-2.0
/** An S3 server for tests, as a process of its own. */
@NullMarked
package io.beamwright.versioning.storage.s3.server;

import org.jspecify.annotations.NullMarked;
