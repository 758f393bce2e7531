// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.datum.DatumInput;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a stage reads: a tree whose leaves read repos. Each kind is one file, which says how it is
 * read from a spec, what of it is in the key of a job, and how datums are made of what its leaves
 * bring.
 */
public sealed interface Input permits PfsInput, CrossInput, UnionInput {

  /** Where it stands in its file, for messages. */
  String pointer();

  /** The repos that this reads, in the order of the spec. */
  List<PfsInput> leaves();

  /** The names that inputs of its datums may have, in the order of the spec, each once. */
  default Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    leaves().forEach(leaf -> names.add(leaf.name()));
    return names;
  }

  /**
   * The first part of this whose datums have no input with a name that is {@code wanted}; empty if
   * every datum has one.
   */
  Optional<Input> without(Predicate<String> wanted);

  /** Whether two of its datums may be the same. */
  boolean mayRepeat();

  /**
   * How datums are made of the input commits, for the key of a job: {@code input}, the word for the
   * kind, and {@code inputs}, a member for each side, or for itself where it has none.
   */
  ObjectNode jobKeyPart();

  /** What stands for this in {@link #jobKeyPart} of an input that it is a side of. */
  ObjectNode keyMember();

  /**
   * Every datum, each as what its inputs bring, in the order of the spec; made as they are read.
   */
  Iterator<List<DatumInput>> datums(Matches matches);

  /**
   * The one datum of a stage that reads its input as a whole; empty if there is nothing to read.
   * Inputs of one name are one, of the files of one after those of the other.
   */
  Optional<List<DatumInput>> whole(Matches matches);

  /** This as sides of a cross: a cross inside a cross is the same as all in one. */
  default List<Input> crossed() {
    return List.of(this);
  }

  /** What leaves bring. */
  interface Matches {

    /** What each match of the leaf's glob brings, in the order of the commit. */
    Iterator<DatumInput> each(PfsInput leaf);

    /** The files of all matches, once each; empty if there is none. */
    Optional<DatumInput> all(PfsInput leaf);
  }
}
