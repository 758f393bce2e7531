// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

/**
 * A graph as a cluster knows it, which goes on there when this process ends.
 *
 * @param runner the runner that speaks with the cluster
 * @param master where the cluster is, as the user named it
 * @param id what the cluster calls it
 */
public record ClusterJob(String runner, String master, String id) {}
