// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.OverlayStorage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.ChildJvm;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stage of 200,000 datums is planned in little memory and is no larger a graph than one of two.
 */
class LargePlanTest {

  private static final int MANY = 200_000;

  private static final String COPY =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "REPO", "glob": "/*"}},
       "transform": {"cmd": ["cp", "-r", "/pfs/REPO/.", "/pfs/out"]}}
      """;

  @TempDir static Path temp;

  @BeforeAll
  static void putManyFiles() throws IOException {
    try (Workshop workshop = Workshop.in(temp)) {
      workshop.put("few", Map.of("/1", "1", "/2", "2"));
      put(workshop.store(), "many", MANY);
    }
  }

  private static void put(Store store, String name, int files) throws IOException {
    Repo repo = store.repos().create(name, "", "tester", Instant.now());
    List<FilePath> paths = new ArrayList<>();
    List<PendingFile> contents = new ArrayList<>();
    try (Packer packer = store.packer()) {
      for (int i = 0; i < files; i++) {
        paths.add(new FilePath("/file-%06d".formatted(i)));
        contents.add(packer.add(Content.of(Integer.toString(i).getBytes(UTF_8))));
      }
      packer.flush();
    }
    List<FileEntry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      entries.add(FileEntry.of(paths.get(i), false, contents.get(i).stored()));
    }
    var unused =
        new Committer(store, "tester", Instant.now())
            .commit(
                repo,
                Revision.DEFAULT_BRANCH,
                "put",
                Committer.Empty.ALLOWED,
                before -> store.trees().build(entries.iterator()));
  }

  /** Plans in a process of its own: {@code URI}, a folder, and a spec. */
  static final class Planning {
    private Planning() {}

    public static void main(String[] words) {
      try (Workshop workshop = new Workshop(words[0], Path.of(words[1]))) {
        Plan plan =
            new Corridor(
                    trial(workshop.newRun(), words[0]),
                    runner -> {
                      throw new IllegalStateException("a dry run runs nothing");
                    },
                    RunEvents.NONE)
                .dryRun(workshop.pipeline(words[2]))
                .get(0);
        System.out.println(((Plan.Run) plan).toRun() + " of " + ((Plan.Run) plan).job().datums());
      }
    }

    private static RunContext trial(RunContext run, String uri) {
      return new RunContext(
          Store.open(new OverlayStorage(StorageLocation.parse(uri).open())),
          run.location(),
          run.run(),
          run.author(),
          run.time(),
          run.engine(),
          run.runners(),
          run.scratch(),
          run.clock(),
          run.stop(),
          false);
    }
  }

  @Test
  void aTrialOfManyDatumsAnswersInLittleMemory() throws Exception {
    requireLittleMemory(spec("many"));
  }

  @Test
  void aUnionThatHasEachDatumTwiceAnswersInLittleMemory() throws Exception {
    String side = "{\"pfs\": {\"repo\": \"many\", \"glob\": \"/*\"}}";
    requireLittleMemory(
        spec("many")
            .replaceFirst(
                "\\{\"pfs\".*?\\}\\}",
                Matcher.quoteReplacement("{\"union\": [" + side + ", " + side + "]}")));
  }

  private static void requireLittleMemory(String spec) throws Exception {
    List<String> words = List.of("file:" + temp.resolve("store"), temp.toString(), spec);
    try (ChildJvm child =
        ChildJvm.start(ChildJvm.command(Planning.class, List.of("-Xmx256m"), words))) {
      ChildJvm.Ended ended = child.end();

      assertThat(ended.lines()).containsExactly(MANY + " of " + MANY);
      assertThat(ended.exitCode()).isZero();
    }
  }

  @Test
  void theGraphOfManyDatumsIsThatOfTwo() {
    try (Workshop workshop = Workshop.in(temp)) {
      Pipeline few = graph(workshop, "few", 2);
      Pipeline many = graph(workshop, "many", MANY);

      assertThat(nodes(many)).isEqualTo(nodes(few)).isNotEmpty();
      int size = PipelineTranslation.toProto(few).getSerializedSize();
      assertThat((double) PipelineTranslation.toProto(many).getSerializedSize())
          .isBetween(size * 0.97, size * 1.03);
    }
  }

  private static Pipeline graph(Workshop workshop, String repo, int datums) {
    RunContext context = workshop.newRun();
    Plan.Run plan =
        (Plan.Run)
            new Planner(context).pin(workshop.pipeline(spec(repo)).stages().get(0), Map.of());
    assertThat(plan.toRun()).isEqualTo(datums);
    Pipeline graph = Pipeline.create();
    GraphSite site = new GraphSite(context.location(), plan.job().job().hex(), 0);
    new StageGraph(workshop.store(), plan, site, 1024).addTo(graph);
    return graph;
  }

  private static List<String> nodes(Pipeline graph) {
    List<String> names = new ArrayList<>();
    graph.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            names.add(node.getFullName());
          }
        });
    return names;
  }

  private static String spec(String repo) {
    return COPY.replace("REPO", repo);
  }
}
