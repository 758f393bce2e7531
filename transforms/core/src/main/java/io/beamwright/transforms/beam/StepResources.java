// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads the descriptions of steps that a build left in its jars; {@link StepsJson} wrote them. */
final class StepResources {

  static final String RESOURCE = "META-INF/beamwright/steps.json";

  /** A resource that does not hold what it should; the message is a clause. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private StepResources() {}

  static List<StepDescription> read(ClassLoader loader) {
    Map<String, URL> described = new TreeMap<>();
    List<StepDescription> steps = new ArrayList<>();
    for (URL resource : resources(loader)) {
      for (StepDescription step : steps(resource)) {
        URL earlier = described.putIfAbsent(step.name(), resource);
        if (earlier != null) {
          throw new EnvironmentFault(
              "The step "
                  + step.name()
                  + " is declared by "
                  + earlier
                  + " and by "
                  + resource
                  + ".",
              "Take one of the two jars off the class path.");
        }
        steps.add(step);
      }
    }
    return steps;
  }

  private static List<URL> resources(ClassLoader loader) {
    try {
      return Collections.list(loader.getResources(RESOURCE));
    } catch (IOException e) {
      throw unreadable("on the class path", String.valueOf(e.getMessage()), e);
    }
  }

  private static List<StepDescription> steps(URL resource) {
    try (InputStream in = resource.openStream()) {
      List<StepDescription> steps = new ArrayList<>();
      // Where jars were made one, what each of them had follows on what the one before had.
      for (JsonNode document : CanonicalJson.parseAll(in.readAllBytes())) {
        for (JsonNode step : array(document, "steps")) {
          steps.add(step(step));
        }
      }
      return steps;
    } catch (JsonProcessingException e) {
      throw unreadable(resource.toString(), e.getOriginalMessage(), e);
    } catch (IOException | Malformed e) {
      throw unreadable(resource.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  private static StepDescription step(JsonNode step) throws Malformed {
    List<ConfigField> config = new ArrayList<>();
    for (JsonNode field : array(step, "config")) {
      config.add(
          new ConfigField(
              text(field, "name"),
              types(text(field, "type")),
              field.path("required").asBoolean(),
              text(field, "description")));
    }
    return new StepDescription(
        text(step, "name"),
        text(step, "version"),
        constant(Takes.class, text(step, "inputs")),
        text(step, "description"),
        config);
  }

  private static List<JsonType> types(String words) throws Malformed {
    List<JsonType> types = new ArrayList<>();
    for (String word : words.split("\\|", -1)) {
      types.add(constant(JsonType.class, word));
    }
    return types;
  }

  private static JsonNode array(JsonNode object, String name) throws Malformed {
    if (!object.path(name).isArray()) {
      throw new Malformed("\"" + name + "\" is not a list");
    }
    return object.path(name);
  }

  private static String text(JsonNode object, String name) throws Malformed {
    if (!object.path(name).isTextual()) {
      throw new Malformed("\"" + name + "\" is not a string");
    }
    return object.path(name).textValue();
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word) throws Malformed {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw new Malformed("\"" + word + "\" is not a word for " + type.getSimpleName());
  }

  private static EnvironmentFault unreadable(String where, String why, Exception cause) {
    return new EnvironmentFault(
        RESOURCE + " of " + where + " cannot be read: " + why + ".",
        "Build the jar again, or take it off the class path.",
        cause);
  }
}
