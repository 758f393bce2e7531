#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures stages: what a submission costs, what a datum costs, and the memory of a large plan.

  benchmarks/stages.py submit [--runs 5] [--only flink]   # one cmd datum beside an empty Beam job
  benchmarks/stages.py cmd [--datums 20000]               # beside spawning the same processes;
                                                          # of root also beside spawning as root
  benchmarks/stages.py sql [--datums 20000]               # datums a second
  benchmarks/stages.py plan [--datums 1000000]            # the heap of planning

Each beside its floor in the same run. Plain Python, no packages. --json prints one document;
--keep leaves the folder.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from launched import BEAMWRIGHT, ROOT, launch_folder, launched_java, measure, medians

EMPTY_JOB = """
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

public class EmptyJob {
  static class Nothing extends DoFn<Integer, Void> {
    @ProcessElement
    public void process(@Element Integer one) {}
  }

  public static void main(String[] words) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(words).create());
    pipeline.apply(Create.of(1)).apply(ParDo.of(new Nothing()));
    pipeline.run().waitUntilFinish();
    System.exit(0);
  }
}
"""

# What the workers of a cluster need of Beam to run the empty job.
JARS_OF_BEAM = ("beam-sdks-java-core", "beam-model", "beam-runners-core", "beam-runners-flink",
                "beam-runners-spark", "beam-runners-java", "beam-sdks-java-fn-execution",
                "beam-sdks-java-harness", "beam-sdks-java-transform", "beam-vendor-grpc",
                "beam-vendor-guava", "jackson-", "joda-time", "commons-", "args4j", "byte-buddy",
                "jspecify", "snappy-java", "opentelemetry", "kryo", "chill")
# Of "local[*]" Beam has it that it is a cluster, and packs the whole class path.
LOCAL_SPARK = f"local[{os.cpu_count()}]"
SERVERS = {"flink": "io.beamwright.runners.flink.server.FlinkCluster",
           "spark": "io.beamwright.runners.spark.server.SparkCluster"}


class EmptyJob:
    """An empty Beam job, started as the launcher starts a run: same class path, same archive."""

    def __init__(self, work, runner):
        self.java = launched_java()
        self.build = Path((launch_folder(self.java) / "current").read_text().strip())
        self.name = "full" if runner == "direct" else f"full-{runner}"
        self.jars = (self.build / f"{self.name}.jars").read_text().split()
        folder = work / f"empty-{runner}"
        folder.mkdir()
        (folder / "EmptyJob.java").write_text(EMPTY_JOB)
        bin_folder = Path(self.java).parent
        subprocess.run([bin_folder / "javac", "-nowarn", "-cp", ":".join(self.jars), "-d",
                        folder / "classes", folder / "EmptyJob.java"], check=True)
        self.jar = str(folder / "empty.jar")
        subprocess.run([bin_folder / "jar", "cf", self.jar, "-C", folder / "classes", "."],
                       check=True)
        self.runner = runner

    def command(self, master):
        words = {"direct": ["--runner=DirectRunner"],
                 "flink": ["--runner=FlinkRunner", f"--flinkMaster={master or '[local]'}"],
                 "spark": ["--runner=SparkRunner", f"--sparkMaster={master or LOCAL_SPARK}"],
                 }[self.runner]
        if master:
            needed = [jar for jar in self.jars if Path(jar).name.startswith(JARS_OF_BEAM)]
            words.append("--filesToStage=" + ",".join([*needed, self.jar]))
        elif self.runner == "flink":
            # What Beam does by itself is to stage its whole class path.
            words.append("--filesToStage=")
        options = []
        if self.runner == "spark":
            # As the runner's own configuration has it: no web page.
            options = ["-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1"]
        return [self.java, f"@{self.build / (self.name + '.args')}", *options, "-cp",
                ":".join([*self.jars, self.jar]), "EmptyJob", *words]


