// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

/**
 * A file is a table whose format this process lacks the libraries for. Not a fault: whoever starts
 * processes catches it and goes on in one that has them.
 */
public final class InspectorNotReady extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InspectorNotReady(String name, FileInspector inspector) {
    super(name + " is a " + inspector.format() + " file, and no library here reads that");
  }
}
