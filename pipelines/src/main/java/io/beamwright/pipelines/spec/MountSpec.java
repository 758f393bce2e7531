// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

/**
 * A folder of the machine that a sandbox shows.
 *
 * @param path its absolute path, without {@code .}, {@code ..} and empty elements
 * @param digest whether its content is in the key
 */
public record MountSpec(String path, boolean digest) {}
