#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures garbage collection of a local store of many objects, half of which nothing needs.

  benchmarks/gc.py [--objects 1000000] [--work FOLDER] [--json]

Makes the store and collects it with GcBench, a class of the tests of versioning/core, which must
have been compiled: ./mvnw -q -Dfast -pl versioning/core -am test-compile. Beside it, the floor: to
list all files with their times and sizes twice (find), and to delete half of them (rm).
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "versioning" / "core" / "target"


def class_path():
    newest = {}
    for jar in sorted(Path.home().glob(".m2/repository/com/fasterxml/jackson/core/*/*/*.jar")):
        newest[jar.parent.parent.name] = str(jar)
    return ":".join([str(CORE / "classes"), str(CORE / "test-classes"), *newest.values()])


def bench(store, objects, what):
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    command = [java, "-Xmx1g", "-cp", class_path(), "io.beamwright.versioning.gc.GcBench",
               str(store), str(objects), what]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


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
    if not (CORE / "test-classes").is_dir():
        sys.exit("Compile first: ./mvnw -q -Dfast -pl versioning/core -am test-compile")
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