class Cluster:
    """Flink's or Spark's servers, as long as the context lasts."""

    def __init__(self, runner, folder):
        self.runner, self.folder = runner, folder
        module = f"runners/{runner}/servers"
        subprocess.run([str(ROOT / "mvnw"), "-q", "-o", "-Dfast", "-pl", module, "-am", "compile"],
                       cwd=ROOT, check=True, stdout=sys.stderr)
        self.classes = ":".join(str(ROOT / m / "target" / "classes")
                                for m in (module, "versioning/servers"))

    def __enter__(self):
        self.servers = subprocess.Popen(
            [launched_java(), "-cp", self.classes, SERVERS[self.runner], str(self.folder), "1", "2"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.master = self.servers.stdout.readline().strip()
        if not self.master:
            sys.exit(f"the cluster of {self.runner} did not start")
        return self

    def __exit__(self, *_):
        self.servers.stdin.close()
        self.servers.wait()


def spec(work, name, repo, transform, glob="/*"):
    file = work / f"{name}.json"
    file.write_text(json.dumps({"pipeline": {"name": name},
                                "input": {"pfs": {"repo": repo, "glob": glob}},
                                "transform": transform}))
    return file


class Submit:
    """One datum of a cmd stage, from the start of the command to its end."""

    LIMIT = 1.3

    def __init__(self, work, options):
        self.work, self.options = work, options
        self.words = work / "words"
        self.words.mkdir()
        (self.words / "a.txt").write_text("one datum\n")
        self.spec = spec(work, "copied", "words",
                         {"cmd": ["cp", "/pfs/words/a.txt", "/pfs/out/a.txt"]})
        self.stores = 0

    def run(self):
        results = []
        for runner in ("direct", "flink", "spark"):
            if self.options.only in runner:
                measure(self.command(runner, None))  # Builds what is not built.
                empty = EmptyJob(self.work, runner)
                results.append(self.compare(f"{runner}, in this process", runner, None, empty))
                if runner != "direct" and not self.options.here:
                    folder = self.work / f"cluster-{runner}"
                    folder.mkdir()
                    with Cluster(runner, folder) as cluster:
                        results.append(self.compare(f"{runner}, a cluster", runner,
                                                    cluster.master, empty))
        return results

    def compare(self, name, runner, master, empty):
        for command in (self.command(runner, master), empty.command(master)):
            measure(command)  # A cluster's first job loads its classes.
        ours, floors = [], []
        for _ in range(self.options.runs):
            ours.append(measure(self.command(runner, master)))
            floors.append(measure(empty.command(master)))
        (wall, cpu), (floor_wall, floor_cpu) = medians(ours), medians(floors)
        return {"what": f"one cmd datum, {name}", "wall_s": wall, "cpu_s": cpu,
                "floor": "an empty Beam job", "floor_wall_s": floor_wall,
                "floor_cpu_s": floor_cpu, "ratio": round(wall / floor_wall, 2),
                "cpu_ratio": round(cpu / floor_cpu, 2), "limit": f"≤ {self.LIMIT} ×",
                "met": wall <= self.LIMIT * floor_wall,
                "walls_s": [round(w, 2) for w, _ in ours],
                "floor_walls_s": [round(w, 2) for w, _ in floors]}

    def command(self, runner, master):
        self.stores += 1
        return [BEAMWRIGHT, "run", str(self.spec), "--put", f"words={self.words}", "--store",
                f"file:{self.work}/store-{self.stores}", "--runner", runner,
                *(["--master", master] if master else [])]


class Many:
    """Many datums of one file of 1 KiB each, put before and not counted."""

    def __init__(self, work, options):
        self.work, self.options = work, options
        self.datums = options.datums or 20_000
        self.store = f"file:{work}/store"

    def put(self, name, content):
        folder = self.work / "files"
        folder.mkdir()
        for number in range(self.datums):
            (folder / f"{number:05}{name}").write_text(content(number))
        # On the runner that is measured, so that its class path is built by then.
        measure(self.command(spec(self.work, "nothing", "data", {"cmd": ["true"]}, "/"),
                             "--put", f"data={folder}"))
        shutil.rmtree(folder)

    def command(self, file, *options):
        return [BEAMWRIGHT, "run", str(file), "--store", self.store, "--runner",
                self.options.only or "flink", *options]


class Commands(Many):
    """Commands that each copy their file, beside spawning the same processes."""

    LIMIT = 1.3
    ROOT_LIMIT = 1.25
    ROOT_ROUNDS = 5
    COPY = ["cp", "-r", "/pfs/data/.", "/pfs/out"]

    def run(self):
        self.put("", lambda number: f"{number:05}\n" + "x" * 1018)
        words = self.sandboxed()
        plain_words = [shutil.which("cp"), "-r", str(self.kept / "pfs" / "data") + "/.",
                       str(self.kept / "pfs" / "out")]
        count = max(100, self.datums // 5)
        before = self.spawns(words, count)
        start_load = os.getloadavg()[0]
        wall, cpu = measure(self.command(spec(self.work, "copies", "data", {"cmd": self.COPY})))
        after = self.spawns(words, count)
        plain = self.spawns(plain_words, count)
        as_root = [] if os.geteuid() else [self.as_root(words, max(100, count // 5))]
        each = [(a + b) / 2 / count for a, b in zip(before, after)]
        floor_wall, floor_cpu = (round(each[i] * self.datums, 1) for i in (0, 1))
        return [{"what": f"{self.datums} cmd datums of 1 KiB, {self.options.only or 'flink'}",
                 "wall_s": round(wall, 1), "cpu_s": round(cpu, 1),
                 "floor": f"bwrap by posix_spawn, one thread a core ({2 * count} of them)",
                 "floor_wall_s": floor_wall, "floor_cpu_s": floor_cpu,
                 "ratio": round(wall / floor_wall, 2), "cpu_ratio": round(cpu / floor_cpu, 2),
                 "limit": f"≤ {self.LIMIT} ×",
                 # A floor that was twice as slow before as after says nothing of what was between.
                 "met": wall <= self.LIMIT * floor_wall
                 if max(before[0], after[0]) < 1.5 * min(before[0], after[0]) else "not to be told",
                 "plain_spawn_wall_s": round(plain[0] / count * self.datums, 1),
                 "plain_spawn_cpu_s": round(plain[1] / count * self.datums, 1),
                 "floor_halves_wall_s": [round(x[0] / count * self.datums, 1)
                                         for x in (before, after)],
                 "load_before": start_load}, *as_root]

    def as_root(self, words, count):
        """A spawn of root, who gives itself up first, beside one that stays root; in turns."""
        kept = self.kept.with_name("kept-by-root")
        subprocess.run(["cp", "-a", self.kept, kept], check=True)
        subprocess.run(["chown", "-R", "0:0", kept], check=True)
        start = words.index("/usr/bin/setpriv")
        staying = words[:start] + words[words.index("--", start) + 1:]
        rounds = [(self.spawns(words, count), self.spawns(staying, count, kept))
                  for _ in range(self.ROOT_ROUNDS)]
        (wall, cpu), (floor_wall, floor_cpu) = (
            medians([tuple(1000 * seconds / count for seconds in each[i]) for each in rounds])
            for i in (0, 1))
        return {"what": f"a spawn as root, median of {self.ROOT_ROUNDS} × {count}",
                "wall_ms": wall, "cpu_ms": cpu, "floor": "the same bwrap, which stays root",
                "floor_wall_ms": floor_wall, "floor_cpu_ms": floor_cpu,
                "ratio": round(wall / floor_wall, 2), "cpu_ratio": round(cpu / floor_cpu, 2),
                "limit": f"≤ {self.ROOT_LIMIT} ×",
                "met": max(wall / floor_wall, cpu / floor_cpu) <= self.ROOT_LIMIT}

    def sandboxed(self):
        """The words by which one datum's program is really started, over a copy of its folder."""
        # A program of root runs as another user, and so does what stands in for bubblewrap.
        os.chmod(self.work, 0o711)
        drop = self.work / "drop"
        drop.mkdir()
        os.chmod(drop, 0o777)
        self.kept = drop / "kept"
        shim = self.work / "shim"
        shim.mkdir()
        (shim / "bwrap").write_text(f"""#!/bin/sh
case "$*" in
  *'cp -r'*)
    source() {{ tr '\\0' '\\n' </proc/self/fd/4 | grep -x -B 1 "$1" | head -n 1; }}
    pfs=$(source /pfs) code=$(source /code)
    cp -a "${{pfs%/pfs}}" {self.kept} && cp -a "${{code%/code}}" {self.kept}/shared
    cat /proc/self/fd/4 >{drop}/arguments
    printf '%s\\n' "${{pfs%/pfs}}" "${{code%/code}}" "$(id -u)" "$@" >{drop}/said
    ;;
esac
exec {shutil.which('bwrap')} "$@"
""")
        (shim / "bwrap").chmod(0o755)
        one = self.work / "one"
        one.mkdir()
        (one / "a").write_text("x" * 1024)
        file = spec(self.work, "first", "data", {"cmd": self.COPY})
        measure([BEAMWRIGHT, "run", str(file), "--put", f"data={one}", "--store",
                 f"file:{self.work}/one-store"],
                env={**os.environ, "PATH": f"{shim}:{os.environ['PATH']}"})
        root, shared, user, *words = (drop / "said").read_text().splitlines()
        self.arguments = ((drop / "arguments").read_text()
                          .replace(shared, f"{self.kept}/shared").replace(root, str(self.kept)))
        before = [] if os.geteuid() else ["/usr/bin/setpriv", f"--reuid={user}", f"--regid={user}",
                                          "--clear-groups", "--"]
        return ["/bin/sh", "-c", 'exec 3>"$1" 4<"$2"; shift 2; exec "$@"', "sh", "STATUS",
                "ARGUMENTS", *before, shutil.which("bwrap"), *words]

    def spawns(self, words, count, kept=None):
        """Wall and CPU seconds of so many processes, spawned by one thread for each core."""
        kept = kept or self.kept
        # Each copies into a folder of its own, as a datum does.
        outs = kept / "outs"
        shutil.rmtree(outs, ignore_errors=True)
        out = str(kept / "pfs" / "out")
        arguments = self.arguments.replace(str(self.kept), str(kept))
        commands = []
        for number in range(count):
            own = outs / str(number)
            own.mkdir(parents=True)
            names = {out: str(own), "STATUS": f"{own}.status", "ARGUMENTS": f"{own}.arguments"}
            if "ARGUMENTS" in words:
                Path(names["ARGUMENTS"]).write_text(arguments.replace(out, str(own)))
                os.chown(own, kept.stat().st_uid, -1)
            commands.append([names.get(w, w) for w in words])
        null = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/home"}

        failed = []

        def spawn(share):
            for each in share:
                pid = os.posix_spawn(each[0], each, env, file_actions=null)
                if os.waitpid(pid, 0)[1]:
                    failed.append(each)

        before = os.times()
        threads = [threading.Thread(target=spawn, args=(commands[i::os.cpu_count()],))
                   for i in range(os.cpu_count())]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.monotonic() - start
        after = os.times()
        if failed:
            sys.exit(f"{' '.join(failed[0])} failed")
        return wall, sum(after[:4]) - sum(before[:4])


class Queries(Many):
    """Queries over one CSV file each."""

    LIMIT = 100
    QUERY = "SELECT k, sum(v) AS s, count(*) AS n FROM data GROUP BY k"

    def run(self):
        self.put(".csv", lambda number: "k,v\n" + "".join(
            f"{(number + row) % 7},{(number * 31 + row) % 1000 / 8}\n" for row in range(140)))
        file = spec(self.work, "sums", "data", {"sql": self.QUERY})
        wall, cpu = measure(self.command(file))
        rate = self.datums / wall
        return [{"what": f"{self.datums} sql datums of 1 KiB, {self.options.only or 'flink'}",
                 "wall_s": round(wall, 1), "cpu_s": round(cpu, 1),
                 "per_second": round(rate), "per_cpu_second": round(self.datums / cpu),
                 "limit": f"≥ {self.LIMIT} a second", "met": rate >= self.LIMIT}]


class Planned:
    """The driver's part of a stage of many datums, in a heap of 512 MiB."""

    HEAP_MB = 512

    def __init__(self, work, options):
        self.work, self.options = work, options
        self.datums = options.datums or 1_000_000

    def run(self):
        out = self.work / "classpath"
        subprocess.run([str(ROOT / "mvnw"), "-q", "-o", "-Dfast", "-pl", "pipelines", "-am",
                        "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={out}",
                        "-DincludeScope=test"], cwd=ROOT, check=True, stdout=sys.stderr)
        target = ROOT / "pipelines" / "target"
        self.classes = f"{target}/classes:{target}/test-classes:{out.read_text().strip()}"
        results = []
        # The smaller one is the floor: memory that grew with the datums would show beside it.
        for datums in (self.datums // 10, self.datums):
            store = self.work / f"store-{datums}"
            self.bench("-Xmx3g", "put", store, str(datums))
            start = os.times()
            said = json.loads(self.bench(f"-Xmx{self.HEAP_MB}m", "plan", store))
            end = os.times()
            shutil.rmtree(store)
            results.append({"what": f"{datums} datums planned with -Xmx{self.HEAP_MB}m", **said,
                            "cpu_s": round(sum(end[2:4]) - sum(start[2:4]), 1),
                            "limit": "it ends", "met": said["datums"] == datums})
        return results

    def bench(self, heap, what, store, *words):
        scratch = self.work / "scratch"
        scratch.mkdir(exist_ok=True)
        return subprocess.run(
            [launched_java(), heap, "-XX:+UseSerialGC", "-cp", self.classes,
             "io.beamwright.pipelines.compile.LargePlanBench", what, f"file:{store}", str(scratch),
             *words], check=True, stdout=subprocess.PIPE, text=True).stdout


KINDS = {"submit": Submit, "cmd": Commands, "sql": Queries, "plan": Planned}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=KINDS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--datums", type=int)
    parser.add_argument("--only", default="", help="only this runner; without it cmd and sql use flink")
    parser.add_argument("--here", action="store_true", help="submit to no clusters")
    parser.add_argument("--work")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    measure([BEAMWRIGHT, "version"])  # Builds what is not built.
    work = Path(tempfile.mkdtemp(prefix="beamwright-stages-", dir=options.work))
    try:
        results = KINDS[options.what](work, options).run()
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    load = os.getloadavg()[0]
    if options.json:
        print(json.dumps({"cpus": os.cpu_count(), "load": load, "results": results}, indent=2))
        return
    for result in results:
        print(result.pop("what"))
        print("  " + ", ".join(f"{name} {value}" for name, value in result.items()))
    print(f"{os.cpu_count()} CPUs, load {load:.1f}")


main()
