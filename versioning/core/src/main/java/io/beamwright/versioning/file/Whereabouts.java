// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bytes of an extent: in its object; or, where that is absent, in another generation of
 * it; or where maps of moved packs lead.
 *
 * <p>A pack that was stored again and moved again has several maps, and some of them may lead to
 * what is gone by now. So all are followed, and only bytes that are there count.
 */
public final class Whereabouts {

  private static final int MOST_GENERATIONS = 1_000;

  private final Holdings holdings;

  /** What somebody knows to be in a store. */
  public interface Holdings {

    /** The generations in which {@code object} is there, in the order in which they are taken. */
    List<Integer> generations(Sha256 object);

    /** The generations of the maps of {@code pack}, likewise. */
    List<Integer> maps(Sha256 pack);

    /**
     * What one of them says.
     *
     * @throws DamagedObject if it is not what was written
     */
    List<MovedMaps.Move> map(Sha256 pack, int generation);
  }

  /**
   * A map that is followed.
   *
   * @param pack what it is the map of
   * @param generation of the map
   */
  public record Hop(Sha256 pack, int generation) {}

  /**
   * How an extent leads to its bytes.
   *
   * @param hops the maps that are followed, in order; none if it is in its object
   * @param end the same bytes in an object that is there
   */
  public record Way(List<Hop> hops, Extent end) {}

  /** Looks among {@code holdings}. */
  public Whereabouts(Holdings holdings) {
    this.holdings = holdings;
  }

  /** What is there in {@code storage} when it is asked. */
  public static Whereabouts in(Storage storage) {
    return new Whereabouts(holdings(storage));
  }

  /** What {@code storage} lists and holds when it is asked. */
  public static Holdings holdings(Storage storage) {
    return new Stored(storage);
  }

  /** The same, asked once for each object and pack. */
  public static RememberedHoldings remembered(Storage storage) {
    return new RememberedHoldings(new Stored(storage));
  }

  /**
   * The way to the bytes of {@code extent}; empty if they are nowhere.
   *
   * @throws DamagedObject if a map is damaged, and no other leads to them
   */
  public Optional<Way> find(Extent extent) {
    return new Search(object -> true).run(extent);
  }

  /**
   * The same by maps alone, as if the object of {@code extent} were absent, and so was each for
   * which {@code counts} is false.
   *
   * @throws DamagedObject likewise
   */
  public Optional<Way> findMoved(Extent extent, Predicate<Sha256> counts) {
    Sha256 own = extent.object().id();
    return new Search(object -> !object.equals(own) && counts.test(object)).run(extent);
  }

  private final class Search {

    private final Predicate<Sha256> counts;
    private final Set<Extent> failed = new HashSet<>();
    private final List<Hop> hops = new ArrayList<>();
    private @Nullable DamagedObject damage;

    Search(Predicate<Sha256> counts) {
      this.counts = counts;
    }

    Optional<Way> run(Extent extent) {
      Optional<Way> way = find(extent);
      if (way.isEmpty() && damage != null) {
        throw damage;
      }
      return way;
    }

    private Optional<Way> find(Extent at) {
      ObjectRef object = at.object();
      List<Integer> there =
          counts.test(object.id()) ? holdings.generations(object.id()) : List.of();
      if (there.isEmpty()) {
        return follow(at);
      }
      int generation = there.contains(object.generation()) ? object.generation() : there.get(0);
      ObjectRef read = new ObjectRef(object.id(), generation);
      return Optional.of(new Way(List.copyOf(hops), new Extent(read, at.offset(), at.length())));
    }

    private Optional<Way> follow(Extent at) {
      if (!failed.add(at)) {
        // A circle, or where another way led already.
        return Optional.empty();
      }
      Sha256 pack = at.object().id();
      for (int generation : holdings.maps(pack)) {
        Optional<Extent> now = MovedMaps.within(map(pack, generation), at);
        if (now.isPresent()) {
          hops.add(new Hop(pack, generation));
          Optional<Way> way = find(now.get());
          if (way.isPresent()) {
            return way;
          }
          hops.remove(hops.size() - 1);
        }
      }
      return Optional.empty();
    }

    private List<MovedMaps.Move> map(Sha256 pack, int generation) {
      try {
        return holdings.map(pack, generation);
      } catch (DamagedObject e) {
        damage = damage == null ? e : damage;
        return List.of();
      }
    }
  }

  private record Stored(Storage storage) implements Holdings {

    @Override
    public List<Integer> generations(Sha256 object) {
      return generations(StoreLayout.object(object, 0), "an object");
    }

    @Override
    public List<Integer> maps(Sha256 pack) {
      return generations(StoreLayout.movedMap(pack, 0), "the map of a moved pack");
    }

    @Override
    public List<MovedMaps.Move> map(Sha256 pack, int generation) {
      try {
        return new MovedMaps(storage).read(StoreLayout.movedMap(pack, generation));
      } catch (ObjectAbsent e) {
        // Collected since it was listed: nothing needed it.
        return List.of();
      }
    }

    // The key of generation 0 is a prefix of the keys of all others, and no other key begins so.
    private List<Integer> generations(StorageKey first, String what) {
      return storage.list(first.text(), Optional.empty(), MOST_GENERATIONS).stream()
          .map(listed -> generation(listed.key(), what))
          .toList();
    }

    private int generation(StorageKey key, String what) {
      try {
        return StoreLayout.generationOf(key);
      } catch (NumberFormatException e) {
        throw DamagedObject.at(storage, key, what, "has no generation at the end of its name");
      }
    }
  }
}
