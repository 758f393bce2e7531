// SPDX-License-Identifier: Apache-2.0
/** An S3 server for tests, as a process of its own. */
@NullMarked
package io.beamwright.versioning.s3proxy;

import org.jspecify.annotations.NullMarked;
