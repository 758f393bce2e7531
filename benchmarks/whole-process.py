#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures whole commands, from the shell's point of view, each beside a floor in the same run.

Wall and CPU seconds (user and system, of the process and all it waited for), the median of five
runs; command and floor take turns, so that a busy machine slows both. Plain Python, no packages.

  benchmarks/whole-process.py [--runs N] [--only WORD] [--json]
"""
import argparse
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from launched import BEAMWRIGHT, ROOT, launch_folder, launched_java, measure, medians

BITCOIN = ROOT / "sample-data" / "bitcoin"
QUICK_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]

EMPTY_MAIN = "public class EmptyMain { public static void main(String[] args) {} }"
EMPTY_PIPELINE = """
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

public class EmptyPipeline {
  public static void main(String[] args) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(Create.of(1));
    pipeline.run().waitUntilFinish();
    System.exit(0);
  }
}
"""


class Floors:
    """What the same machine needs for the least that a command cannot do without."""

    def __init__(self, work):
        java = launched_java()
        self.java = java
        self.classes = work / "floors"
        self.classes.mkdir()
        self.build = Path((launch_folder(java) / "current").read_text().strip())
        self.class_path = ":".join((self.build / "full.jars").read_text().split("\n")).strip(":")
        self.compile("EmptyMain", EMPTY_MAIN)
        self.compile("EmptyPipeline", EMPTY_PIPELINE)

    def compile(self, name, source):
        file = self.classes / f"{name}.java"
        file.write_text(source)
        javac = Path(self.java).with_name("javac")
        subprocess.run([javac, "-nowarn", "-cp", self.class_path, "-d", self.classes, file],
                       check=True)

    def empty_main(self):
        return [self.java, *QUICK_JVM, "-cp", str(self.classes), "EmptyMain"]

    def empty_pipeline(self):
        # With the same class data archive as a run has: the folder behind the jars does not harm it.
        return [self.java, f"@{self.build / 'full.args'}",
                "-cp", f"{self.class_path}:{self.classes}", "EmptyPipeline"]


class Benchmarks:
    """The commands, each with what prepares a run of it, its floor and its limits."""

    def __init__(self, work):
        self.work = work
        self.floors = Floors(work)
        self.stores = 0
        self.warm_store = None
        self.words = work / "words"
        self.words.mkdir()
        (self.words / "a.txt").write_text("one datum\n")
        self.one_datum_spec = work / "one-datum.json"
        self.one_datum_spec.write_text(json.dumps({
            "pipeline": {"name": "copied"},
            "input": {"pfs": {"repo": "words", "glob": "/*"}},
            "transform": {"cmd": ["cp", "/pfs/words/a.txt", "/pfs/out/a.txt"]},
        }))

    def all(self):
        jvm = "an empty JVM main"
        beam = "an empty Beam pipeline"
        return [
            Benchmark("version", self.version, jvm, self.floors.empty_main, wall=0.3),
            Benchmark("no-op run of bitcoin", self.noop_run, jvm, self.floors.empty_main,
                      wall=0.8, cpu=1.0),
            Benchmark("first run of bitcoin", self.first_run, beam, self.floors.empty_pipeline,
                      wall=15.0),
            Benchmark("one-datum cmd pipeline", self.one_datum, beam, self.floors.empty_pipeline,
                      wall=2.5),
            Benchmark("one-datum cmd pipeline", self.one_datum, "cp itself", self.copy_alone,
                      wall=2.5),
        ]

    def version(self):
        return [BEAMWRIGHT, "version"]

    def first_run(self):
        return self.bitcoin(self.new_store())

    def noop_run(self):
        if self.warm_store is None:
            self.warm_store = self.new_store()
            measure(self.bitcoin(self.warm_store))
        return self.bitcoin(self.warm_store)

    def one_datum(self):
        return [BEAMWRIGHT, "run", str(self.one_datum_spec), "--put", f"words={self.words}",
                "--store", self.new_store()]

    def copy_alone(self):
        return ["cp", str(self.words / "a.txt"), str(self.work / "copied.txt")]

    def bitcoin(self, store):
        return [BEAMWRIGHT, "run", str(BITCOIN / "pipeline.json"),
                "--put", f"prices={BITCOIN / 'prices'}", "--store", store]

    def new_store(self):
        self.stores += 1
        return f"file:{self.work}/store-{self.stores}"


class Benchmark:
    def __init__(self, name, command, floor_name, floor, wall, cpu=None):
        self.name, self.command = name, command
        self.floor_name, self.floor = floor_name, floor
        self.wall_limit, self.cpu_limit = wall, cpu

    def run(self, runs):
        measured, floors = [], []
        for _ in range(runs):
            measured.append(measure(self.command()))
            floors.append(measure(self.floor()))
        wall, cpu = medians(measured)
        floor_wall, floor_cpu = medians(floors)
        return {
            "command": self.name,
            "wall_s": wall, "wall_limit_s": self.wall_limit,
            "cpu_s": cpu, "cpu_limit_s": self.cpu_limit,
            "met": wall <= self.wall_limit and (self.cpu_limit is None or cpu <= self.cpu_limit),
            "floor": self.floor_name, "floor_wall_s": floor_wall, "floor_cpu_s": floor_cpu,
            "walls_s": [round(w, 3) for w, _ in measured],
        }


def table(results):
    def limit(value):
        return "" if value is None else f"≤ {value}"

    rows = [("command", "wall s", "limit", "CPU s", "limit", "met", "floor", "wall s", "CPU s")]
    rows += [(r["command"], f"{r['wall_s']:.2f}", limit(r["wall_limit_s"]), f"{r['cpu_s']:.2f}",
              limit(r["cpu_limit_s"]), "yes" if r["met"] else "NO", r["floor"],
              f"{r['floor_wall_s']:.2f}", f"{r['floor_cpu_s']:.2f}") for r in results]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default: 5)")
    parser.add_argument("--only", default="", help="only the commands with this word in their name")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()

    measure([BEAMWRIGHT, "version"])  # Builds what is not built.
    work = Path(tempfile.mkdtemp(prefix="beamwright-benchmark-"))
    try:
        chosen = [b for b in Benchmarks(work).all() if options.only in b.name]
        results = [benchmark.run(options.runs) for benchmark in chosen]
    finally:
        shutil.rmtree(work)
    if options.json:
        print(json.dumps({"runs": options.runs, "cpus": os.cpu_count(),
                          "load": os.getloadavg()[0], "results": results}, indent=2))
    else:
        print(table(results))
        print(f"\nmedian of {options.runs}; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")


main()
