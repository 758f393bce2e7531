// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Another store that this one knows by a name.
 *
 * @param name its name here
 * @param uri where it is
 * @param options options of its storage
 * @param by who added it
 * @param at when
 */
public record Remote(
    String name, String uri, SortedMap<String, String> options, String by, Instant at) {

  public Remote {
    options = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** Whether what is named {@code text} on a command line can only be a URI. */
  public static boolean isUri(String text) {
    return text.contains(":") || text.contains("/");
  }

  /** The options that {@code given} sets, and of the others those of the remote. */
  public Map<String, String> optionsWith(Map<String, String> given) {
    Map<String, String> all = new TreeMap<>(options);
    all.putAll(given);
    return all;
  }
}
