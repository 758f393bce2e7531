// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the contract does to a storage from a process of its own. */
final class StorageProcess {

  private static final long LAST = 999_999;

  private StorageProcess() {}

  /**
   * {@code race STORAGE KEYS TOKEN}, {@code append STORAGE ENTRIES TOKEN} or {@code big STORAGE KEY
   * BYTES}.
   */
  public static void main(String[] words) throws IOException {
    try (Storage storage = location(words[1]).open()) {
      System.out.println("ready");
      awaitStart();
      switch (words[0]) {
        case "race" -> race(storage, Integer.parseInt(words[2]), words[3]);
        case "append" -> append(storage, Integer.parseInt(words[2]), words[3]);
        case "big" -> createBig(storage, words[2], Long.parseLong(words[3]));
        default -> throw new IllegalArgumentException(words[0]);
      }
    }
  }

  /** {@code location} as one word of a command line: its URI and its options, by blanks. */
  static String word(StorageLocation location) {
    return location.options().entrySet().stream()
        .map(option -> " " + option.getKey() + "=" + option.getValue())
        .collect(Collectors.joining("", location.root().toString(), ""));
  }

  /** What {@link #word} wrote. */
  static StorageLocation location(String word) {
    List<String> words = List.of(word.split(" "));
    return StorageLocation.parse(
        words.get(0),
        words.stream()
            .skip(1)
            .map(option -> option.split("=", 2))
            .collect(Collectors.toMap(option -> option[0], option -> option[1])));
  }

  private static void awaitStart() throws IOException {
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
  }

  static StorageKey raceKey(int number) {
    return StorageKey.of("race", "folder-" + number / 10, "key-" + number);
  }

  // Prints the number of every key that it won.
  private static void race(Storage storage, int keys, String token) {
    for (int i = 0; i < keys; i++) {
      if (storage.createIfAbsent(raceKey(i), text(token)) == Creation.CREATED) {
        System.out.println(i);
      }
    }
  }

  /** The key of an entry: as in a store's logs, the newest comes first. */
  static StorageKey entryKey(long number) {
    String digits = String.format("%06d", LAST - number);
    return StorageKey.of("log", digits.substring(0, 3), digits.substring(3));
  }

  // Prints the number of every entry that it created.
  private static void append(Storage storage, int entries, String token) {
    for (int i = 0; i < entries; i++) {
      long number = newest(storage) + 1;
      while (storage.createIfAbsent(entryKey(number), text(token + "-" + i)) == Creation.EXISTS) {
        number++;
      }
      System.out.println(number);
    }
  }

  private static long newest(Storage storage) {
    List<Listed> head = storage.list("log/", Optional.empty(), 1);
    return head.isEmpty()
        ? -1
        : LAST - Long.parseLong(head.get(0).key().text().substring(4).replace("/", ""));
  }

  private static void createBig(Storage storage, String key, long bytes) {
    System.out.println(storage.createIfAbsent(new StorageKey(key), new PatternContent(bytes, 1)));
  }

  static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
