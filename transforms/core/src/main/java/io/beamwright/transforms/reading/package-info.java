// SPDX-License-Identifier: Apache-2.0
/** How text becomes a table: the rules by which CSV and JSON files are read into typed batches. */
@NullMarked
package io.beamwright.transforms.reading;

import org.jspecify.annotations.NullMarked;
