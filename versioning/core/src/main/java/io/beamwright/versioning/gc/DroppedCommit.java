// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is written down of a commit whose files are let go, before any of them goes.
 *
 * @param commit the commit
 * @param repo name of its repo
 * @param what what goes
 * @param rule by which rule, in words
 * @param by who made the rule, or the collection if there is none
 * @param at when it was written down
 */
public record DroppedCommit(
    CommitId commit, String repo, What what, String rule, String by, Instant at) {

  /** What goes of a commit. */
  public enum What {
    /** Its trees and the bytes of its files. */
    TREE("tree"),
    /** The bytes of its files alone. */
    DATA("data");

    private final String word;

    What(String word) {
      this.word = word;
    }

    /** The word for it in the store. */
    public String word() {
      return word;
    }

    static What ofWord(String word) {
      return word.equals(DATA.word) ? DATA : TREE;
    }
  }

  /** The fault of whoever wants the files. */
  public UserFault fault() {
    return new UserFault(
        "The files of commit "
            + commit.brief()
            + " of "
            + repo
            + " were dropped on "
            + at.truncatedTo(ChronoUnit.SECONDS)
            + " by the rule of "
            + by
            + ": "
            + rule
            + ".",
        "Name a newer commit: beamwright list commit "
            + repo
            + "; a commit that a stage made can be made again from its inputs.");
  }

  byte[] bytes() {
    ObjectNode json = CanonicalJson.object();
    json.put("commit", commit.hex()).put("repo", repo).put("what", what.word());
    json.put("rule", rule).put("by", by).put("at", at.toString());
    return SummedJson.bytes(json);
  }

  static DroppedCommit of(JsonNode json) {
    return new DroppedCommit(
        CommitId.parse(json.required("commit").textValue()),
        json.required("repo").textValue(),
        What.ofWord(json.required("what").textValue()),
        json.required("rule").textValue(),
        json.required("by").textValue(),
        Instant.parse(json.required("at").textValue()));
  }
}
