// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.transforms.beam.FileSet;
import io.beamwright.transforms.beam.InputFile;
import io.beamwright.transforms.beam.InputFileCoder;
import io.beamwright.transforms.beam.StageTable;
import io.beamwright.transforms.beam.StepChain;
import io.beamwright.transforms.beam.StepRegistry;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** The graph of one stage: only what must run, named by plan segments in the store. */
final class StageGraph {

  /** Into how many groups the files of a table are shuffled. */
  private static final int FILE_BUCKETS = 256;

  /** Into how many sets datums are cut, as long as none is too large. */
  private static final int SETS = 1_024;

  private static final int MOST_DATUMS_IN_SET = 100;
  private static final long BYTES_A_PARTITION = 128L << 20;
  private static final int MOST_PARTITIONS = 1_024;

  private final Store store;
  private final Plan.Run plan;
  private final GraphSite site;
  private final int partsOfWorker;

  /**
   * @param partsOfWorker into how many parts for each worker datums are cut at the most
   */
  StageGraph(Store store, Plan.Run plan, GraphSite site, int partsOfWorker) {
    this.store = store;
    this.plan = plan;
    this.site = site;
    this.partsOfWorker = partsOfWorker;
  }

  void addTo(Pipeline graph) {
    PCollection<Long> done =
        plan.work()
            .match(
                new StageWork.Cases<>() {
                  @Override
                  public PCollection<Long> perDatum(StageWork.PerDatum work) {
                    return datums(graph, work);
                  }

                  @Override
                  public PCollection<Long> chain(StageWork.Chain work) {
                    return table(graph, work);
                  }
                });
    done.apply("Publish", ParDo.of(new PublishCommit(site)));
  }

  private PCollection<Long> datums(Pipeline graph, StageWork.PerDatum work) {
    DatumSets sets =
        DatumSets.cut(storeList(), plan.todo().size(), plan.toRun(), datumsInSet(work));
    // One datum has nobody to wait for: a shuffle takes as long as it does.
    return plan.toRun() == 1
        ? run(graph, sets, work, RunDatums.Durable.WITH_EACH_SET)
        : run(graph, sets, work, RunDatums.Durable.WITH_BUNDLE).apply("Count", OneCount.sum());
  }

  private PCollection<Long> run(
      Pipeline graph, DatumSets sets, StageWork.PerDatum work, RunDatums.Durable durable) {
    String transform = CanonicalJson.text(work.transform().toJson());
    // A source is cut and handed out, which one set need not wait for.
    return graph
        .apply(
            "Sets",
            sets.count() == 1
                ? Create.of(0).withCoder(VarIntCoder.of())
                : Read.from(new SetNumbers(0, sets.count(), partsOfWorker)))
        .apply("Run", ParDo.of(new RunDatums(site, plan.stage(), transform, sets, durable)))
        .setCoder(VarLongCoder.of());
  }

  /** Small sets while there are few datums, so that every worker gets some. */
  private int datumsInSet(StageWork.PerDatum work) {
    long wanted = work.tuning().datumSets().number().orElse(plan.toRun() / SETS);
    return (int) Math.max(1, Math.min(MOST_DATUMS_IN_SET, wanted));
  }

  private PCollection<Long> table(Pipeline graph, StageWork.Chain work) {
    Datum datum = onlyDatum(store, plan);
    PCollection<String> segments = segments(graph);
    Map<String, FileSet> inputs = new LinkedHashMap<>();
    WholeInput.files(datum)
        .forEach(
            (name, planned) ->
                inputs.put(name, new FileSet(name, planned, files(segments, name, planned))));
    StageTable table =
        new StepChain(StepRegistry.load(), work.steps())
            .expand(graph, inputs, StoreStageFiles.opener(site), partitions(datum));
    return keep(table, datum);
  }

  /**
   * The files, spread over the workers: without that, the one who reads the plan reads them all.
   */
  private PCollection<InputFile> files(
      PCollection<String> segments, String input, List<InputFile> planned) {
    PCollection<InputFile> files =
        segments
            .apply("Files of " + input, ParDo.of(new ReadInputFiles(site, input)))
            .setCoder(new InputFileCoder());
    return planned.size() == 1
        ? files
        : files.apply(
            "Spread " + input,
            Reshuffle.<InputFile>viaRandomKey()
                .withNumBuckets(Math.min(FILE_BUCKETS, planned.size())));
  }

  private PCollection<Long> keep(StageTable table, Datum datum) {
    PCollection<String> parts =
        table
            .parts()
            .apply("Parts", MapElements.into(TypeDescriptors.strings()).via(KeepTable::part));
    PCollection<String> failures =
        table
            .failures()
            .apply("Faults", MapElements.into(TypeDescriptors.strings()).via(KeepTable::failure));
    return PCollectionList.of(parts)
        .and(failures)
        .apply("Ends", Flatten.pCollections())
        .setCoder(StringUtf8Coder.of())
        .apply("One", WithKeys.of(""))
        .apply("Gather", GroupByKey.create())
        .apply("All", Values.create())
        .apply("Keep", ParDo.of(new KeepTable(site, datum.key().hex())))
        .setCoder(VarLongCoder.of())
        .apply(new OneCount());
  }

  /** The datum of a stage that reads its input as a whole. */
  static Datum onlyDatum(Store store, Plan.Run plan) {
    List<Datum> datums = new ArrayList<>();
    Segments.read(store.files(), plan.todo(), datums::add);
    if (datums.size() != 1) {
      throw new IllegalStateException(plan.stage() + " has " + datums.size() + " datums, not one");
    }
    return datums.get(0);
  }

  /** A power of two that the input alone decides, so that it is the same on every runner. */
  private static int partitions(Datum datum) {
    long bytes =
        datum.inputs().stream()
            .flatMap(input -> input.files().stream())
            .mapToLong(file -> file.size())
            .sum();
    int partitions = 1;
    while (partitions < MOST_PARTITIONS && partitions * BYTES_A_PARTITION < bytes) {
      partitions *= 2;
    }
    return partitions;
  }

  private PCollection<String> segments(Pipeline graph) {
    return graph
        .apply("Plan", Create.of(storeList()).withCoder(StringUtf8Coder.of()))
        .apply("Segments", ParDo.of(new ListSegments(site)));
  }

  /** The list of segments as a stored file: what the graph holds of a job of any size. */
  String storeList() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (StoredFile segment : plan.todo()) {
      lines.writeBytes(CanonicalJson.bytes(segment.toJson()));
      lines.write('\n');
    }
    try (Packer packer = store.packer()) {
      StoredFile list = packer.addWhole(Content.of(lines.toByteArray())).stored();
      return CanonicalJson.text(list.toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
