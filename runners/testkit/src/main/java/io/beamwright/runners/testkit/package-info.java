// SPDX-License-Identifier: Apache-2.0
/** The contract of runners, for the tests of each. */
@NullMarked
package io.beamwright.runners.testkit;

import org.jspecify.annotations.NullMarked;
