// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.InputDraft.Named;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.CanonicalJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Every combination of the datums of its sides; without a datum on one side there is none.
 *
 * @param sides at least one, none of them a cross; no name of one is a name of another
 * @param pointer where it stands in its file, for messages
 */
public record CrossInput(List<Input> sides, String pointer) implements Input {

  /** A cross among {@code sides} gives way to its own. */
  public CrossInput {
    sides = sides.stream().flatMap(side -> side.crossed().stream()).toList();
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("a cross of nothing");
    }
  }

  @Override
  public List<PfsInput> leaves() {
    return sides.stream().flatMap(side -> side.leaves().stream()).toList();
  }

  @Override
  public List<Input> crossed() {
    return sides;
  }

  /** A datum has what every side brings, so that it lacks only what no side is sure to bring. */
  @Override
  public Optional<Input> without(Predicate<String> wanted) {
    if (sides.stream().anyMatch(side -> side.without(wanted).isEmpty())) {
      return Optional.empty();
    }
    return sides.stream()
        .filter(side -> side.names().stream().anyMatch(wanted))
        .findFirst()
        .map(side -> side.without(wanted))
        .orElse(Optional.of(this));
  }

  @Override
  public boolean mayRepeat() {
    return sides.stream().anyMatch(Input::mayRepeat);
  }

  @Override
  public ObjectNode jobKeyPart() {
    ObjectNode part = CanonicalJson.object().put("input", "cross");
    addMembers(part.putArray("inputs"));
    return part;
  }

  @Override
  public ObjectNode keyMember() {
    ObjectNode member = CanonicalJson.object();
    addMembers(member.putArray("cross"));
    return member;
  }

  private void addMembers(ArrayNode members) {
    sides.forEach(side -> members.add(side.keyMember()));
  }

  @Override
  public Iterator<List<DatumInput>> datums(Matches matches) {
    // The first side is read as it comes; only what it is crossed with is held.
    List<List<List<DatumInput>>> others = new ArrayList<>();
    for (Input side : sides.subList(1, sides.size())) {
      List<List<DatumInput>> datums = new ArrayList<>();
      side.datums(matches).forEachRemaining(datums::add);
      if (datums.isEmpty()) {
        return Collections.emptyIterator();
      }
      others.add(datums);
    }
    return new Combinations(sides.get(0).datums(matches), others);
  }

  @Override
  public Optional<List<DatumInput>> whole(Matches matches) {
    List<DatumInput> whole = new ArrayList<>();
    for (Input side : sides) {
      Optional<List<DatumInput>> brought = side.whole(matches);
      if (brought.isEmpty()) {
        return Optional.empty();
      }
      whole.addAll(brought.get());
    }
    return Optional.of(whole);
  }

  /** What one side has with each combination of the others, the last changing fastest. */
  private static final class Combinations implements Iterator<List<DatumInput>> {

    private final Iterator<List<DatumInput>> first;
    private final List<List<List<DatumInput>>> others;

    /** Which datum of each of the others comes next; all 0 where {@code current} is done with. */
    private final int[] next;

    private List<DatumInput> current = List.of();
    private boolean isBegun;

    Combinations(Iterator<List<DatumInput>> first, List<List<List<DatumInput>>> others) {
      this.first = first;
      this.others = others;
      this.next = new int[others.size()];
    }

    @Override
    public boolean hasNext() {
      return isBegun || first.hasNext();
    }

    @Override
    public List<DatumInput> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (!isBegun) {
        current = first.next();
      }
      List<DatumInput> datum = new ArrayList<>(current);
      for (int i = 0; i < next.length; i++) {
        datum.addAll(others.get(i).get(next[i]));
      }
      isBegun = advance();
      return datum;
    }

    /** Whether {@code current} has another combination. */
    private boolean advance() {
      for (int i = next.length - 1; i >= 0; i--) {
        next[i]++;
        if (next[i] < others.get(i).size()) {
          return true;
        }
        next[i] = 0;
      }
      return false;
    }
  }

  // --- reading ---

  static InputDraft read(Value cross) {
    List<InputDraft> drafts = InputReader.sides(cross);
    requireNamesThatDiffer(drafts, cross.problems());
    List<Input> sides = drafts.stream().flatMap(draft -> draft.input().stream()).toList();
    return InputDraft.of(
        sides.isEmpty() ? Optional.empty() : Optional.of(new CrossInput(sides, cross.at().text())),
        drafts);
  }

  /** What one side brings meets in a datum what each other side brings. */
  private static void requireNamesThatDiffer(List<InputDraft> sides, Problems problems) {
    Map<String, Pointer> earlier = new HashMap<>();
    for (InputDraft side : sides) {
      for (Named name : side.names()) {
        Pointer taken = earlier.get(name.name());
        if (taken != null) {
          problems.add(
              name.at(),
              "is \"" + name.name() + "\", which " + taken + " is called too.",
              "Give one of the two inputs a \"name\" of its own.");
        }
      }
      side.names().forEach(name -> earlier.putIfAbsent(name.name(), name.at()));
    }
  }
}
