// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contexts of a user: the file {@code $BEAMWRIGHT_CONTEXTS}, or else {@code
 * beamwright/contexts.json} in {@code $XDG_CONFIG_HOME} or {@code ~/.config}.
 */
final class Contexts {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ROOT = "contexts";

  private final Path file;

  Contexts(Map<String, String> environment) {
    this.file = file(environment);
  }

  private static Path file(Map<String, String> environment) {
    return named(environment, "BEAMWRIGHT_CONTEXTS")
        .orElseGet(
            () ->
                named(environment, "XDG_CONFIG_HOME")
                    .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".config"))
                    .resolve("beamwright")
                    .resolve("contexts.json"));
  }

  private static Optional<Path> named(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(s -> !s.isEmpty()).map(Path::of);
  }

  /** All of them, by name. */
  SortedMap<String, NamedContext> all() {
    SortedMap<String, NamedContext> all = new TreeMap<>();
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file)).path(ROOT);
      json.properties()
          .forEach(entry -> all.put(entry.getKey(), NamedContext.of(entry.getValue())));
      return all;
    } catch (NoSuchFileException e) {
      return all;
    } catch (JsonProcessingException e) {
      throw new UserFault(
          "The file of contexts " + file + " is not JSON: " + e.getOriginalMessage(),
          "Correct it, or delete it and add the contexts again.");
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The file of contexts " + file + " cannot be read: " + e.getMessage(),
          "Check its permissions, or name another by BEAMWRIGHT_CONTEXTS.",
          e);
    }
  }

  /**
   * The context {@code name}.
   *
   * @throws UserFault if there is none
   */
  NamedContext require(String name) {
    SortedMap<String, NamedContext> all = all();
    return Optional.ofNullable(all.get(name))
        .orElseThrow(
            () ->
                new UserFault(
                    "There is no context \"" + name + "\" in " + file + ".",
                    NearMiss.sentence(name, all.keySet(), "beamwright context list")));
  }

  /**
   * Adds a context.
   *
   * @throws ConflictFault if there is one of the name
   */
  void add(String name, NamedContext context) {
    SortedMap<String, NamedContext> all = all();
    if (all.putIfAbsent(name, context) != null) {
      throw new ConflictFault(
          "There is a context \"" + name + "\" already in " + file + ".",
          "Delete it first: beamwright context delete " + name);
    }
    write(all);
  }

  /**
   * Deletes a context, and returns it.
   *
   * @throws UserFault if there is none
   */
  NamedContext delete(String name) {
    NamedContext deleted = require(name);
    SortedMap<String, NamedContext> all = all();
    all.remove(name);
    write(all);
    return deleted;
  }

  // Whoever reads meanwhile reads the old file or the new one.
  private void write(SortedMap<String, NamedContext> all) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path next = Files.createTempFile(folder, "contexts", ".json");
      try (JsonGenerator json =
          new JsonFactory()
              .createGenerator(next.toFile(), JsonEncoding.UTF8)
              .useDefaultPrettyPrinter()) {
        json.writeStartObject();
        json.writeObjectFieldStart(ROOT);
        for (Map.Entry<String, NamedContext> context : all.entrySet()) {
          json.writeObjectFieldStart(context.getKey());
          context.getValue().writeTo(json);
          json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      var unused = Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The file of contexts " + file + " cannot be written: " + e.getMessage(),
          "Check the permissions of its folder, or name another by BEAMWRIGHT_CONTEXTS.",
          e);
    }
  }
}
