// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs the tasks, by the notation of Spark. */
sealed interface SparkMaster {

  /** Threads of this process. */
  record Local(String threads) implements SparkMaster {
    @Override
    public String url() {
      return "local[" + threads + "]";
    }
  }

  /** Spark's own cluster; of several addresses one is in charge and the others stand by. */
  record Standalone(List<Address> addresses) implements SparkMaster {
    public Standalone {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String url() {
      return "spark://" + String.join(",", addresses.stream().map(Address::toString).toList());
    }
  }

  /** Another's cluster, such as Kubernetes, for which Spark needs a library of its own. */
  record Managed(String url) implements SparkMaster {}

  /** Where a Master listens. */
  record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** As it was written. */
  String url();

  /**
   * Read from what Spark calls it.
   *
   * @throws UserFault if it has none of the forms
   */
  static SparkMaster of(String master) {
    Matcher local = Forms.LOCAL.matcher(master);
    if (local.matches()) {
      return new Local(local.group(1));
    }
    if (master.equals("yarn") || master.matches("k8s://\\S+")) {
      return new Managed(master);
    }
    if (master.startsWith("spark://")) {
      List<Address> addresses = new ArrayList<>();
      for (String text : master.substring("spark://".length()).split(",", -1)) {
        Matcher address = Forms.ADDRESS.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
          throw refused(master);
        }
        addresses.add(new Address(address.group(1), Integer.parseInt(address.group(2))));
      }
      return new Standalone(addresses);
    }
    throw refused(master);
  }

  private static UserFault refused(String master) {
    return new UserFault(
        "The master of the runner spark is \"" + master + "\", which is no master of Spark.",
        "Name the cluster as spark://HOST:PORT, yarn or k8s://URL, or threads of this process as"
            + " local[NUMBER] or local[*].");
  }

  /** The forms. */
  final class Forms {
    private static final Pattern LOCAL = Pattern.compile("local\\[([1-9]\\d{0,3}|\\*)]");
    private static final Pattern ADDRESS =
        Pattern.compile("([^\\s:/@,]+|\\[[0-9a-fA-F:.]+\\]):(\\d{1,5})");

    private Forms() {}
  }
}
