// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

/**
 * A graph as a cluster knows it. It goes on there when this process ends, unless this process is
 * its driver, as Spark's are; and graphs may share one, as Spark's do.
 *
 * @param runner the runner that speaks with the cluster
 * @param master where the cluster is, as the user named it
 * @param id what the cluster calls it
 */
public record ClusterJob(String runner, String master, String id) {}
