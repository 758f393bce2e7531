// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file of a table of text.
 *
 * @param name how messages name it
 * @param kind what it is written in
 * @param content its bytes, which may be packed by gzip or zstd whatever the name
 */
public record TextFile(String name, TextKind kind, Content content) {

  /** Bytes that can be read more than once. */
  @FunctionalInterface
  public interface Content {

    /** Opens the bytes from their beginning; the caller closes the stream. */
    InputStream open() throws IOException;
  }
}
