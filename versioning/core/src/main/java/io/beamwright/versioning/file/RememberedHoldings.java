// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody knows to be in a store, asked once for each object and pack; what maps say is kept
 * of those that were looked into last. For one thread.
 */
public final class RememberedHoldings implements Whereabouts.Holdings {

  private static final int MOST_MAPS = 64;

  private final Whereabouts.Holdings holdings;
  private final Map<Sha256, List<Integer>> objects = new HashMap<>();
  private final Map<Sha256, List<Integer>> maps = new HashMap<>();
  private final Map<Whereabouts.Hop, List<MovedMaps.Move>> moves =
      new LinkedHashMap<>(MOST_MAPS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Whereabouts.Hop, List<MovedMaps.Move>> eldest) {
          return size() > MOST_MAPS;
        }
      };

  /** Asks {@code holdings}. */
  public RememberedHoldings(Whereabouts.Holdings holdings) {
    this.holdings = holdings;
  }

  @Override
  public List<Integer> generations(Sha256 object) {
    return objects.computeIfAbsent(object, holdings::generations);
  }

  @Override
  public List<Integer> maps(Sha256 pack) {
    return maps.computeIfAbsent(pack, holdings::maps);
  }

  @Override
  public List<MovedMaps.Move> map(Sha256 pack, int generation) {
    Whereabouts.Hop map = new Whereabouts.Hop(pack, generation);
    List<MovedMaps.Move> known = moves.get(map);
    if (known == null) {
      known = holdings.map(pack, generation);
      moves.put(map, known);
    }
    return known;
  }

  /** Forgets what is there under the name of {@code id}: it has become more. */
  public void forget(Sha256 id) {
    objects.remove(id);
    maps.remove(id);
    moves.keySet().removeIf(map -> map.pack().equals(id));
  }
}
