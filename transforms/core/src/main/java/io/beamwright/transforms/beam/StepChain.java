// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The steps of one {@code beam} stage, as a part of a graph. */
public final class StepChain {

  private final StepRegistry registry;
  private final List<StepUse> steps;

  /**
   * A chain of at least one step.
   *
   * @throws IllegalArgumentException if there is none
   */
  public StepChain(StepRegistry registry, List<StepUse> steps) {
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a chain has at least one step");
    }
    this.registry = registry;
    this.steps = List.copyOf(steps);
  }

  /**
   * What is wrong with the configurations of steps whatever their tables hold, by the place of the
   * step from 0; each step is asked, and says one thing.
   */
  public SortedMap<Integer, UserFault> problems() {
    SortedMap<Integer, UserFault> problems = new TreeMap<>();
    for (int place = 0; place < steps.size(); place++) {
      StepUse use = steps.get(place);
      try {
        registry.step(use.type()).check(label(place), use.config());
      } catch (UserFault fault) {
        problems.put(place, fault);
      }
    }
    return problems;
  }

  /**
   * Adds the steps and the writing of the last one's rows to a graph.
   *
   * @param pipeline the graph
   * @param inputs the files of each input of the stage, by its name, in the spec's order
   * @param store opens the store, here and on workers
   * @param partitions a power of two, taken from the plan: into how many parts rows are divided
   *     after a shuffle
   * @throws UserFault if a step, its configuration, a reference or a schema is wrong
   */
  public StageTable expand(
      Pipeline pipeline, Map<String, FileSet> inputs, StageFiles.Opener store, int partitions) {
    return expand("", pipeline, inputs, store, partitions);
  }

  /** The same where several stages share a graph: {@code prefix} begins all transforms' names. */
  StageTable expand(
      String prefix,
      Pipeline pipeline,
      Map<String, FileSet> inputs,
      StageFiles.Opener store,
      int partitions) {
    return new Expansion(prefix, inputs, store, partitions).expand(pipeline);
  }

  /**
   * What messages, later steps and queries call a step: its name; without one, its type, with its
   * place from 1 where the type alone would not tell it from others.
   */
  private String label(int place) {
    StepUse step = steps.get(place);
    boolean alone =
        steps.stream()
                .filter(other -> other.type().equals(step.type()) || isCalled(other, step.type()))
                .count()
            == 1;
    return step.name().orElse(alone ? step.type() : step.type() + "-" + (place + 1));
  }

  private static boolean isCalled(StepUse step, String name) {
    return step.name().equals(Optional.of(name));
  }

  /** One expansion: what was built so far, by the names under which steps can refer to it. */
  private final class Expansion {

    private final String prefix;
    private final Map<String, FileSet> inputs;
    private final StageFiles.Opener store;
    private final int partitions;
    private final Map<String, Dataset> inputTables = new HashMap<>();
    private final Map<String, Dataset> outputs = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();
    private final List<PCollection<StageFailure>> failures = new ArrayList<>();

    Expansion(String prefix, Map<String, FileSet> inputs, StageFiles.Opener store, int partitions) {
      this.prefix = prefix;
      this.inputs = new LinkedHashMap<>(inputs);
      this.store = store;
      this.partitions = partitions;
    }

    StageTable expand(Pipeline pipeline) {
      for (int place = 0; place < steps.size(); place++) {
        add(steps.get(place), place);
      }
      String last = label(steps.size() - 1);
      requireAllRead(last);
      Dataset table = output(last);
      PCollection<TablePart> parts =
          table.batches().apply(prefix + "Table", new TableSink(table, partitions, store));
      return new StageTable(table.schema(), parts, allFailures(pipeline));
    }

    private void add(StepUse use, int place) {
      Step step = registry.step(use.type());
      String label = label(place);
      if (inputs.containsKey(label) || outputs.containsKey(label)) {
        throw new UserFault(
            "Two things that steps can read are called \"" + label + "\".",
            "Give the step another \"name\".");
      }
      Map<String, String> names = references(use, place);
      Map<String, FileSet> files = new LinkedHashMap<>();
      Map<String, Dataset> tables = new LinkedHashMap<>();
      for (Map.Entry<String, String> name : names.entrySet()) {
        if (step.description().takes() == StepDescription.Takes.FILES) {
          files.put(name.getKey(), files(name.getValue(), label));
        } else {
          tables.put(name.getKey(), table(name.getValue(), label));
        }
      }
      StepContext context =
          new StepContext(prefix, label, use.config(), files, tables, store, partitions);
      outputs.put(label, step.expand(context));
      failures.addAll(context.failures());
    }

    private Map<String, String> references(StepUse use, int place) {
      if (use.input() instanceof StepUse.Input.Named named) {
        return named.namesByTag();
      }
      Map<String, String> names = new LinkedHashMap<>();
      if (place == 0) {
        inputs.keySet().forEach(name -> names.put(name, name));
      } else {
        names.put(label(place - 1), label(place - 1));
      }
      return names;
    }

    private FileSet files(String name, String reader) {
      FileSet files = inputs.get(name);
      if (files == null) {
        throw outputs.containsKey(name)
            ? new UserFault(
                "Step " + reader + " reads files, and \"" + name + "\" is a step.",
                "Make it a first step, or name an input of the stage in its \"input\".")
            : unknown(name, reader);
      }
      return files;
    }

    private Dataset table(String name, String reader) {
      if (outputs.containsKey(name)) {
        read.add(name);
        return output(name);
      }
      FileSet files = inputs.get(name);
      if (files == null) {
        throw unknown(name, reader);
      }
      return inputTables.computeIfAbsent(name, input -> readTables(files));
    }

    private Dataset readTables(FileSet files) {
      StepContext context =
          new StepContext(
              prefix,
              "input " + files.input(),
              CanonicalJson.object(),
              Map.of(files.input(), files),
              Map.of(),
              store,
              partitions);
      Dataset rows = ReadTables.expand(context);
      failures.addAll(context.failures());
      return rows;
    }

    private Dataset output(String label) {
      return Objects.requireNonNull(outputs.get(label));
    }

    private UserFault unknown(String name, String reader) {
      List<String> known = new ArrayList<>(inputs.keySet());
      known.addAll(outputs.keySet());
      return new UserFault(
          "Step " + reader + " reads \"" + name + "\", which is no input and no step before it.",
          "It can read " + String.join(", ", known) + ".");
    }

    private void requireAllRead(String last) {
      for (String label : outputs.keySet()) {
        if (!label.equals(last) && !read.contains(label)) {
          throw new UserFault(
              "No step reads the rows of step " + label + ".",
              "Leave it out, or name it in the \"input\" of a later step.");
        }
      }
    }

    private PCollection<StageFailure> allFailures(Pipeline pipeline) {
      if (failures.isEmpty()) {
        return pipeline.apply(prefix + "NoFailures", Create.empty(new StageFailureCoder()));
      }
      return PCollectionList.of(failures).apply(prefix + "Failures", Flatten.pCollections());
    }
  }
}
