// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.Reprocess;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.MissingRef;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.result.KnownResults;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pins the inputs of a stage to commits, finds its datums, and says which of them must run. */
public final class Planner {

  private final RunContext context;
  private final Store store;
  private final Changes changes;

  /** Plans stages of the run {@code context}. */
  public Planner(RunContext context) {
    this.context = context;
    this.store = context.store();
    this.changes = new Changes(store);
  }

  /**
   * Plans {@code stage}.
   *
   * @param upstream the commits that this run's own jobs made or reused, by repo and branch as
   *     {@code repo@branch}; every other input is read from its branch
   * @return {@link Plan.Unrunnable} if nobody made a branch yet that it reads
   */
  public Plan pin(Stage stage, Map<String, CommitId> upstream) {
    List<PinnedInput> inputs = new ArrayList<>();
    try {
      stage.inputs().forEach(leaf -> inputs.add(pin(leaf, upstream)));
    } catch (MissingRef missing) {
      return new Plan.Unrunnable(stage.name(), missing.getMessage() + " " + missing.remedy());
    }
    return pin(stage, inputs);
  }

  private Plan pin(Stage stage, List<PinnedInput> inputs) {
    PipelineSpec spec = stage.spec();
    Recipe recipe = Recipe.of(stage, context);
    Sha256 jobKey = jobKey(spec, recipe, inputs);
    Optional<Repo> repo = store.repos().find(spec.name());
    RefHead head = head(repo, spec);
    requireBranch(spec, head);
    Optional<Commit> before = head.commit().map(store.commits()::read);
    Optional<Provenance> made = before.flatMap(Commit::provenance);
    if (made.isPresent() && made.get().jobKey().equals(jobKey)) {
      boolean isOfThisRun = made.get().run().equals(context.run());
      return new Plan.Reuse(
          spec.name(),
          isOfThisRun ? changes.why(parentProvenance(before.get()), made.get()) : "nothing changed",
          made.get().job(),
          head.commit().orElseThrow(),
          isOfThisRun);
    }
    recipe.requireRunnable();
    Repo output =
        store
            .repos()
            .createIfAbsent(
                spec.name(),
                "Made by the pipeline " + spec.name(),
                context.author(),
                context.time());
    Sha256 job = job(jobKey, output, spec, head);
    Provenance provenance = provenance(spec, recipe, inputs, job, jobKey);
    String why = changes.why(made, provenance);
    return plan(spec, recipe, inputs, output, head.commit(), provenance, why);
  }

  private Optional<Provenance> parentProvenance(Commit commit) {
    return commit.parents().stream()
        .findFirst()
        .map(store.commits()::read)
        .flatMap(Commit::provenance);
  }

  private PinnedInput pin(PfsInput leaf, Map<String, CommitId> upstream) {
    String branch = leaf.repo() + "@" + leaf.branch();
    CommitId made = upstream.get(branch);
    PinnedInput input =
        new PinnedInput(
            leaf,
            made != null
                ? store.history().read(made)
                : store.history().resolve(Revision.parse(branch)));
    store.droppedCommits().refuseWithoutBytes(input.commit().id());
    return input;
  }

  private Plan plan(
      PipelineSpec spec,
      Recipe recipe,
      List<PinnedInput> inputs,
      Repo output,
      Optional<CommitId> head,
      Provenance provenance,
      String why) {
    Sha256 key = datumTransformKey(spec, recipe, provenance.job());
    KnownResults known = store.results().known();
    try (Packer packer = store.packer()) {
      Segments.Writer all = new Segments.Writer(packer);
      Segments.Writer todo = new Segments.Writer(packer);
      Counts counts = new Counts();
      CommitMatches matches = new CommitMatches(store.trees(), inputs);
      new Datums(key, matches)
          .find(
              spec,
              datum -> {
                all.add(datum);
                counts.datums++;
                if (known.find(datum.key()).isEmpty()) {
                  todo.add(datum);
                  counts.toRun++;
                }
              });
      JobPlan ours =
          new JobPlan(
              output.name(),
              output.id(),
              spec.outputBranch(),
              head,
              context.author(),
              context.time(),
              message(spec),
              provenance,
              all.finish(),
              counts.datums);
      ours.segments().forEach(store.session()::useFile);
      provenance.code().ifPresent(store.session()::useTree);
      store.session().useObject(provenance.spec());
      var unused = store.jobs().fixPlan(provenance.job(), ours.toJson());
      return new Plan.Run(
          spec.name(),
          why,
          ours,
          recipe.work(),
          context.runners().use(spec.runner()),
          todo.finish(),
          counts.toRun,
          notes(recipe, matches));
    }
  }

