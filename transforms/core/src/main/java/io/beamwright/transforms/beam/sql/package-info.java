// SPDX-License-Identifier: Apache-2.0
/**
 * The step {@code Sql}: Calcite reads and checks a query, and each node and expression of its plan
 * is computed here, exactly and whatever the order of its input, or refused by name.
 */
@NullMarked
package io.beamwright.transforms.beam.sql;

import org.jspecify.annotations.NullMarked;
