// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.fault.UserFault;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a storage is, in a form that a worker on another machine can open too.
 *
 * @param root its URI, absolute
 * @param options what else its provider has to know; no secrets
 */
public record StorageLocation(URI root, Map<String, String> options) implements Serializable {

  private static final long serialVersionUID = 1L;

  // Their modules are named after them, and are not on every class path.
  private static final Set<String> ADDED_SCHEMES = Set.of("hdfs", "s3");

  /**
   * @throws UserFault if no provider knows the scheme, or it refuses the URI
   * @throws StorageNotLoaded if its storage is not on this class path
   */
  public StorageLocation {
    root = provider(root).absolute(root);
    options = Map.copyOf(options);
  }

  /** The location that {@code text}, a URI such as {@code file:.beamwright}, names. */
  public static StorageLocation parse(String text) {
    return parse(text, Map.of());
  }

  /**
   * The same with options. Characters that a URI cannot hold, such as blanks, are taken as they
   * are.
   *
   * @throws UserFault if {@code text} is not such a URI
   */
  public static StorageLocation parse(String text, Map<String, String> options) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.substring(0, colon).matches("[a-zA-Z][a-zA-Z0-9+.-]*")) {
      throw new UserFault(
          "The store \"" + text + "\" has no scheme.",
          "For a folder of this machine write file:" + text);
    }
    try {
      return new StorageLocation(uri(text, colon), options);
    } catch (URISyntaxException e) {
      throw new UserFault(
          "The store \"" + text + "\" is not a URI: " + e.getReason() + ".",
          "Write file:.beamwright or file:/data/store.");
    }
  }

  private static URI uri(String text, int colon) throws URISyntaxException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return new URI(text.substring(0, colon), text.substring(colon + 1), null);
    }
  }

  /** Opens the storage; nothing is created until the first create. The caller closes it. */
  public Storage open() {
    return provider(root).open(root, options);
  }

  /** The schemes of all storages that Beamwright has, on the class path or not. */
  public static SortedSet<String> knownSchemes() {
    SortedSet<String> known = new TreeSet<>(providers().keySet());
    known.addAll(ADDED_SCHEMES);
    return known;
  }

  private static Map<String, StorageProvider> providers() {
    Map<String, StorageProvider> providers = new TreeMap<>();
    for (StorageProvider provider :
        ServiceLoader.load(StorageProvider.class, StorageProvider.class.getClassLoader())) {
      providers.put(provider.scheme(), provider);
    }
    return providers;
  }

  private static StorageProvider provider(URI root) {
    String scheme = String.valueOf(root.getScheme()).toLowerCase(Locale.ROOT);
    StorageProvider provider = providers().get(scheme);
    if (provider != null) {
      return provider;
    }
    if (ADDED_SCHEMES.contains(scheme)) {
      throw new StorageNotLoaded(withoutUser(root), scheme);
    }
    throw new UserFault(
        "The store " + withoutUser(root) + ": nothing here knows the scheme \"" + scheme + "\".",
        remedy(scheme, List.copyOf(knownSchemes())));
  }

  // What stands before an @ may be a secret, and messages go to logs.
  private static String withoutUser(URI root) {
    return root.toString().replaceAll("//[^/]*@", "//…@");
  }

  private static String remedy(String scheme, List<String> known) {
    List<String> near = NearMiss.of(scheme, known);
    String knownOnes = "Known are " + String.join(", ", known) + ".";
    return near.isEmpty()
        ? knownOnes
        : "Did you mean " + String.join(" or ", near) + "? " + knownOnes;
  }
}
