#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a store by fsck, beside sha256sum of the same files."""

import argparse
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = str(ROOT / "beamwright")
MIB = 1 << 20


def timed(words, **more):
    begin = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **more)
    return time.monotonic() - begin


def fill(folder, gib):
    """Large files, and small ones that go into packs, half of the bytes each."""
    source = random.Random(1)
    half = gib * 512
    for number in range(int(half / 256)):
        with open(folder / f"large-{number}", "wb") as out:
            for _ in range(256):
                out.write(source.randbytes(MIB))
    for number in range(int(half * 4)):
        (folder / f"small-{number}").write_bytes(source.randbytes(MIB // 4))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=float, default=2, help="size of the store")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    processors = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        files, store = pathlib.Path(folder, "files"), pathlib.Path(folder, "store")
        files.mkdir()
        fill(files, arguments.gib)
        at = ["--store", store.as_uri()]
        subprocess.run([COMMAND, *at, "create", "repo", "data"], check=True, stdout=subprocess.DEVNULL)
        put = [COMMAND, *at, "put", "file", "data@master:/", "-r", "-f", str(files)]
        subprocess.run(put, check=True, stdout=subprocess.DEVNULL)
        objects = [str(path) for path in (store / "objects").rglob("*") if path.is_file()]
        size = sum(os.path.getsize(path) for path in objects)
        listed = "\0".join(objects).encode()
        sums = ["xargs", "-0", "-n", "8", "-P", str(processors), "sha256sum"]
        timed(sums, input=listed)  # so that both find the files in memory
        peer = timed(sums, input=listed)
        ours = timed([COMMAND, *at, "fsck"])
    result = {
        "bytes": size,
        "processors": processors,
        "fsck_seconds": round(ours, 2),
        "sha256sum_seconds": round(peer, 2),
        "fsck_gb_per_second_and_processor": round(size / 1e9 / ours / processors, 2),
        "sha256sum_gb_per_second_and_processor": round(size / 1e9 / peer / processors, 2),
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        for name, value in result.items():
            print(f"{name:40} {value}")


if __name__ == "__main__":
    main()
