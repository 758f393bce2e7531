// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.Optional;

/**
 * A field of a spec: what reading accepts, what a near miss is near to, and what the reference
 * says.
 *
 * @param name in snake_case
 * @param type what it holds
 * @param presence {@code required}, or its default, or empty if it may be absent
 * @param meaning in a phrase
 * @param key whether it is in the keys by which results are found again
 * @param status whether it does anything
 * @param note for a field that is not built, unused or without effect: what to do, or what happens
 *     instead
 * @param section the name of the section that describes the objects it holds
 */
record Field(
    String name,
    Type type,
    String presence,
    String meaning,
    Key key,
    Status status,
    String note,
    Optional<String> section) {

  /** What a field holds. */
  enum Type {
    STRING("a string"),
    STRINGS("a list of strings"),
    STRING_MAP("an object of strings"),
    INTEGER("an integer"),
    INTEGERS("a list of integers"),
    QUANTITY("a quantity such as \"500m\" or \"2Gi\""),
    DURATION("a duration such as \"5m\", \"1h30m\" or \"90s\""),
    BOOLEAN("true or false"),
    OBJECT("an object"),
    OBJECTS("a list of objects"),
    FOLDERS("a list of folders"),
    NAME_OR_OBJECT("a name or an object"),
    REFERENCE("a name, a list of names or an object of names"),
    ANY("anything");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Whether a field decides if an earlier result can be reused. */
  enum Key {
    /** In the key of every datum, and so of the job. */
    DATUM("yes"),
    /** Not itself, but what it names: a folder's content, a command's output, a branch's commit. */
    CONTENT("what it names"),
    /** In the key of the job alone: it decides which datums there are, not what they give. */
    JOB("of the job"),
    NONE("no");

    private final String words;

    Key(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Whether a field does anything. */
  enum Status {
    BUILT,
    /** It is read, checked and kept with the spec, and nothing asks for it yet. */
    UNUSED,
    NOT_BUILT,
    WITHOUT_EFFECT
  }

  static final String REQUIRED = "required";

  static Field of(String name, Type type, String meaning) {
    return new Field(name, type, "", meaning, Key.NONE, Status.BUILT, "", Optional.empty());
  }

  static Field notBuilt(String name, String meaning) {
    return new Field(name, Type.ANY, "", meaning, Key.NONE, Status.NOT_BUILT, "", Optional.empty());
  }

  /** A field that only Kubernetes can serve. */
  static Field withoutEffect(String name, String instead) {
    return new Field(
        name, Type.ANY, "", "", Key.NONE, Status.WITHOUT_EFFECT, instead, Optional.empty());
  }

  /** Whether what is given for it is read, though perhaps nobody asks for it. */
  boolean isRead() {
    return status == Status.BUILT || status == Status.UNUSED;
  }

  Field required() {
    return new Field(name, type, REQUIRED, meaning, key, status, note, section);
  }

  Field byDefault(String value) {
    return new Field(name, type, value, meaning, key, status, note, section);
  }

  Field inKey(Key newKey) {
    return new Field(name, type, presence, meaning, newKey, status, note, section);
  }

  Field of(String newSection) {
    return new Field(name, type, presence, meaning, key, status, note, Optional.of(newSection));
  }

  /** Nothing is done by it yet; {@code newNote} says what happens instead. */
  Field unused(String newNote) {
    return new Field(name, type, presence, meaning, key, Status.UNUSED, newNote, section);
  }

  Field instead(String newNote) {
    return new Field(name, type, presence, meaning, key, status, newNote, section);
  }
}
