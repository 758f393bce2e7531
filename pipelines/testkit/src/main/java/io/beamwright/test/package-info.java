// SPDX-License-Identifier: Apache-2.0
/** For tests of pipelines: a store, runs, and assertions on what they made. */
@NullMarked
package io.beamwright.test;

import org.jspecify.annotations.NullMarked;
