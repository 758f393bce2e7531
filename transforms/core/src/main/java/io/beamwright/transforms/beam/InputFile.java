// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.versioning.tree.FileEntry;

/**
 * One file of a stage's input.
 *
 * @param ordinal its place, from 0, among the input's files in the order of their paths; where the
 *     input is of several repos, in the order of these
 * @param entry the file
 * @param repo where the input is of several repos, the one that this is of, for messages; else
 *     empty
 */
public record InputFile(long ordinal, FileEntry entry, String repo) {

  /** A file of an input that is of one repo. */
  public InputFile(long ordinal, FileEntry entry) {
    this(ordinal, entry, "");
  }
}
