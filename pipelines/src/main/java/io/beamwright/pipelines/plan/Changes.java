// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a job is not the one before: the inputs, fields of the spec, files of the code, commands of
 * the environment, mounts and versions that differ.
 */
final class Changes {

  /** So many of a kind are named. */
  private static final int MOST = 3;

  /** A name is shown with so many characters. */
  private static final int LONGEST = 60;

  private final Store store;

  Changes(Store store) {
    this.store = store;
  }

  /** Why {@code now} is to run after {@code before}, which the head of the branch was made by. */
  String why(Optional<Provenance> before, Provenance now) {
    if (before.isEmpty()) {
      return "first job of this stage";
    }
    List<String> changed = between(before.get(), now);
    return changed.isEmpty() ? "the branch moved since" : String.join("; ", changed);
  }

  private List<String> between(Provenance old, Provenance now) {
    List<String> changed = new ArrayList<>();
    for (Provenance.Input input : now.inputs()) {
      if (!old.inputs().contains(input)) {
        changed.add("input " + input.name() + " is " + input.commit().brief());
      }
    }
    if (!old.code().equals(now.code())) {
      changed.add("the code changed" + named(files(old.code(), now.code())));
    }
    if (!old.spec().equals(now.spec())) {
      changed.add("the spec changed" + named(fields(old.spec(), now.spec())));
    }
    if (!old.environment().equals(now.environment())) {
      changed.add(
          "the environment changed"
              + named(
                  differing(old.environment(), now.environment(), Provenance.Command::command)));
    }
    if (!old.mounts().equals(now.mounts())) {
      changed.add(
          "what transform.mounts shows changed"
              + named(differing(old.mounts(), now.mounts(), Provenance.Mount::path)));
    }
    List<String> steps =
        now.steps().keySet().stream()
            .filter(old.steps()::containsKey)
            .filter(step -> !Objects.equals(now.steps().get(step), old.steps().get(step)))
            .toList();
    if (!steps.isEmpty()) {
      changed.add("another version" + named(steps));
    }
    boolean hadExecutor = !old.executor().isEmpty() && !now.executor().isEmpty();
    if (hadExecutor && !old.executor().equals(now.executor())) {
      changed.add("the executor is " + now.executor() + ", was " + old.executor());
    }
    return changed;
  }

  private static String named(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String first = names.stream().limit(MOST).map(Changes::brief).collect(Collectors.joining(", "));
    return ": " + first + (names.size() > MOST ? ", …" : "");
  }

  /** For a cell of a table: commands and members of specs may hold anything. */
  private static String brief(String name) {
    String line = name.replaceAll("(?s)\\p{Cntrl}.*", "…");
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }

  private static <T> List<String> differing(
      Collection<T> old, Collection<T> now, Function<T, String> name) {
    return Stream.of(
            now.stream().filter(t -> !old.contains(t)), old.stream().filter(t -> !now.contains(t)))
        .flatMap(Function.identity())
        .map(name)
        .distinct()
        .toList();
  }

  // --- code ---

  /** Files that differ; none if there was or is no code, or that of before cannot be read. */
  private List<String> files(Optional<Sha256> old, Optional<Sha256> now) {
    if (old.isEmpty() || now.isEmpty()) {
      return List.of();
    }
    try (Stream<String> paths =
        store
            .trees()
            .open(old.get())
            .diff(store.trees().open(now.get()))
            .map(change -> change.path().text().substring(1))) {
      return paths.limit(MOST + 1L).toList();
    } catch (Fault unreadable) {
      return List.of();
    }
  }

  // --- spec ---

  private List<String> fields(Sha256 old, Sha256 now) {
    List<String> fields = new ArrayList<>();
    try {
      compare("", spec(old), spec(now), fields);
      return fields;
    } catch (Fault | JsonProcessingException unreadable) {
      return List.of();
    }
  }

  private JsonNode spec(Sha256 id) throws JsonProcessingException {
    return CanonicalJson.parse(store.files().readObject(id));
  }

  /** Adds the fields that differ, as {@code transform.cmd} or {@code input.cross[1].pfs.glob}. */
  private static void compare(String name, JsonNode old, JsonNode now, List<String> fields) {
    if (old.equals(now)) {
      return;
    }
    if (old.isObject() && now.isObject()) {
      SortedSet<String> members = new TreeSet<>();
      old.fieldNames().forEachRemaining(members::add);
      now.fieldNames().forEachRemaining(members::add);
      for (String member : members) {
        String path = name.isEmpty() ? member : name + "." + member;
        compare(path, old.path(member), now.path(member), fields);
      }
    } else if (old.isArray() && now.isArray() && old.size() == now.size()) {
      for (int i = 0; i < now.size(); i++) {
        compare(name + "[" + i + "]", old.get(i), now.get(i), fields);
      }
    } else {
      fields.add(name + line(old, now));
    }
  }

  /** In a text of several lines, the first that differs. */
  private static String line(JsonNode old, JsonNode now) {
    if (!old.isTextual() || !now.isTextual()) {
      return "";
    }
    List<String> before = old.textValue().lines().toList();
    List<String> after = now.textValue().lines().toList();
    if (after.size() < 2) {
      return "";
    }
    int line = 0;
    while (line < before.size()
        && line < after.size()
        && before.get(line).equals(after.get(line))) {
      line++;
    }
    return line == Math.max(before.size(), after.size()) ? "" : " line " + (line + 1);
  }
}
