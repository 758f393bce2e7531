// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records in a temporary file of this machine. It has no name from its beginning, so that nothing
 * of it stays however this process ends.
 */
final class Spill implements Closeable {

  private static final int BUFFER = 1 << 16;

  private final RandomAccessFile file;
  private final DataOutputStream out;

  Spill() {
    try {
      Path named = Files.createTempFile("beamwright-", ".spill");
      file = new RandomAccessFile(named.toFile(), "rw");
      Files.delete(named);
      out =
          new DataOutputStream(
              new BufferedOutputStream(new FileOutputStream(file.getFD()), BUFFER));
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private static EnvironmentFault cannotSpill(IOException e) {
    return new EnvironmentFault(
        "No temporary file can be written: " + e + ".",
        "Make room in " + System.getProperty("java.io.tmpdir") + " or set java.io.tmpdir.",
        e);
  }

  /** Appends one record. */
  void add(byte[] record) {
    try {
      out.writeInt(record.length);
      out.write(record);
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  /** Ends writing; what was added can be read from the beginning, once, until this is closed. */
  Reader read() {
    try {
      out.flush();
      file.seek(0);
      return new Reader(
          new DataInputStream(new BufferedInputStream(new FileInputStream(file.getFD()), BUFFER)));
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The records in the order in which they were added, one at a time. */
  static final class Reader implements Closeable {

    private final DataInputStream in;
    private byte[] head = new byte[0];

    private Reader(DataInputStream in) {
      this.in = in;
    }

    /** Goes to the next record; false after the last. */
    boolean advance() throws IOException {
      int length;
      try {
        length = in.readInt();
      } catch (EOFException e) {
        return false;
      }
      head = new byte[length];
      in.readFully(head);
      return true;
    }

    /** The record that {@link #advance} went to. */
    byte[] head() {
      return head;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
