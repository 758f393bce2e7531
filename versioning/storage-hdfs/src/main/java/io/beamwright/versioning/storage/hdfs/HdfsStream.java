// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** A file of HDFS being read, whose failures are told by the key that it was opened for. */
final class HdfsStream extends FilterInputStream {

  private final Function<IOException, EnvironmentFault> fault;

  HdfsStream(InputStream in, Function<IOException, EnvironmentFault> fault) {
    super(in);
    this.fault = fault;
  }

  @Override
  public int read() {
    try {
      return super.read();
    } catch (IOException e) {
      throw fault.apply(e);
    }
  }

  @Override
  public int read(byte[] into, int begin, int length) {
    try {
      return super.read(into, begin, length);
    } catch (IOException e) {
      throw fault.apply(e);
    }
  }

  @Override
  public long skip(long bytes) {
    try {
      return super.skip(bytes);
    } catch (IOException e) {
      throw fault.apply(e);
    }
  }
}
