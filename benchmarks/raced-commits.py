#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Races commits on one branch from several processes, and counts what was lost.

  benchmarks/raced-commits.py file:/tmp/store
  benchmarks/raced-commits.py hdfs://namenode:8020/tmp/store
  benchmarks/raced-commits.py s3://bucket/store
  benchmarks/raced-commits.py hdfs             # starts a NameNode and a DataNode of its own
  benchmarks/raced-commits.py s3               # starts an S3Proxy of its own

Every commit that a writer was told of must be in the branch's history, once. Beside it, a twentieth
as many commits of a round by one thread that nobody races: what a commit costs by itself. With
--rounds, the commits are shared out to as many stores, one after the other: a listing of one key costs S3Proxy
the more, the more keys there are. Plain Python.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTKIT = "io.beamwright.versioning.testkit."
HDFS_SERVERS = "io.beamwright.versioning.storage.hdfs.server.HdfsProcesses"
SERVERS = {"hdfs": "io.beamwright.versioning.storage.hdfs.server.HdfsProcesses",
           "s3": "io.beamwright.versioning.storage.s3.server.S3Proxy"}
JAVA = [str(Path(os.environ["JAVA_HOME"], "bin", "java")) if "JAVA_HOME" in os.environ else "java",
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


def class_path(module, scratch):
    """The class path of a storage's module and the testkit, which are compiled if they are not."""
    out = Path(scratch, "classpath.txt")
    subprocess.run([str(ROOT / "mvnw"), "-q", "-Dfast", "-pl", module, "-am", "test-compile",
                    "dependency:build-classpath", f"-Dmdep.outputFile={out}",
                    "-DincludeScope=test"], cwd=ROOT, check=True)
    return os.pathsep.join([str(ROOT / module / "target" / "classes"), out.read_text().strip()])


def race(classes, store, commits, processes, threads):
    """Runs one race; its result as a dictionary. What writers were told goes to standard error."""
    run = subprocess.run(
        [*JAVA, "-cp", classes, TESTKIT + "RacedCommits", store, str(commits), str(processes),
         str(threads)], stdout=subprocess.PIPE, text=True)
    if not run.stdout.strip():
        sys.exit(f"the race did not end: exit code {run.returncode}")
    return {"store": store, "processes": processes, "threads": threads, **json.loads(run.stdout)}


def race_in_rounds(classes, store, options):
    """The sum of all rounds, each in a store of its own."""
    rounds = []
    for number in range(options.rounds):
        suffix = f"-{number}" if options.rounds > 1 else ""
        rounds.append(race(classes, store + suffix, options.commits // options.rounds,
                           options.processes, options.threads))
        print(f"round {number + 1} of {options.rounds}: {rounds[-1]}", file=sys.stderr)
    total = {key: sum(one[key] for one in rounds)
             for key in ("commits", "seconds", "lost", "failed")}
    total["seconds"] = round(total["seconds"], 1)
    return {**rounds[0], **total, "per_second": round(total["commits"] / total["seconds"], 1)}


def serve(classes, scheme, scratch):
    """Starts servers that end when their input is closed; and the URI of a store in them."""
    servers = subprocess.Popen([*JAVA, "-cp", classes, SERVERS[scheme], scratch],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in servers.stdout:
        line = line.strip()
        if "://" in line.split("=")[0]:
            return servers, line + "/store"
        # What the writers' processes need to find it.
        name, value = line.split("=", 1)
        os.environ[name] = value
    sys.exit(f"{SERVERS[scheme]} did not start")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", help="the URI of a store; or hdfs or s3, for servers of its own")
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8, help="of each process")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="raced-commits-")
    servers = None
    try:
        store = options.store
        scheme = store.split(":")[0]
        classes = class_path("versioning/storage-" + scheme.replace("file", "hdfs"), scratch)
        if store in SERVERS:
            servers, store = serve(classes, scheme, scratch)
        raced = race_in_rounds(classes, store, options)
        alone = race(classes, store + "-alone", max(1, options.commits // 20 // options.rounds),
                     1, 1)
    finally:
        if servers:
            servers.stdin.close()
            servers.wait()
        shutil.rmtree(scratch, ignore_errors=True)
    if options.json:
        print(json.dumps({"raced": raced, "alone": alone}))
    else:
        for name, one in (("raced", raced), ("alone", alone)):
            print(f"{name}: {one['commits']} commits by {one['processes']} processes of "
                  f"{one['threads']} threads in {one['seconds']} s, {one['per_second']} a second; "
                  f"{one['lost']} lost, {one['failed']} failed")
    sys.exit(1 if raced["lost"] + raced["failed"] + alone["lost"] + alone["failed"] else 0)


if __name__ == "__main__":
    main()
