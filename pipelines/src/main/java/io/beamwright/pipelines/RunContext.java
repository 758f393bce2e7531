// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/**
 * What is the same for every stage of a run.
 *
 * @param store where everything is read and written
 * @param location how a worker opens the same store
 * @param run the run's id
 * @param author who submitted it
 * @param time when: the time of every commit that it makes
 * @param engine version of Beamwright
 * @param runners what stages run on
 * @param scratch a folder of this machine for temporary files
 * @param clock for what is only written down
 * @param stop whether the run shall end early
 * @param goesOn whether another process of this run was here before, whose failures stand
 */
public record RunContext(
    Store store,
    StorageLocation location,
    String run,
    String author,
    Instant time,
    String engine,
    RunnerDefaults runners,
    Path scratch,
    Clock clock,
    StopRequest stop,
    boolean goesOn) {}
