// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.UserFault;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.UUID;

/**
 * A repo's rule of which commits keep their files: those that either number lets stay, those that a
 * tag names, and those that a kept commit was made from. Commits themselves always stay.
 *
 * @param keepLast so many of the newest commits of each branch, along first parents
 * @param keepDays commits that were stored in so many days
 * @param dropData whether trees stay, so that files are listed and compared, and only bytes go
 * @param by who made the rule
 * @param at when, by their clock
 */
public record Retention(
    OptionalInt keepLast, OptionalInt keepDays, boolean dropData, String by, Instant at) {

  /**
   * @throws UserFault if neither number is there, or one is less than 1
   */
  public Retention {
    if (keepLast.isEmpty() && keepDays.isEmpty()) {
      throw new UserFault(
          "A rule that keeps nothing is no rule.", "Say --keep-last N, --keep-days D, or both.");
    }
    requirePositive("--keep-last", keepLast);
    requirePositive("--keep-days", keepDays);
  }

  private static void requirePositive(String option, OptionalInt number) {
    if (number.isPresent() && number.getAsInt() < 1) {
      throw new UserFault(
          option + " is " + number.getAsInt() + ", and has to be 1 or more.",
          "To keep everything: beamwright set retention REPO --clear");
    }
  }

  /** The rule in words. */
  public String words() {
    StringJoiner words = new StringJoiner(", ");
    keepLast.ifPresent(n -> words.add("keep the last " + n + " of each branch"));
    keepDays.ifPresent(n -> words.add("keep " + n + " days"));
    if (dropData) {
      words.add("drop data alone");
    }
    return words.toString();
  }

  byte[] bytes() {
    ObjectNode json = CanonicalJson.object();
    keepLast.ifPresent(n -> json.put("keep_last", n));
    keepDays.ifPresent(n -> json.put("keep_days", n));
    json.put("cleared", false).put("drop_data", dropData).put("by", by).put("at", at.toString());
    return SummedJson.bytes(json.put("token", UUID.randomUUID().toString()));
  }

  static byte[] cleared(String by, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("cleared", true).put("by", by).put("at", at.toString());
    return SummedJson.bytes(json.put("token", UUID.randomUUID().toString()));
  }

  static Retention of(JsonNode json) {
    return new Retention(
        number(json, "keep_last"),
        number(json, "keep_days"),
        json.required("drop_data").booleanValue(),
        json.required("by").textValue(),
        Instant.parse(json.required("at").textValue()));
  }

  private static OptionalInt number(JsonNode json, String name) {
    return json.has(name) ? OptionalInt.of(json.required(name).intValue()) : OptionalInt.empty();
  }
}
