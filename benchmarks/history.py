#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures questions about a long history, beside git on a repository of the same commits.

  benchmarks/history.py [--commits 10000] [--moves 100000] [--work FOLDER] [--json]

Makes the commits with HistoryBench, a class of the tests of versioning/core. FOLDER should be on a
file system in memory, or flushing 100,000 entries of a log to disk takes most of the time; what is
measured only reads.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import core_classes

ROUNDS = 9


def ours(work, commits, moves):
    return json.loads(core_classes.run("graph.HistoryBench", work, commits, moves))


def best(command):
    """The least wall milliseconds of a command, which includes the start of its process."""
    least = None
    for _ in range(ROUNDS):
        start = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took = (time.monotonic() - start) * 1e3
        least = took if least is None else min(least, took)
    return round(least, 1)


def git(work):
    repo = str(work / "repo.git")
    run = ["git", "-C", repo]
    subprocess.run(["git", "init", "-q", "--bare", repo], check=True)
    with open(work / "stream", "rb") as stream:
        subprocess.run([*run, "fast-import", "--quiet"], stdin=stream, check=True)
    log = [*run, "log", "--format=%H", "master", "--", "d00/f000"]
    base = [*run, "merge-base", "--all", "master", "dev"]
    times = {"log_ms": best(log), "merge_base_ms": best(base)}
    subprocess.run([*run, "commit-graph", "write", "--reachable", "--changed-paths",
                    "--no-progress"], check=True)
    times.update({"log_graph_ms": best(log), "merge_base_graph_ms": best(base)})
    times["touched"] = len(subprocess.run(log, capture_output=True, text=True,
                                          check=True).stdout.split())
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--moves", type=int, default=100_000)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    core_classes.compile_classes()
    work = Path(tempfile.mkdtemp(prefix="history-", dir=arguments.work))
    try:
        beamwright = ours(work, arguments.commits, arguments.moves)
        peer = git(work)
    finally:
        shutil.rmtree(work)
    if beamwright["touched"] != peer["touched"]:
        sys.exit(f"the logs differ: {beamwright['touched']} commits, git {peer['touched']}")
    if arguments.json:
        print(json.dumps({"beamwright": beamwright, "git": peer}, indent=2))
        return
    print(f"{arguments.commits} commits, best of {ROUNDS}, ms; git with the start of its process")
    rows = [
        ("log of a file, no cache", beamwright["log_cold_ms"], peer["log_ms"], ""),
        ("log of a file, cached", beamwright["log_warm_ms"], peer["log_graph_ms"], "500"),
        ("merge base, no cache", beamwright["merge_base_cold_ms"], peer["merge_base_ms"], ""),
        ("merge base, cached", beamwright["merge_base_warm_ms"], peer["merge_base_graph_ms"], "500"),
        (f"head of a branch with {arguments.moves} moves", beamwright["head_ms"], "-", "2"),
    ]
    print(f"{'question':45}{'beamwright':>12}{'git':>10}{'limit':>8}")
    for name, one, other, limit in rows:
        print(f"{name:45}{one:>12}{other:>10}{limit:>8}")


if __name__ == "__main__":
    main()
