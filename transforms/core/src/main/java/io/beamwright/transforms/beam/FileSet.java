// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import java.util.List;
import org.apache.beam.sdk.values.PCollection;

/**
 * The files that one input of a stage matched.
 *
 * @param input the input's name
 * @param planned the files, in their order, as the plan has them: for finding a schema while the
 *     graph is built, never to be put into the graph
 * @param files the same files in the graph, in any order
 */
public record FileSet(String input, List<InputFile> planned, PCollection<InputFile> files) {

  public FileSet {
    planned = List.copyOf(planned);
  }

  /** How messages name a file: {@code input:/path}, or {@code input of repo@branch:/path}. */
  public static String shown(String input, InputFile file) {
    String from = file.repo().isEmpty() ? "" : " of " + file.repo();
    return input + from + ":" + file.entry().path();
  }
}
