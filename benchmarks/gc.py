#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures garbage collection of a local store of many objects, half of which nothing needs.

  benchmarks/gc.py [--objects 1000000] [--work FOLDER] [--json]

Makes the store and collects it with GcBench, a class of the tests of versioning/core. Beside it,
the floor: to list all files with their times and sizes twice (find), and to delete half of them
(rm). A store on a disk is mostly the disk: --work /dev/shm shows what is ours.
"""
import argparse
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import core_classes


def bench(store, objects, what):
    return core_classes.run("gc.GcBench", store, objects, what, options=["-Xmx1g"])


def floor(store, objects, work):
    """Seconds that find needs to list all files twice, and rm to delete half of them."""
    bench(store, objects, "make")
    names = work / "names"
    start = time.monotonic()
    for _ in range(2):
        with open(names, "w") as out:
            subprocess.run(["find", "objects", "trees", "commits", "-type", "f", "-printf",
                            "%p %s %T@\\n"], cwd=store, stdout=out, check=True)
    half = work / "half"
    with open(names) as all_names, open(half, "w") as out:
        for i, line in enumerate(all_names):
            if i % 2:
                out.write(line.split(" ")[0] + "\n")
    with open(half) as listed:
        subprocess.run(["xargs", "-d", "\\n", "rm", "-f"], cwd=store, stdin=listed, check=True)
    subprocess.run(["sync", "-f", str(store)], check=True)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=1_000_000)
    parser.add_argument("--work")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    core_classes.compile_classes()
    work = Path(tempfile.mkdtemp(dir=arguments.work))
    try:
        bench(work / "store", arguments.objects, "make")
        found = json.loads(bench(work / "store", arguments.objects, "collect"))
        shutil.rmtree(work / "store")
        found["floor_s"] = round(floor(work / "floor", arguments.objects, work), 1)
        found["objects"] = arguments.objects
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if arguments.json:
        print(json.dumps(found))
        return
    total = found["list_s"] + found["sweep_s"]
    print(f"gc of {found['objects']} objects, {found['deleted']} of them dead: {total:.1f} s "
          f"(to list {found['list_s']} s, to sweep {found['sweep_s']} s), "
          f"heap {found['heap_mb']} MB; limit 60 s, 1024 MB; find and rm: {found['floor_s']} s")


if __name__ == "__main__":
    main()
