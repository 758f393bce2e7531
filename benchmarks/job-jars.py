#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the job jars: the bitcoin sample by `flink run` and by `spark-submit`, on real clusters.

Builds the jars and the tests' clusters, starts each cluster, has its own command run the sample's
job, and compares the trees of all stages with those of ./beamwright on direct. Plain Python.

  benchmarks/job-jars.py [--runner flink|spark] [--built] [--keep FOLDER] [--say]
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample-data" / "bitcoin"
STAGES = ["clean", "features", "monthly", "yearly", "report"]
RUN = ["run", str(SAMPLE / "pipeline.json"), "--put", f"prices={SAMPLE / 'prices'}"]


def run(words, **more):
    """Runs a command that must succeed; what it printed."""
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))[:2000]}: exit {done.returncode}\n{done.stdout[-8000:]}")
    return done.stdout


def build(runners):
    for runner in runners:
        maven = ["./mvnw", "-q", "-B", "-Dfast"]
        run(maven + ["-DskipTests", "-pl", f"runners/{runner}/servers", "-am", "package"], cwd=ROOT)
        run(maven + ["-Dmaven.test.skip=true", "-Pjob-jar", "-pl", f"runners/{runner}/job", "-am",
                     "package"], cwd=ROOT)


def trees(store):
    """The tree of each stage: the same digest is the same files, byte for byte."""
    return {stage: json.loads(run([ROOT / "beamwright", "inspect", "commit", f"{stage}@master",
                                   "--store", store, "--json"]))["commit"]["tree"]
            for stage in STAGES}


def classes(module):
    return str(ROOT / module / "target" / "classes")


class Cluster:
    """One of the tests' own, whose servers are processes; ends with this."""

    def __init__(self, runner, folder):
        main = {"flink": "flink.server.FlinkCluster", "spark": "spark.server.SparkCluster"}[runner]
        path = ":".join([classes(f"runners/{runner}/servers"), classes("versioning/servers")])
        self.process = subprocess.Popen(
            ["java", "-cp", path, f"io.beamwright.runners.{main}", str(folder), "1", "2"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.master = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def servers_path(runner):
    built = Path(classes(f"runners/{runner}/servers"))
    return (built / f"io/beamwright/runners/{runner}/server/{runner}.classpath").read_text()


def flink_run(folder, master, jar, words):
    environment = {**os.environ, "FLINK_CONF_DIR": str(folder / "conf")}
    java = ["java", f"-Dlog4j2.configurationFile={folder / 'conf' / 'log4j2.properties'}",
            "-cp", f"{folder / 'conf'}:{servers_path('flink')}",
            "org.apache.flink.client.cli.CliFrontend"]
    return run(java + ["run", "-m", master, str(jar)] + words, env=environment)


def spark_submit(folder, master, jar, words):
    home = folder / "spark"
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.12"}
    java = ["java", f"@{home / 'conf' / 'jvm-flags'}",
            f"-Dlog4j2.configurationFile={home / 'conf' / 'log4j2.properties'}",
            "-cp", f"{home / 'conf'}:{servers_path('spark')}",
            "org.apache.spark.deploy.SparkSubmit"]
    return run(java + ["--master", master, "--conf", "spark.driver.userClassPathFirst=true",
                       "--conf", "spark.executor.memory=1g",
                       "--class", "io.beamwright.cli.Beamwright", str(jar)] + words,
               env=environment)


COMMANDS = {"flink": flink_run, "spark": spark_submit}


def prove(runner, folder, expected, say):
    jar = next((ROOT / "runners" / runner / "job" / "target").glob(f"beamwright-{runner}-job-*.jar"))
    store = f"file:{folder / 'store'}"
    with Cluster(runner, folder / "cluster") as cluster:
        begun = time.monotonic()
        said = COMMANDS[runner](folder / "cluster", cluster.master, jar,
                                RUN + ["--runner", runner, "--store", store])
        seconds = time.monotonic() - begun
    if say:
        print(said)
    found = trees(store)
    wrong = [stage for stage in STAGES if found[stage] != expected[stage]]
    jobs = json.loads(run([ROOT / "beamwright", "list", "job", "--store", store, "--json"]))["jobs"]
    at = {job.get("cluster", {}).get("master") for job in jobs}
    print(f"{runner}: {jar.stat().st_size / 1e6:.0f} MB, {seconds:.0f} s, at {at}, "
          + (f"OTHER TREES OF {wrong}" if wrong else f"the same trees of {len(STAGES)} stages"))
    return not wrong and at == {cluster.master}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runner", choices=sorted(COMMANDS))
    parser.add_argument("--built", action="store_true", help="build nothing")
    parser.add_argument("--keep", type=Path, help="an empty folder for stores and logs")
    parser.add_argument("--say", action="store_true", help="print what the commands print")
    asked = parser.parse_args()
    runners = [asked.runner] if asked.runner else sorted(COMMANDS)
    if not asked.built:
        build(runners)
    with tempfile.TemporaryDirectory() as scratch:
        folder = (asked.keep or Path(scratch)).resolve()
        run([ROOT / "beamwright", *RUN, "--runner", "direct", "--store", f"file:{folder / 'direct'}"])
        expected = trees(f"file:{folder / 'direct'}")
        results = []
        for runner in runners:
            (folder / runner / "cluster").mkdir(parents=True)
            results.append(prove(runner, folder / runner, expected, asked.say))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
