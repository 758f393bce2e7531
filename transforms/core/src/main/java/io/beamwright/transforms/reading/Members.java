// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.fault.UserFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads members of a JSON object; what is not as it must be is a user's fault with its name.
 *
 * @param object the object
 * @param who what messages begin with
 * @param prefix what stands before each member's name in messages, such as {@code columns/0/}
 */
record Members(JsonNode object, String who, String prefix) {

  private static final int LAST_ASCII = 0x7f;

  void allow(String... names) {
    for (Iterator<String> given = object.fieldNames(); given.hasNext(); ) {
      String name = given.next();
      if (!Arrays.asList(names).contains(name)) {
        throw new UserFault(
            who + " has no \"" + prefix + name + "\".",
            "It may have " + String.join(", ", names) + ".");
      }
    }
  }

  JsonNode node(String name) {
    return object.path(name);
  }

  Optional<String> text(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(wellFormed(name, value, "is a text"));
  }

  String requiredText(String name) {
    return text(name)
        .orElseThrow(() -> new MemberFault(who, prefix + name, "is missing.", "Give it a text."));
  }

  Optional<Character> character(String name) {
    Optional<String> text = text(name);
    if (text.isPresent() && !isUsable(text.get())) {
      throw wrong(name, "is one character of ASCII, and no line end");
    }
    return text.map(one -> one.charAt(0));
  }

  private static boolean isUsable(String text) {
    return text.length() == 1
        && text.charAt(0) <= LAST_ASCII
        && text.charAt(0) > 0
        && !"\r\n".contains(text);
  }

  /** A number from 0; 0 if there is none. */
  int count(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw wrong(name, "is a number of lines, 0 or more");
    }
    return value.intValue();
  }

  /** A list of texts; one text alone is a list of one. */
  List<String> texts(String name) {
    JsonNode value = object.path(name);
    List<String> texts = new ArrayList<>();
    if (value.isTextual()) {
      texts.add(wellFormed(name, value, "is a list of texts"));
      return texts;
    }
    for (JsonNode element : arrayOrNothing(name, value)) {
      texts.add(wellFormed(name, element, "is a list of texts"));
    }
    return texts;
  }

  List<Members> objects(String name) {
    List<Members> objects = new ArrayList<>();
    for (JsonNode element : arrayOrNothing(name, object.path(name))) {
      String place = prefix + name + "/" + objects.size();
      if (!element.isObject()) {
        throw wrong(place, element, "is an object");
      }
      objects.add(new Members(element, who, place + "/"));
    }
    return objects;
  }

  private JsonNode arrayOrNothing(String name, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
      throw wrong(name, "is a list");
    }
    return value;
  }

  /** Half of a surrogate pair, which JSON can escape, is no character of any file. */
  private String wellFormed(String name, JsonNode value, String rule) {
    if (!value.isTextual() || !StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue())) {
      throw wrong(prefix + name, object.path(name), rule);
    }
    return value.textValue();
  }

  /** The fault that this member breaks a rule. */
  UserFault wrong(String name, String rule) {
    return wrong(prefix + name, object.path(name), rule);
  }

  private UserFault wrong(String member, JsonNode value, String rule) {
    return new MemberFault(who, member, "is " + value + ".", "\"" + member + "\" " + rule + ".");
  }
}
