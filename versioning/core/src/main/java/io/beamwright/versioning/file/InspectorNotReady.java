// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

/**
 * A file is a table whose format this process lacks the libraries for. Not a fault: whoever starts
 * processes catches it and goes on in one that has them.
 */
public final class InspectorNotReady extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final byte[] begun;

  InspectorNotReady(String name, FileInspector inspector, byte[] begun) {
    super(name + " needs the libraries for " + inspector.format() + ", and they are not here");
    this.begun = begun.clone();
  }

  /** What was read already of a stream that cannot be read again; empty where there is none. */
  public byte[] begun() {
    return begun.clone();
  }
}