  private static List<String> notes(Recipe recipe, CommitMatches matches) {
    List<String> notes = new ArrayList<>(recipe.notes());
    notes.addAll(matches.globsWithoutMatch());
    return notes;
  }

  private static final class Counts {
    private long datums;
    private long toRun;
  }

  private static String message(PipelineSpec spec) {
    return spec.description().isEmpty()
        ? "Made by the pipeline " + spec.name()
        : spec.description();
  }

  private static void requireBranch(PipelineSpec spec, RefHead head) {
    if (head.is(RefKind.TAG)) {
      throw new UserFault(
          "The stage "
              + spec.name()
              + " writes to "
              + spec.name()
              + "@"
              + head.name()
              + ", which is a tag, and tags do not move.",
          "Name another output_branch, or delete the tag.");
    }
  }

  private RefHead head(Optional<Repo> repo, PipelineSpec spec) {
    return repo.map(r -> store.repos().refs(r).head(spec.outputBranch()))
        .orElseGet(() -> new RefHead(spec.outputBranch(), -1, Optional.empty(), Optional.empty()));
  }

  // --- keys ---

  private static Sha256 datumTransformKey(PipelineSpec spec, Recipe recipe, Sha256 job) {
    if (spec.reprocess() == Reprocess.UNTIL_SUCCESS) {
      return recipe.key();
    }
    return CanonicalJson.digest(
        CanonicalJson.object().put("transform", recipe.key().hex()).put("job", job.hex()));
  }

  private static Sha256 jobKey(PipelineSpec spec, Recipe recipe, List<PinnedInput> inputs) {
    ObjectNode key = CanonicalJson.object();
    key.set("spec", spec.jobKeyPart());
    key.put("transform", recipe.key().hex());
    ArrayNode commits = key.putArray("inputs");
    inputs.forEach(input -> commits.add(input.commit().id().hex()));
    return CanonicalJson.digest(key);
  }

  /** Two submitters that see the branch at the same place submit the same job. */
  private static Sha256 job(Sha256 jobKey, Repo output, PipelineSpec spec, RefHead head) {
    ObjectNode id = CanonicalJson.object();
    id.put("key", jobKey.hex()).put("repo", output.id().hex()).put("branch", spec.outputBranch());
    id.put("head", head.commit().map(CommitId::hex).orElse(""));
    return CanonicalJson.digest(id);
  }

  private Provenance provenance(
      PipelineSpec spec, Recipe recipe, List<PinnedInput> inputs, Sha256 job, Sha256 jobKey) {
    return new Provenance(
        inputs.stream().map(PinnedInput::provenance).toList(),
        storeSpec(spec),
        recipe.code(),
        recipe.environment(),
        recipe.mounts(),
        recipe.versions(),
        context.engine(),
        context.runners().use(spec.runner()).name(),
        recipe.executor(),
        context.run(),
        job,
        jobKey,
        spec.name());
  }

  private Sha256 storeSpec(PipelineSpec spec) {
    byte[] text = spec.submitted().getBytes(StandardCharsets.UTF_8);
    try (Packer packer = store.packer()) {
      StoredFile unused = packer.addWhole(Content.of(text)).stored();
      return Sha256.of(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
