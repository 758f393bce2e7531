// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What version a bubblewrap is, as far as it matters here. */
record BubblewrapVersion(int major, int minor) {

  private static final Pattern SAID = Pattern.compile("bubblewrap (\\d{1,6})\\.(\\d{1,6})");

  // Of one that does not say so too much is asked rather than too little.
  private static final BubblewrapVersion NEWEST = new BubblewrapVersion(Integer.MAX_VALUE, 0);

  /** That of {@code bwrap}; the newest if it does not say so. */
  static BubblewrapVersion of(Path bwrap) throws IOException, InterruptedException {
    ProgramLog log = new ProgramLog();
    ProcessBuilder version = new ProcessBuilder(bwrap.toString(), "--version");
    var unused = Supervised.runUnwatched(version, Optional.empty(), log, Supervised::killAlone);
    Matcher said = SAID.matcher(new String(log.bytes(), StandardCharsets.UTF_8));
    return said.find()
        ? new BubblewrapVersion(Integer.parseInt(said.group(1)), Integer.parseInt(said.group(2)))
        : NEWEST;
  }

  /** Whether it knows {@code --disable-userns}. */
  boolean hasDisable() {
    return major > 0 || minor >= 8;
  }
}
