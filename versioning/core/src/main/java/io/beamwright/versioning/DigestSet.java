// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.util.function.Consumer;

/** A set of many digests: see {@link DigestMap}. Not safe for several threads. */
public final class DigestSet {

  private final DigestMap members = new DigestMap();

  /** Adds {@code id}; says whether it was not there. */
  public boolean add(Sha256 id) {
    return members.put(id, 0);
  }

  /** Whether {@code id} was added. */
  public boolean contains(Sha256 id) {
    return members.contains(id);
  }

  /** Number of members. */
  public int size() {
    return members.size();
  }

  /** Shows every member, in no order. */
  public void forEach(Consumer<Sha256> visitor) {
    members.forEach((id, value) -> visitor.accept(id));
  }
}
