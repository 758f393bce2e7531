// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.gc.Amount;
import io.beamwright.versioning.gc.Collection;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.DroppedCommit;
import io.beamwright.versioning.gc.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gc}. */
@Command(
    name = "gc",
    description = {
      "Collect garbage: what no branch, tag, run or kept commit needs.",
      "A first run lists it; one that comes the grace later deletes what is on the list and still"
          + " not needed, and lists anew. Anybody may read and write meanwhile."
    })
final class GcCommand implements Subcommand {

  @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--grace",
      paramLabel = "D",
      description =
          "How long a list stands before it is deleted, as 90m, 24h or 2d (default: 24h).")
  private @Nullable String grace;

  @Option(
      names = "--keep-refs",
      paramLabel = "D",
      description = "For how long what a branch or tag named before is kept (default: 7d).")
  private @Nullable String keepRefs;

  @Option(
      names = "--keep-results",
      paramLabel = "D",
      description =
          "For how long results of datums are kept that are part of no commit (default: 7d).")
  private @Nullable String keepResults;

  @Option(
      names = "--rewrite-below",
      paramLabel = "P",
      defaultValue = "" + Policy.REWRITE_BELOW,
      description =
          "Rewrite packs of which less than P percent are needed; 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private int rewriteBelow = Policy.REWRITE_BELOW;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Exit run(Session session) {
    Duration least = requireGrace(span("--grace", grace, Policy.GRACE));
    Duration ofRefs = span("--keep-refs", keepRefs, Policy.WINDOW);
    Duration ofResults = span("--keep-results", keepResults, Policy.WINDOW);
    Policy policy = new Policy(least, ofRefs, ofResults, requirePercent(), session.author());
    if (!policy.window().equals(ofRefs)) {
      warnOfRaised(session.console(), "--keep-refs", keepRefs);
    }
    if (!policy.keepResults().equals(ofResults)) {
      warnOfRaised(session.console(), "--keep-results", keepResults);
    }
    try (Store store = session.openStore()) {
      Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
      Collector collector = new Collector(store, policy, scratch);
      Collection done = dryRun ? collector.dryRun() : collector.collect();
      if (!dryRun && done.waiting().isPresent()) {
        throw tooEarly(done.waiting().get());
      }
      if (session.json()) {
        session.console().document(json -> write(json, done));
      } else {
        print(session.console(), done);
      }
      return Exit.FINE;
    }
  }

  private Duration span(String option, @Nullable String typed, Duration otherwise) {
    try {
      return typed == null ? otherwise : Times.span(typed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          option + " is \"" + typed + "\", which is no span of time: write 90m, 24h or 2d.",
          e);
    }
  }

  private void warnOfRaised(Console console, String option, @Nullable String typed) {
    console.warning(
        option
            + (typed == null ? " (7d)" : " " + typed)
            + " is raised to the grace, "
            + (grace == null ? "24h" : grace)
            + ": what goes has been on a list for so long.");
  }

  private Duration requireGrace(Duration span) {
    if (span.compareTo(Policy.SHORTEST_GRACE) < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--grace is "
              + grace
              + ", and has to be "
              + Policy.SHORTEST_GRACE.toMinutes()
              + "m or more: writers look that often whether there is a list.");
    }
    return span;
  }

  private int requirePercent() {
    if (rewriteBelow < 0 || rewriteBelow > 100) {
      throw new ParameterException(
          spec.commandLine(), "--rewrite-below is " + rewriteBelow + ", and not 0 to 100.");
    }
    return rewriteBelow;
  }

  private static ConflictFault tooEarly(Collection.Waiting waiting) {
    return new ConflictFault(
        "There is a list of what will be deleted already, with "
            + total(waiting.totals())
            + ", and its grace is not over.",
        "Run gc again from "
            + Times.time(waiting.sweepFrom())
            + " on. A list keeps the grace that it was made with, whatever --grace says later.");
  }

  private static String total(Map<String, Amount> amounts) {
    return words(amounts.values().stream().reduce(Amount.NONE, Amount::plus));
  }

  private static String words(Amount amount) {
    return amount.things() + " things of " + amount.bytes() + " bytes";
  }

  // --- text ---

  private void print(Console console, Collection done) {
    String will = dryRun ? "would be " : "";
    done.waiting()
        .ifPresent(
            waiting ->
                console.line(
                    "listed already: "
                        + total(waiting.totals())
                        + "; deleted by a gc from "
                        + Times.time(waiting.sweepFrom())
                        + " on"));
    done.withdrawn()
        .ifPresent(
            how ->
                console.line(
                    "the list of before " + will + "given up, nothing on it deleted: " + how));
    done.swept()
        .ifPresent(
            swept -> {
              console.line(will + "deleted: " + total(swept.deleted()));
              amounts(console, swept.deleted());
              if (swept.cameBack() > 0) {
                console.line("  listed, and needed again: " + swept.cameBack() + " things");
              }
            });
    done.listed().ifPresent(listed -> print(console, will, listed));
    if (done.waiting().isEmpty() && done.listed().isEmpty()) {
      console.line("nothing to list: everything is needed");
    }
  }

  private static void print(Console console, String will, Collection.Listed listed) {
    console.line(will + "listed: " + total(listed.totals()));
    amounts(console, listed.totals());
    listed
        .commitsByRepo()
        .forEach((repo, count) -> console.line("  of " + repo + ": " + count + " commits"));
    for (DroppedCommit commit : listed.letGo()) {
      console.line(
          "  the files of "
              + commit.commit().brief()
              + " of "
              + commit.repo()
              + ": "
              + commit.rule());
    }
    if (listed.rewritten().things() > 0) {
      console.line("  packs rewritten, mostly dead: " + words(listed.rewritten()));
    }
    console.line("a gc deletes it from " + Times.time(listed.sweepFrom()) + " on");
  }

  private static void amounts(Console console, Map<String, Amount> amounts) {
    amounts.forEach(
        (kind, amount) -> {
          if (amount.things() > 0) {
            console.line("  " + kind + ": " + words(amount));
          }
        });
  }

  // --- JSON ---

  private void write(JsonGenerator json, Collection done) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("dry_run", dryRun);
    if (done.waiting().isPresent()) {
      json.writeObjectFieldStart("waiting");
      write(json, "totals", done.waiting().get().totals());
      json.writeStringField("delete_from", done.waiting().get().sweepFrom().toString());
      json.writeEndObject();
    }
    if (done.withdrawn().isPresent()) {
      json.writeStringField("withdrawn", done.withdrawn().get());
    }
    if (done.swept().isPresent()) {
      json.writeObjectFieldStart("deleted");
      write(json, "totals", done.swept().get().deleted());
      json.writeNumberField("needed_again", done.swept().get().cameBack());
      json.writeEndObject();
    }
    if (done.listed().isPresent()) {
      write(json, done.listed().get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Collection.Listed listed) throws IOException {
    json.writeObjectFieldStart("listed");
    write(json, "totals", listed.totals());
    json.writeObjectFieldStart("commits_by_repo");
    for (Map.Entry<String, Long> repo : listed.commitsByRepo().entrySet()) {
      json.writeNumberField(repo.getKey(), repo.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("dropped");
    for (DroppedCommit commit : listed.letGo()) {
      json.writeStartObject();
      json.writeStringField("commit", commit.commit().hex());
      json.writeStringField("repo", commit.repo());
      json.writeStringField("what", commit.what().word());
      json.writeStringField("rule", commit.rule());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("packs_rewritten");
    write(json, listed.rewritten());
    json.writeStringField("delete_from", listed.sweepFrom().toString());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, Amount> amounts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Amount> amount : amounts.entrySet()) {
      json.writeFieldName(amount.getKey());
      write(json, amount.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Amount amount) throws IOException {
    json.writeStartObject();
    json.writeNumberField("things", amount.things());
    json.writeNumberField("bytes", amount.bytes());
    json.writeEndObject();
  }
}
