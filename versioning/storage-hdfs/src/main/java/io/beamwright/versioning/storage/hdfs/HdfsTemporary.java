// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

/**
 * A file that has all of a key's content, and not its key yet.
 *
 * @param name its name below the root
 * @param fileId the NameNode's number of it, which it keeps when it is renamed, and which no other
 *     file ever gets
 */
record HdfsTemporary(String name, long fileId) {}
