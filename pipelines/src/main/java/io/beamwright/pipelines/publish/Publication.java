// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.result.DatumResult;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** How a job ended. */
public sealed interface Publication {

  /** What {@code cases} says of this kind. */
  <T> T match(Cases<T> cases);

  /** A value for each kind: who adds a kind is told by the compiler what else has to know it. */
  interface Cases<T> {
    T published(Published published);

    T superseded(Superseded superseded);

    T incomplete(Incomplete incomplete);

    T refused(Refused refused);

    T broken(Broken broken);

    T killed(Killed killed);
  }

  /**
   * As it is kept in the job's log: {@code state} is {@code SUCCESS}, {@code FAILURE} or {@code
   * KILLED}.
   */
  ObjectNode toJson();

  /**
   * The commit is the head of its branch, or was. The job made it, or one of the same inputs and
   * code that was there first.
   */
  record Published(CommitId commit) implements Publication {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.published(this);
    }

    @Override
    public ObjectNode toJson() {
      return CanonicalJson.object().put("state", "SUCCESS").put("commit", commit.hex());
    }
  }

  /**
   * The branch holds a commit of newer inputs, so it stays there; the commit is found by its job.
   */
  record Superseded(CommitId commit, CommitId head) implements Publication {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.superseded(this);
    }

    @Override
    public ObjectNode toJson() {
      return CanonicalJson.object()
          .put("state", "SUCCESS")
          .put("commit", commit.hex())
          .put("head", head.hex());
    }
  }

  /**
   * Some datums have no result; nothing was committed.
   *
   * @param missing how many
   * @param examples the results of up to ten datums that failed
   */
  record Incomplete(long missing, List<DatumResult> examples) implements Publication {
    public Incomplete {
      examples = List.copyOf(examples);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.incomplete(this);
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode json = CanonicalJson.object().put("state", "FAILURE").put("failed", missing);
      ArrayNode array = json.putArray("examples");
      examples.forEach(result -> array.add(result.toJson()));
      return json;
    }
  }

  /** Datums contradict each other, such as two that wrote one path; nothing was committed. */
  record Refused(String what, String remedy) implements Publication {

    public Refused {
      what = Screen.of(what);
      remedy = Screen.of(remedy);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.refused(this);
    }

    @Override
    public ObjectNode toJson() {
      return CanonicalJson.object()
          .put("state", "FAILURE")
          .put("reason", what)
          .put("remedy", remedy);
    }
  }

  /**
   * Something else than its data ended it: the machine, the store, or our bug. Nothing was
   * committed, and the results that it has are kept.
   */
  record Broken(String what, String remedy) implements Publication {

    public Broken {
      what = Screen.of(what);
      remedy = Screen.of(remedy);
    }

    /** By what was {@code thrown}. */
    public static Broken by(Throwable thrown) {
      if (thrown instanceof Fault fault) {
        return new Broken(String.valueOf(fault.getMessage()), fault.remedy());
      }
      return thrown instanceof UncheckedIOException || thrown instanceof OutOfMemoryError
          ? new Broken("The machine failed: " + thrown, "Run again.")
          : new Broken("This is a bug in Beamwright: " + thrown, "Please report it.");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.broken(this);
    }

    @Override
    public ObjectNode toJson() {
      return CanonicalJson.object()
          .put("state", "FAILURE")
          .put("reason", what)
          .put("remedy", remedy)
          .put("broken", true);
    }
  }

  /** Somebody ended it; nothing was committed, and the results that it has are kept. */
  record Killed(String by) implements Publication {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.killed(this);
    }

    @Override
    public ObjectNode toJson() {
      return CanonicalJson.object().put("state", "KILLED").put("by", by);
    }
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Publication of(JsonNode json) {
    if (json.required("state").asText().equals("KILLED")) {
      return new Killed(text(json, "by"));
    }
    if (json.required("state").asText().equals("SUCCESS")) {
      CommitId commit = CommitId.parse(json.required("commit").textValue());
      return json.has("head")
          ? new Superseded(commit, CommitId.parse(json.required("head").textValue()))
          : new Published(commit);
    }
    if (json.has("reason")) {
      String what = text(json, "reason");
      String remedy = text(json, "remedy");
      return json.path("broken").asBoolean() ? new Broken(what, remedy) : new Refused(what, remedy);
    }
    List<DatumResult> examples = new ArrayList<>();
    json.required("examples").forEach(result -> examples.add(DatumResult.of(result)));
    return new Incomplete(json.required("failed").longValue(), examples);
  }

  private static String text(JsonNode json, String name) {
    JsonNode text = json.required(name);
    if (!text.isTextual()) {
      throw new IllegalArgumentException(name + " is no text: " + text);
    }
    return text.textValue();
  }
}
