// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.Sha256;

/**
 * Is shown what programs print while they run. Safe for many threads; nothing that it does may keep
 * a datum waiting or fail it.
 */
public interface LiveOutput {

  /** Looks at nothing. */
  LiveOutput UNSEEN =
      datum ->
          new OfDatum() {
            @Override
            public void begin(int number, byte[] earlier, ProgramLog log) {}

            @Override
            public void close() {}
          };

  /** The datum {@code key} is about to be run here. */
  OfDatum of(Sha256 key);

  /** What one go at a datum prints, until it is closed. */
  interface OfDatum extends AutoCloseable {

    /**
     * A try of the program begins; the one before has ended.
     *
     * @param number which, from 1
     * @param earlier what the log that is kept begins with, before what this try prints
     * @param log takes what this try prints
     */
    void begin(int number, byte[] earlier, ProgramLog log);

    /** The last try has ended, and the whole log is about to be kept. Does not wait. */
    @Override
    void close();
  }
}
