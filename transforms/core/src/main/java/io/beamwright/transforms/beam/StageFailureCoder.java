// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Both texts, each with its length. */
public final class StageFailureCoder extends AtomicCoder<StageFailure> {

  private static final long serialVersionUID = 1L;
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  @Override
  public void encode(StageFailure failure, OutputStream out) throws IOException {
    TEXT.encode(failure.what(), out);
    TEXT.encode(failure.remedy(), out);
  }

  @Override
  public StageFailure decode(InputStream in) throws IOException {
    return new StageFailure(TEXT.decode(in), TEXT.decode(in));
  }
}
