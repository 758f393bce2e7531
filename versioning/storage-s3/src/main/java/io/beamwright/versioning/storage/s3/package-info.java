// SPDX-License-Identifier: Apache-2.0
/** The storage in a bucket of S3, or of a server that speaks its protocol. */
@NullMarked
package io.beamwright.versioning.storage.s3;

import org.jspecify.annotations.NullMarked;
