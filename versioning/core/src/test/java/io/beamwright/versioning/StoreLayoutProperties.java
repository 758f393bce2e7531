// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repos;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FilePath;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever becomes part of a key, the key is one, and stays where it belongs. */
class StoreLayoutProperties {

  private static final List<String> HOSTILE =
      List.of(
          "",
          ".",
          "..",
          "../..",
          "/",
          "/etc/passwd",
          "a/../../b",
          "a\\..\\b",
          "\0",
          "a\0b",
          "\n",
          "\u001b[2J",
          "%",
          "%2e%2e",
          "%2F",
          "a%",
          "+",
          " ",
          "C:",
          "CON",
          "nul.txt",
          "a.",
          "~",
          "é",
          "e\u0301",
          "ﬁ",
          "İ",
          "ı",
          "K",
          "\ud83d\ude00",
          "\ud800",
          "\u202egpj",
          "\ufeff",
          "A",
          "a",
          "x".repeat(255),
          "x".repeat(256),
          "X".repeat(300),
          "ü".repeat(10_000),
          "999/999/999/999",
          "plan",
          ".tmp",
          "-",
          "--",
          "*",
          "?",
          "\"",
          "<",
          "|",
          ":");

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.oneOf(
        Arbitraries.of(HOSTILE),
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().withChars("./\\%aA\0 ").ofMaxLength(12));
  }

  @Property(tries = 2_000)
  void everyMethodThatTakesHostileTextGivesAKeyBelowItsPrefixOrRefuses(
      @ForAll("hostile") String text, @ForAll long number) throws Exception {
    for (Method method : StoreLayout.class.getDeclaredMethods()) {
      boolean makesKeys = Set.of(StorageKey.class, String.class).contains(method.getReturnType());
      if (Modifier.isPublic(method.getModifiers()) && makesKeys) {
        requireSafe(method, text, number);
      }
    }
  }

  private static void requireSafe(Method method, String text, long number) throws Exception {
    Optional<String> made = make(method, text, number);
    if (made.isEmpty()) {
      return;
    }
    // A prefix becomes a key when something follows.
    boolean isKey = method.getReturnType() == StorageKey.class;
    String key = isKey ? made.get() : made.get() + (made.get().endsWith("/") ? "x" : "/x");
    if (key.length() <= 900 && Arrays.stream(key.split("/")).allMatch(s -> s.length() <= 255)) {
      assertThat(new StorageKey(key).text()).as(method + " of " + text).isEqualTo(key);
    }
    assertThat(key.split("/")).as(method + " of " + text).doesNotContain("", ".", "..");
    String space = make(method, "0123456789abcdef".repeat(4), 1).orElseThrow().split("/", -1)[0];
    if (!method.getName().equals("digits")) {
      assertThat(key).as(method + " of " + text).startsWith(space + "/");
    }
  }

  private static Optional<String> make(Method method, String text, long number) throws Exception {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(type -> argument(type, text, number))
            .toArray();
    try {
      return Optional.of(method.invoke(null, arguments).toString());
    } catch (InvocationTargetException e) {
      assertThat(e.getCause())
          .as(method + " of " + text)
          .isInstanceOfAny(IllegalArgumentException.class, UserFault.class);
      return Optional.empty();
    }
  }

  private static Object argument(Class<?> type, String text, long number) {
    if (type == String.class) {
      return text;
    }
    if (type == long.class) {
      return number;
    }
    if (type == int.class) {
      return (int) number;
    }
    if (type == Instant.class) {
      long second = Math.floorMod(number, 2 * Instant.MAX.getEpochSecond());
      return Instant.ofEpochSecond(second - Instant.MAX.getEpochSecond());
    }
    Sha256 digest = Sha256.of(new byte[] {(byte) number});
    return type == ObjectRef.class ? ObjectRef.of(digest) : digest;
  }

  @Property(tries = 2_000)
  void differentNamesHaveDifferentKeysAlsoWhereCaseIsFolded(
      @ForAll("hostile") String one, @ForAll("hostile") String other) {
    Optional<String> first = escaped(one);
    Optional<String> second = escaped(other);
    if (first.isPresent() && second.isPresent()) {
      boolean same =
          first.get().toUpperCase(Locale.ROOT).equals(second.get().toUpperCase(Locale.ROOT));
      assertThat(same).isEqualTo(one.equals(other));
    }
  }

  @Property(tries = 2_000)
  void aNameIsReadBackFromItsKey(@ForAll("hostile") String name) {
    escaped(name).ifPresent(key -> assertThat(StorageKey.unescape(key)).contains(name));
  }

  @Property(tries = 2_000)
  void aSegmentThatNobodyWroteIsNoName(@ForAll("hostile") String segment) {
    StorageKey.unescape(segment)
        .ifPresent(name -> assertThat(StorageKey.escape(name)).isEqualTo(segment));
  }

  private static Optional<String> escaped(String name) {
    try {
      return Optional.of(StorageKey.escape(name));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  @Example
  void theLongestNamesOfReposAndRefsFitIntoAKey() {
    String repo = Repos.requireName("R".repeat(63));
    String ref = Refs.requireName("B".repeat(80));

    assertThat(new StorageKey(StoreLayout.repoLog(repo) + "/000/000/000/000").text()).isNotEmpty();
    assertThat(
            new StorageKey(
                    StoreLayout.refLog(Sha256.of(new byte[0]), ref) + "/" + StoreLayout.digits(0))
                .text())
        .isNotEmpty();
  }

  @Property(tries = 2_000)
  void aPathOfAFileNeverLeadsOut(@ForAll("hostile") String typed) {
    FilePath path;
    try {
      path = FilePath.of(typed);
    } catch (UserFault refused) {
      assertThat(refused.getMessage()).contains("The path \"");
      return;
    }
    assertThat(path.text().substring(1).split("/", -1)).doesNotContain("", ".", "..");
    assertThat(path.text().codePoints().filter(Character::isISOControl)).isEmpty();
  }
}
