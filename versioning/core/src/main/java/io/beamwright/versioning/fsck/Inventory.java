// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.DigestMap;
import io.beamwright.versioning.Sha256;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a store holds that is named by a digest, in which generations, and how large it is. */
final class Inventory {

  /** One space of keys: objects, nodes, commits or moved maps. */
  static final class Space {

    private static final List<Integer> FIRST = List.of(0);

    // Generations above 0 are few: they are what garbage collection had condemned once.
    private final DigestMap first = new DigestMap();
    private final Map<Sha256, SortedMap<Integer, Long>> later = new HashMap<>();
    private long bytes;
    private long count;

    void add(Sha256 id, int generation, long size) {
      bytes += size;
      count++;
      if (generation == 0) {
        first.put(id, size);
      } else {
        later.computeIfAbsent(id, any -> new TreeMap<>()).put(generation, size);
      }
    }

    /** The generations in which {@code id} is there, the lowest first. */
    List<Integer> generations(Sha256 id) {
      boolean hasFirst = first.contains(id);
      SortedMap<Integer, Long> others = later.get(id);
      if (others == null) {
        return hasFirst ? FIRST : List.of();
      }
      List<Integer> generations = new ArrayList<>(hasFirst ? FIRST : List.of());
      generations.addAll(others.keySet());
      return generations;
    }

    /** Size of {@code id} in that generation, if it is there. */
    OptionalLong size(Sha256 id, int generation) {
      Long size = generation == 0 ? null : later.getOrDefault(id, new TreeMap<>()).get(generation);
      long known = generation == 0 ? first.get(id, -2) : size == null ? -2 : size;
      return known < 0 ? OptionalLong.empty() : OptionalLong.of(known);
    }

    boolean contains(Sha256 id) {
      return first.contains(id) || later.containsKey(id);
    }

    /** Every digest once, in no order. */
    void forEach(java.util.function.Consumer<Sha256> visitor) {
      first.forEach((id, size) -> visitor.accept(id));
      later.keySet().stream().filter(id -> !first.contains(id)).forEach(visitor);
    }

    long bytes() {
      return bytes;
    }

    long count() {
      return count;
    }
  }

  final Space objects = new Space();
  final Space nodes = new Space();
  final Space moved = new Space();
  final Space commits = new Space();

  /** Depths of the commits that are sound in some generation. */
  final DigestMap commitDepths = new DigestMap();
}
