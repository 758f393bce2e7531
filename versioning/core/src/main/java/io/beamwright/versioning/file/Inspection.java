// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * How closely files are looked at when they are put into a store: which formats of tables are told
 * from plain bytes, and whether their rows are read.
 *
 * @param inspectors one for each format that is told; none takes every file as plain bytes
 * @param rows whether the rows are read too
 */
public record Inspection(List<FileInspector> inspectors, Rows rows) {

  /** Every file is plain bytes. */
  public static final Inspection RAW = new Inspection(List.of(), Rows.UNREAD);

  /** What is read of a table that is put. */
  public enum Rows {
    /** Its metadata alone: damage in a page is found by who reads it. */
    UNREAD,
    /** Everything, for the digest of its rows. */
    READ
  }

  public Inspection {
    inspectors = List.copyOf(inspectors);
  }

  /** By all inspectors on the class path. */
  public static Inspection ofClassPath(Rows rows) {
    return new Inspection(
        ServiceLoader.load(FileInspector.class, FileInspector.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList(),
        rows);
  }

  /**
   * Checks that this process has the libraries for all formats.
   *
   * @param name what needs them, for messages
   * @throws InspectorNotReady if it has not
   */
  public static void requireReady(String name) {
    for (FileInspector inspector : ofClassPath(Rows.UNREAD).inspectors()) {
      requireReady(name, inspector, new byte[0]);
    }
  }

  static void requireReady(String name, FileInspector inspector, byte[] begun) {
    if (!inspector.isReady()) {
      throw new InspectorNotReady(name, inspector, begun);
    }
  }

  /** The inspector of the format that a file which begins so says that it has. */
  Optional<FileInspector> of(byte[] beginning) {
    return inspectors.stream().filter(inspector -> inspector.claims(beginning)).findFirst();
  }

  /**
   * What {@code inspector} finds.
   *
   * @throws UserFault if the file is not what it says; the remedy names the way around
   */
  TableFacts facts(FileInspector inspector, String name, RandomAccessSource file)
      throws IOException {
    try {
      return rows == Rows.READ ? inspector.inspectRows(name, file) : inspector.inspect(name, file);
    } catch (UserFault e) {
      throw new UserFault(
          String.valueOf(e.getMessage()),
          e.remedy() + " Or put it as plain bytes: --raw, or \"raw\": true in operations.",
          e);
    }
  }
}
