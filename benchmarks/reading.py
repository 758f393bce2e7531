#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a `sql` stage pays to read a file by our rules, beside DuckDB that guesses: CPU seconds of
reading many rows less those of reading ten, one thread, interleaved."""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import core_classes

ROOT = core_classes.ROOT
MODULE = ROOT / "transforms" / "core"
WAYS = [  # (what, our way, file, limit)
    ("Parquet of ours", "ours", "parquet", 1.1),
    ("Parquet of another writer", "ours", "foreign.parquet", 1.1),
    ("CSV, columns declared", "ours-declared", "csv", 1.3),
    ("CSV, types inferred", "ours", "csv", 2.5),
]


def class_path():
    listing = Path(tempfile.mkdtemp()) / "cp"
    subprocess.run([str(ROOT / "mvnw"), "-q", "-Dfast", "-pl", "transforms/core", "-am",
                    "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={listing}",
                    "-Dmdep.includeScope=test"], cwd=ROOT, check=True, stdout=sys.stderr)
    target = MODULE / "target"
    return os.pathsep.join([str(target / "test-classes"), str(target / "classes"),
                            listing.read_text().strip()])


def cpu(path, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([core_classes.java(), "-Xmx1g", "-XX:+UseSerialGC", "-cp", path,
                    "io.beamwright.transforms.sql.ReadingCost", *map(str, arguments)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--class-path", help="of transforms/core and its tests; else it is built")
    options = parser.parse_args()
    path = options.class_path or class_path()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in (10, options.rows):
            cpu(path, "make", folder, rows)
        print(f"| {options.rows} rows | limit | ours, CPU s | DuckDB, CPU s | ratio |")
        print("| --- | --- | --- | --- | --- |")
        for what, way, extension, limit in WAYS:
            seconds = {way: [], "duckdb": []}
            for _ in range(options.runs):
                for each, taken in seconds.items():
                    taken.append(cpu(path, each, folder / f"{options.rows}.{extension}")
                                 - cpu(path, each, folder / f"10.{extension}"))
            ours, theirs = (statistics.median(seconds[each]) for each in (way, "duckdb"))
            print(f"| {what} | {limit} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} |",
                  flush=True)


if __name__ == "__main__":
    main()
