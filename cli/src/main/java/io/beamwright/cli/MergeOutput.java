// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.merge.Conflict;
import io.beamwright.versioning.merge.MergeOutcome;
import java.io.IOException;
import java.util.List;

/**
 * Prints how a merge or revert ended.
 *
 * @param target the branch
 * @param doing what was tried, as in "merge r@dev into r@master"
 * @param upToDate why nothing had to be done, for people
 */
record MergeOutput(Session session, Target target, String doing, String upToDate) {

  private static final int MOST_SHOWN = 20;

  Exit print(MergeOutcome outcome) {
    if (outcome instanceof MergeOutcome.Conflicting conflicting) {
      return printConflicts(conflicting);
    }
    if (session.json()) {
      session.console().document(json -> write(json, outcome, List.of()));
    } else {
      session.console().line(sentence(outcome));
    }
    return Exit.FINE;
  }

  private String sentence(MergeOutcome outcome) {
    if (outcome instanceof MergeOutcome.UpToDate) {
      return "nothing changed: " + upToDate;
    }
    String head = outcome.head().orElseThrow().brief();
    return target.ref()
        + " is now "
        + head
        + ": "
        + (outcome instanceof MergeOutcome.FastForwarded ? "went forward" : doing);
  }

  private Exit printConflicts(MergeOutcome.Conflicting conflicting) {
    List<Conflict> conflicts = conflicting.conflicts();
    StringBuilder what =
        new StringBuilder(
            "Cannot %s: %s in conflict, and nothing was changed."
                .formatted(
                    doing, conflicts.size() == 1 ? "a path is" : conflicts.size() + " paths are"));
    conflicts.stream()
        .limit(MOST_SHOWN)
        .forEach(c -> what.append("\n  %s  (%s)".formatted(c.path(), c.how().words())));
    if (conflicts.size() > MOST_SHOWN) {
      what.append(
          "\n  and %d more: --json lists them all".formatted(conflicts.size() - MOST_SHOWN));
    }
    String remedy =
        "Give --ours to keep what "
            + target.ref()
            + " has at these paths, or --theirs to take what comes in; or change them first.";
    session.console().error(what.toString(), remedy);
    if (session.json()) {
      session
          .console()
          .document(
              json -> {
                write(json, conflicting, conflicts, what.toString(), remedy);
              });
    }
    return Exit.CONFLICT;
  }

  private void write(JsonGenerator json, MergeOutcome outcome, List<Conflict> conflicts)
      throws IOException {
    json.writeStartObject();
    writeMembers(json, outcome, conflicts);
    json.writeEndObject();
  }

  private void write(
      JsonGenerator json,
      MergeOutcome outcome,
      List<Conflict> conflicts,
      String what,
      String remedy)
      throws IOException {
    json.writeStartObject();
    writeMembers(json, outcome, conflicts);
    json.writeObjectFieldStart("error");
    json.writeNumberField("exit_code", Exit.CONFLICT.code());
    json.writeStringField("what", what);
    json.writeStringField("remedy", remedy);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeMembers(JsonGenerator json, MergeOutcome outcome, List<Conflict> conflicts)
      throws IOException {
    json.writeStringField("repo", target.repo());
    json.writeStringField("branch", target.branch());
    json.writeStringField("commit", outcome.head().map(CommitId::hex).orElse(null));
    json.writeBooleanField(
        "changed",
        outcome instanceof MergeOutcome.FastForwarded || outcome instanceof MergeOutcome.Committed);
    json.writeBooleanField("fast_forward", outcome instanceof MergeOutcome.FastForwarded);
    json.writeArrayFieldStart("conflicts");
    for (Conflict conflict : conflicts) {
      json.writeStartObject();
      json.writeStringField("path", conflict.path().text());
      json.writeStringField("how", conflict.how().word());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
