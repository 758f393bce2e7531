// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the log says of a list of what will be deleted.
 *
 * @param previous number of the list before it in the log, or -1
 * @param id what its parts' keys are named by
 * @param began when the collection began that wrote it, by the storage's clock: whatever was there
 *     before and is not on the list was needed then, with all that it names
 * @param grace how long it stands at least before anything on it is deleted
 * @param policy what was kept, and by whose order, for people
 * @param totals how much of each kind is on it
 * @param parts its parts, in the order of spaces and digests
 */
record ListEntry(
    long previous,
    String id,
    Instant began,
    Duration grace,
    JsonNode policy,
    Map<Space, Amount> totals,
    List<Part> parts) {

  /** No list: nothing is on it, and whatever is there is whole. */
  static final ListEntry NONE =
      new ListEntry(
          -1, "", Instant.MAX, Duration.ZERO, CanonicalJson.object(), Map.of(), List.of());

  ListEntry {
    totals = Map.copyOf(totals);
    parts = List.copyOf(parts);
    for (int i = 1; i < parts.size(); i++) {
      // Or things would be looked for in the wrong part, and not found.
      if (!parts.get(i).beginsAfter(parts.get(i - 1).space(), parts.get(i - 1).first())) {
        throw new IllegalArgumentException("parts of a list are out of order");
      }
    }
  }

  /**
   * One part.
   *
   * @param space the kind of all that is in it
   * @param first the least digest in it
   * @param count how many things
   */
  record Part(Space space, Sha256 first, int count) {

    private boolean beginsAfter(Space wanted, Sha256 id) {
      int order = space.compareTo(wanted);
      return order != 0 ? order > 0 : first.compareTo(id) > 0;
    }
  }

  /**
   * What is dated before this, was there when the collection began; of what is dated later and not
   * on the list, nobody can tell. Storages date a thing by the time when they got its bytes, and
   * show it when they are durable under their name, which a slow call puts off.
   */
  Instant allSeenBefore() {
    return began.minus(Lookout.LOOKED_EVERY);
  }

  /** Number of the part that would hold {@code id}. */
  Optional<Integer> partOf(Space space, Sha256 id) {
    int low = 0;
    int high = parts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (parts.get(middle).beginsAfter(space, id)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == 0 || parts.get(low - 1).space() != space
        ? Optional.empty()
        : Optional.of(low - 1);
  }

  void writeTo(ObjectNode json) {
    json.put("previous", previous).put("id", id).put("began", began.toString());
    json.put("grace_seconds", grace.toSeconds());
    json.set("policy", policy);
    json.set("totals", totals(totals));
    ArrayNode list = json.putArray("parts");
    for (Part part : parts) {
      ObjectNode item = list.addObject().put("space", part.space().word());
      item.put("first", part.first().hex()).put("count", part.count());
    }
  }

  private static ObjectNode totals(Map<Space, Amount> amounts) {
    ObjectNode json = CanonicalJson.object();
    for (Space space : Space.values()) {
      json.set(space.word(), amounts.getOrDefault(space, Amount.NONE).toJson());
    }
    return json;
  }

  static ListEntry of(JsonNode json) {
    Map<Space, Amount> totals = new EnumMap<>(Space.class);
    for (Space space : Space.values()) {
      totals.put(space, Amount.of(json.required("totals").required(space.word())));
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : json.required("parts")) {
      parts.add(
          new Part(
              Space.ofWord(part.required("space").textValue()),
              Sha256.parse(part.required("first").textValue()),
              part.required("count").intValue()));
    }
    return new ListEntry(
        json.required("previous").longValue(),
        json.required("id").textValue(),
        Instant.parse(json.required("began").textValue()),
        Duration.ofSeconds(json.required("grace_seconds").longValue()),
        json.required("policy"),
        totals,
        parts);
  }
}
