// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The datums of one side after those of the other. Sides may have names in common; a datum that two
 * sides have is one.
 *
 * @param sides at least one
 * @param pointer where it stands in its file, for messages
 */
public record UnionInput(List<Input> sides, String pointer) implements Input {

  public UnionInput {
    sides = List.copyOf(sides);
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("a union of nothing");
    }
  }

  @Override
  public List<PfsInput> leaves() {
    return sides.stream().flatMap(side -> side.leaves().stream()).toList();
  }

  @Override
  public Optional<Input> without(Predicate<String> wanted) {
    return sides.stream().flatMap(side -> side.without(wanted).stream()).findFirst();
  }

  @Override
  public boolean mayRepeat() {
    return true;
  }

  @Override
  public ObjectNode jobKeyPart() {
    ObjectNode part = CanonicalJson.object().put("input", "union");
    addMembers(part.putArray("inputs"));
    return part;
  }

  @Override
  public ObjectNode keyMember() {
    ObjectNode member = CanonicalJson.object();
    addMembers(member.putArray("union"));
    return member;
  }

  private void addMembers(ArrayNode members) {
    sides.forEach(side -> members.add(side.keyMember()));
  }

  @Override
  public Iterator<List<DatumInput>> datums(Matches matches) {
    Iterator<Input> others = sides.iterator();
    return new Iterator<>() {
      private Iterator<List<DatumInput>> side = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!side.hasNext() && others.hasNext()) {
          side = others.next().datums(matches);
        }
        return side.hasNext();
      }

      @Override
      public List<DatumInput> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return side.next();
      }
    };
  }

  /**
   * {@inheritDoc} A file of a repo that two sides have is one, as a datum is, whatever branch and
   * commit they read.
   */
  @Override
  public Optional<List<DatumInput>> whole(Matches matches) {
    List<DatumInput> whole = new ArrayList<>();
    Set<Seen> seen = new HashSet<>();
    for (Input side : sides) {
      for (DatumInput input : side.whole(matches).orElse(List.of())) {
        List<FileEntry> files =
            input.files().stream().filter(file -> seen.add(Seen.of(input, file))).toList();
        if (!files.isEmpty() || input.files().isEmpty()) {
          whole.add(input.with(files));
        }
      }
    }
    return whole.isEmpty() ? Optional.empty() : Optional.of(whole);
  }

  /** A file that a side brings, wherever its bytes lie. */
  private record Seen(String input, String repo, FilePath path, boolean executable, Sha256 bytes) {

    static Seen of(DatumInput input, FileEntry file) {
      return new Seen(input.name(), input.repo(), file.path(), file.executable(), file.sha256());
    }
  }

  // --- reading ---

  static InputDraft read(Value union) {
    List<InputDraft> drafts = InputReader.sides(union);
    List<Input> sides = drafts.stream().flatMap(draft -> draft.input().stream()).toList();
    return InputDraft.of(
        sides.isEmpty() ? Optional.empty() : Optional.of(new UnionInput(sides, union.at().text())),
        drafts);
  }
}
