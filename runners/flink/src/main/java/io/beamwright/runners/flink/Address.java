// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.versioning.fault.UserFault;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the REST interface of a cluster is. */
record Address(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("([^\\s:/@]+|\\[[0-9a-fA-F:.]+\\]):(\\d{1,5})");

  /**
   * Read from {@code HOST:PORT}.
   *
   * @throws UserFault if it has another form
   */
  static Address of(String master) {
    Matcher form = FORM.matcher(master);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
      throw new UserFault(
          "The master of the runner flink is \"" + master + "\", which is not HOST:PORT.",
          "Name the host and the port of the JobManager's REST interface, such as there:8081.");
    }
    return new Address(form.group(1), Integer.parseInt(form.group(2)));
  }

  URI page(String path) {
    return URI.create("http://" + this + path);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
