// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import static io.beamwright.pipelines.spec.Field.notBuilt;
import static io.beamwright.pipelines.spec.Field.withoutEffect;

import io.beamwright.pipelines.spec.Field.Key;
import io.beamwright.pipelines.spec.Field.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every field that a spec may have: the one table that reading and the reference come from. */
final class SpecFields {

  static final String SPEC = "spec";
  static final String PIPELINE = "pipeline";
  static final String TRANSFORM = "transform";
  static final String INPUT = "input";
  static final String PFS = "pfs";
  static final String FORMAT = "format";
  static final String STEP = "step";
  static final String MOUNT = "mount";
  static final String PARALLELISM = "parallelism_spec";
  static final String RESOURCES = "resources";
  static final String GPU = "gpu";
  static final String DATUM_SETS = "datum_set_spec";
  static final String RUNNER = "runner";

  private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();

  static {
    declare(
        SPEC,
        "One stage: its inputs, its transform and its output repo.",
        Field.of("pipeline", Type.OBJECT, "which pipeline this is").required().of(PIPELINE),
        Field.of("description", Type.STRING, "for people; kept with each commit"),
        Field.of("metadata", Type.OBJECT, "labels and annotations; kept with each commit"),
        Field.of("transform", Type.OBJECT, "what is done to a datum, or to the whole input")
            .required()
            .of(TRANSFORM),
        Field.of("input", Type.OBJECT, "what is read").required().of(INPUT),
        Field.of("output_branch", Type.STRING, "the branch of the output repo that a job moves")
            .byDefault("master"),
        Field.of("parallelism_spec", Type.OBJECT, "how many datums to work on at once")
            .of(PARALLELISM),
        Field.of("resource_requests", Type.OBJECT, "what a worker needs").of(RESOURCES),
        Field.of("resource_limits", Type.OBJECT, "what a worker may take")
            .of(RESOURCES)
            .unused("nothing limits a program; start `run` in a cgroup or a container for that"),
        Field.of("datum_tries", Type.INTEGER, "attempts at a datum in all").byDefault("3"),
        Field.of(
            "datum_timeout",
            Type.DURATION,
            "after this an attempt is killed, with all processes it started"),
        Field.of("datum_set_spec", Type.OBJECT, "how many datums a bundle takes").of(DATUM_SETS),
        Field.of("chunk_spec", Type.OBJECT, "the name of `datum_set_spec` in Pachyderm 1.x")
            .of(DATUM_SETS),
        Field.of(
                "reprocess_spec",
                Type.STRING,
                "`until_success`: results are reused; `every_job`: every job works anew")
            .byDefault("until_success"),
        Field.of("salt", Type.STRING, "a change of it makes every datum run again")
            .inKey(Key.DATUM),
        Field.of("runner", Type.NAME_OR_OBJECT, "what the stage runs on")
            .byDefault("from the command line")
            .of(RUNNER),
        notBuilt("job_timeout", "after this the job is killed"),
        notBuilt("output_policy", "what to do when two datums write one path"),
        notBuilt("egress", "where else the output is written"),
        notBuilt("spout", "a program that feeds its output repo for ever"),
        notBuilt("s3_out", "output written over the S3 protocol"),
        notBuilt("spec_commit", "a spec taken from a commit"),
        notBuilt("update", "changing a pipeline that exists")
            .instead("Take it out: each run takes the spec as it is given."),
        notBuilt("reprocess", "working anew once").instead("Take it out, and change `salt`."),
        notBuilt("dry_run", "a plan only").instead("Take it out, and run with --dry-run."),
        notBuilt("hashtree_spec", "workers for the output's tree, in Pachyderm 1.x")
            .instead("Take it out: trees need no workers of their own."),
        notBuilt("batch", "a form of Pachyderm 1.x"),
        notBuilt("tf_job", "a TensorFlow job of Kubernetes"),
        notBuilt("determined", "a workspace of Determined"),
        notBuilt("maximum_expected_uptime", "a warning for jobs that run long"),
        withoutEffect("scheduling_spec", "the runner decides where work goes"),
        withoutEffect("pod_spec", "there are no pods; processes run where the runner puts them"),
        withoutEffect("pod_patch", "there are no pods; processes run where the runner puts them"),
        withoutEffect("sidecar_resource_limits", "there is no sidecar; the worker does its work"),
        withoutEffect("sidecar_resource_requests", "there is no sidecar; the worker does its work"),
        withoutEffect("service", "nothing is served; the transform runs as a job and ends"),
        withoutEffect("autoscaling", "workers exist only while a job runs"),
        withoutEffect("tolerations", "the runner decides where work goes"),
        withoutEffect("standby", "workers exist only while a job runs"),
        withoutEffect("cache_size", "the store needs no cache of its own"),
        withoutEffect("max_queue_size", "the runner decides how much is fetched ahead"),
        withoutEffect("scale_down_threshold", "workers exist only while a job runs"),
        withoutEffect("enable_stats", "counts, times, bytes and logs of every datum are kept"));
    declare(
        PIPELINE,
        "The pipeline's identity.",
        Field.of(
                "name",
                Type.STRING,
                "letters, digits, `_` and `-`; also the name of the output repo")
            .required(),
        notBuilt("project", "a namespace for pipelines"));
    declare(
        TRANSFORM,
        "Exactly one of `cmd`, `sql` and `beam`; the other fields go with `cmd`.",
        Field.of("cmd", Type.STRINGS, "a program and its arguments, run without a shell per datum")
            .inKey(Key.DATUM),
        Field.of("sql", Type.STRING, "one SELECT over the datum's tables, each a view of its name")
            .inKey(Key.DATUM),
        Field.of("beam", Type.OBJECTS, "a chain of steps over the whole input")
            .inKey(Key.DATUM)
            .of(STEP),
        Field.of("stdin", Type.STRINGS, "lines for the program's standard input").inKey(Key.DATUM),
        Field.of("env", Type.STRING_MAP, "variables of the program's environment").inKey(Key.DATUM),
        Field.of("code", Type.STRING, "a file or folder beside the spec, found at `/code`")
            .inKey(Key.CONTENT),
        Field.of(
                "environment",
                Type.STRINGS,
                "commands whose output describes the environment, such as"
                    + " `python3 -m pip freeze`")
            .inKey(Key.CONTENT),
        Field.of("image", Type.STRING, "the container image; recorded"),
        Field.of("accept_return_code", Type.INTEGERS, "exit codes besides 0 that mean success")
            .inKey(Key.DATUM),
        Field.of("working_dir", Type.STRING, "the folder the program starts in").inKey(Key.DATUM),
        Field.of(
                "mounts",
                Type.FOLDERS,
                "folders of the machine that the sandbox shows the program, read-only")
            .inKey(Key.DATUM)
            .of(MOUNT),
        Field.of("debug", Type.BOOLEAN, "say more in the datum's log")
            .byDefault("false")
            .unused("the log has all that the program prints, and nothing else"),
        notBuilt("err_cmd", "a program run after each failed attempt"),
        notBuilt("err_stdin", "lines for the standard input of `err_cmd`"),
        notBuilt("user", "the user that runs the program"),
        notBuilt("secrets", "values that are never recorded"),
        notBuilt("datum_batching", "one process for many datums"),
        notBuilt("dockerfile", "a container image built from the spec")
            .instead("Take it out, and name a folder beside the spec in `code`."),
        notBuilt("build", "a container image built from the spec")
            .instead("Take it out, and name a folder beside the spec in `code`."),
        notBuilt("memory_volume", "outputs held in memory"),
        withoutEffect("image_pull_secrets", "no image is pulled"));
    declare(
        INPUT,
        "Exactly one of these.",
        Field.of("pfs", Type.OBJECT, "the files of a repo that match a glob").of(PFS),
        Field.of("atom", Type.OBJECT, "the name of `pfs` in Pachyderm 1.x").of(PFS),
        Field.of(
                "cross",
                Type.OBJECTS,
                "every combination of the datums of several inputs; one inside another is the"
                    + " same as all in one")
            .inKey(Key.JOB)
            .of(INPUT),
        Field.of(
                "union",
                Type.OBJECTS,
                "the datums of several inputs, one input after the other; inputs may share a name,"
                    + " and a datum that two of them have is one")
            .inKey(Key.JOB)
            .of(INPUT),
        notBuilt("join", "datums of several inputs whose `join_on` keys are equal"),
        notBuilt("group", "one datum for each `group_by` key"),
        notBuilt("cron", "a datum for each tick of a clock"),
        notBuilt("git", "a git repository, in Pachyderm 1.x"));
    declare(
        PFS,
        "The files of a repo that match a glob: each match is a datum.",
        Field.of("repo", Type.STRING, "the repo to read").required().inKey(Key.CONTENT),
        Field.of("name", Type.STRING, "its folder under `/pfs`, and its view in `sql`")
            .byDefault("the repo's name")
            .inKey(Key.DATUM),
        Field.of("branch", Type.STRING, "the branch to read")
            .byDefault("master")
            .inKey(Key.CONTENT),
        Field.of(
                "glob",
                Type.STRING,
                "which files make a datum: `/` the whole repo as one, `/*` each top-level file or"
                    + " folder")
            .required()
            .inKey(Key.JOB),
        Field.of(
                "as",
                Type.STRING,
                "`csv` or `json`: tables are shown to the program in that form, those of one folder"
                    + " as one file beside it, such as `/2017.csv` for `/2017/part-00000.parquet`,"
                    + " and those of the root as `/<name>.csv`")
            .inKey(Key.DATUM),
        Field.of("format", Type.OBJECT, "how a query reads its CSV and JSON files")
            .inKey(Key.DATUM)
            .of(FORMAT),
        notBuilt("join_on", "the key of a join"),
        notBuilt("outer_join", "whether datums without a partner are kept"),
        notBuilt("group_by", "the key of a group"),
        notBuilt("lazy", "files fetched when they are opened"),
        notBuilt("empty_files", "names without content"),
        notBuilt("trigger", "when a new commit starts a job"),
        notBuilt("s3", "files read over the S3 protocol"),
        notBuilt("reference", "an input that is read and whose changes run nothing again"),
        notBuilt("propagation_spec", "whether a new commit of the input starts a job"),
        notBuilt("project", "a namespace for repos"),
        notBuilt("repo_type", "a kind of repo other than the user's own"),
        notBuilt("commit", "a commit to read instead of a branch"),
        notBuilt("from_commit", "a commit to start from, in Pachyderm 1.x"));
    declare(
        MOUNT,
        "A folder of the machine, such as a virtual environment. Its path alone is as good as this"
            + " with only `path`.",
        Field.of("path", Type.STRING, "its absolute path").required().inKey(Key.DATUM),
        Field.of("digest", Type.BOOLEAN, "whether its content is in the key")
            .byDefault("false")
            .inKey(Key.DATUM));
    declare(
        FORMAT,
        "How CSV and JSON files are read, in the words of the step `ReadFromCsv`; what is left out"
            + " follows from the files. Only `sql` reads files by it.",
        Field.of("type", Type.STRING, "`csv`, `tsv` or `json`")
            .byDefault("from each file's name")
            .inKey(Key.DATUM),
        Field.of(
                "columns",
                Type.OBJECTS,
                "the table's columns: `name`, and as needed `from` (the file's name for it), `type`"
                    + " and `format`")
            .byDefault("all of the files'")
            .inKey(Key.DATUM),
        Field.of(
                "header",
                Type.ANY,
                "`true`: each file begins with its column names; `false`: it does not; or the names")
            .byDefault("true")
            .inKey(Key.DATUM),
        Field.of("skip", Type.INTEGER, "how many lines to pass over before the header")
            .byDefault("0")
            .inKey(Key.DATUM),
        Field.of("delimiter", Type.STRING, "the character between cells")
            .byDefault("`,`")
            .inKey(Key.DATUM),
        Field.of(
                "quote",
                Type.STRING,
                "the character around cells that hold others; `\"\"` for none")
            .byDefault("`\"`")
            .inKey(Key.DATUM),
        Field.of("comment", Type.STRING, "a character that begins lines to pass over")
            .inKey(Key.DATUM),
        Field.of(
                "null",
                Type.ANY,
                "a cell, or a list of cells, that mean null besides the empty one")
            .inKey(Key.DATUM),
        Field.of("thousands", Type.STRING, "the character that groups the digits of numbers")
            .inKey(Key.DATUM));
    declare(
        STEP,
        "A step of a `beam` transform; named and configured as in Beam YAML.",
        Field.of("type", Type.STRING, "which step").required().inKey(Key.DATUM),
        Field.of("name", Type.STRING, "what later steps call its rows")
            .byDefault("its type")
            .inKey(Key.DATUM),
        Field.of("config", Type.OBJECT, "its configuration").byDefault("{}").inKey(Key.DATUM),
        Field.of(
                "input", Type.REFERENCE, "the earlier steps, or inputs of the stage, that it reads")
            .byDefault("the step before; for the first, all inputs by their names")
            .inKey(Key.DATUM));
    declare(
        PARALLELISM,
        "A hint to the runner.",
        Field.of("constant", Type.INTEGER, "how many datums to work on at once")
            .byDefault("from the runner"),
        notBuilt("coefficient", "workers by the number of nodes, in Pachyderm 1.x")
            .instead("Give `constant` instead."));
    declare(
        RESOURCES,
        "Resource hints to the runner.",
        Field.of("cpu", Type.QUANTITY, "processors: `2`, `0.5` or `\"500m\"`")
            .unused("`parallelism_spec` says how many datums are worked on at once"),
        Field.of("memory", Type.QUANTITY, "bytes: `\"64M\"`, `\"2Gi\"`"),
        Field.of("gpu", Type.OBJECT, "graphics processors")
            .of(GPU)
            .unused("the runner decides where work goes, and knows of none"),
        notBuilt("disk", "bytes on disk"));
    declare(
        GPU,
        "Graphics processors.",
        Field.of("type", Type.STRING, "the kind, such as `nvidia.com/gpu`").required(),
        Field.of("number", Type.INTEGER, "how many").required());
    declare(
        DATUM_SETS,
        "How many datums a bundle takes.",
        Field.of("number", Type.INTEGER, "datums in a bundle"),
        Field.of("size_bytes", Type.INTEGER, "bytes of input in a bundle")
            .unused("bundles are cut by `number` of datums"),
        Field.of("per_worker", Type.INTEGER, "bundles for each worker")
            .unused("bundles are cut by `number` of datums"));
    declare(
        RUNNER,
        "What the stage runs on: a name alone, or an object.",
        Field.of("name", Type.STRING, "such as `direct`").required(),
        Field.of("options", Type.OBJECT, "options of that runner").byDefault("{}"));
  }

  private SpecFields() {}

  private static void declare(String key, String meaning, Field... fields) {
    String name =
        switch (key) {
          case SPEC -> "a pipeline spec";
          case STEP -> "a step";
          case MOUNT -> "a mount";
          default -> "\"" + key + "\"";
        };
    SECTIONS.put(key, new Section(name, meaning, List.of(fields)));
  }

  /** The fields of the objects called {@code key}. */
  static Section section(String key) {
    Section section = SECTIONS.get(key);
    if (section == null) {
      throw new IllegalArgumentException("no section " + key);
    }
    return section;
  }

  /** All sections by their keys, the whole spec first. */
  static Map<String, Section> sections() {
    return Collections.unmodifiableMap(SECTIONS);
  }
}
