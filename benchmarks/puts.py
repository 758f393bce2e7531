#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures putting files into a local store, each row beside its peer in the same run.

Wall and CPU seconds of whole commands. Command and peer take turns, so that a busy machine slows
both; a peer that is not installed is left out, and that is said. Plain Python, no packages.

  benchmarks/puts.py [--quick] [--only WORD] [--runs N] [--folder FOLDER] [--json]

--quick takes a sixteenth of the large file and a hundredth of the files, for trying the script.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import core_classes

ROOT = Path(__file__).resolve().parent.parent
BEAMWRIGHT = str(ROOT / "beamwright")
FILES_IN_FOLDER = 1000


def run(command, env=None, cwd=None):
    """Runs a command: its wall seconds and CPU seconds. A failure ends the benchmark."""
    # What others wrote before is not to be flushed at this one's cost.
    os.sync()
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, env=env, cwd=cwd)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n"
                     + output.read().decode(errors="replace"))
    return wall, usage.ru_utime + usage.ru_stime


def sync_folder(folder):
    """Makes every file of a folder durable, as a put does before it returns."""
    start = time.monotonic()
    for file in (folder, *folder.rglob("*")):
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return time.monotonic() - start


class Store:
    """A new store with one repo, and a cache of its own."""

    def __init__(self, folder):
        self.root = folder / "store"
        self.env = {**os.environ, "BEAMWRIGHT_STORE": f"file:{self.root}",
                    "BEAMWRIGHT_CACHE": str(folder / "cache")}
        run([BEAMWRIGHT, "create", "repo", "data"], self.env)

    def put(self, source, heap=None):
        env = {**self.env, "BEAMWRIGHT_JAVA_OPTS": f"-Xmx{heap}"} if heap else self.env
        return run([BEAMWRIGHT, "put", "file", "data@master:/", "-r", "-f", str(source)], env)

    def diff(self):
        return run([BEAMWRIGHT, "diff", "file", "data@master^", "data@master"], self.env)

    def files(self, *spaces):
        """Name and size of everything that lies there."""
        return {file: file.stat().st_size for space in spaces
                for file in (self.root / space).rglob("*") if file.is_file()}


def make_files(folder, count, size, seed):
    """As many files of random bytes, a thousand in each folder, written long enough ago."""
    source = random.Random(seed)
    for first in range(0, count, FILES_IN_FOLDER):
        below = folder / f"d{first // FILES_IN_FOLDER:04d}"
        below.mkdir(parents=True)
        for i in range(first, min(count, first + FILES_IN_FOLDER)):
            (below / f"f{i % FILES_IN_FOLDER:04d}").write_bytes(source.randbytes(size))


def has_git_lfs():
    return shutil.which("git") and not subprocess.run(
        ["git", "lfs", "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


class GitLfs:
    """A repository in which every file goes to git-lfs."""

    def __init__(self, folder):
        self.root = folder
        folder.mkdir()
        for command in (["git", "init", "-q"], ["git", "lfs", "install", "--local"],
                        ["git", "lfs", "track", "*"]):
            run(command, cwd=folder)

    def add(self, source):
        shutil.copytree(source, self.root / "data")
        return run(["git", "add", "data"], cwd=self.root)


class Benchmarks:

    def __init__(self, work, quick, runs):
        self.work = work
        self.quick = quick
        self.runs = runs
        self.made = 0

    def new_folder(self):
        self.made += 1
        folder = self.work / str(self.made)
        folder.mkdir()
        return folder

    def all(self):
        return {"one-large": self.one_large, "many-small": self.many_small,
                "million": self.million}

    def one_large(self):
        """One file of 1 GiB."""
        source = self.new_folder() / "source"
        source.mkdir()
        mebibytes = 64 if self.quick else 1024
        with open(source / "large", "wb") as out:
            for _ in range(mebibytes):
                out.write(os.urandom(1 << 20))
        ours, floors, lfs = [], [], []
        for _ in range(self.runs):
            ours.append(self.in_new_store(source)[0])
            floors.append(self.floor(source / "large"))
            if has_git_lfs():
                lfs.append(self.git_add(source))
        size = f"one file of {mebibytes} MiB"
        yield row(f"put {size}", ours, "openssl dgst -sha256, cp, fsync", floors, 1.5)
        yield row(f"put {size}", ours, "git add under git-lfs", lfs, 0.5)

    def many_small(self):
        """10,000 files of 10 KiB."""
        source = self.new_folder() / "source"
        count = 100 if self.quick else 10_000
        make_files(source, count, 10 << 10, 1)
        ours, lfs, objects = [], [], 0
        for _ in range(self.runs):
            measured, store = self.in_new_store(source)
            ours.append(measured)
            objects = len(store.files("objects"))
            if has_git_lfs():
                lfs.append(self.git_add(source))
        yield row(f"put {count} files of 10 KiB", ours, "git add under git-lfs", lfs, 0.2)
        yield limit(f"objects of {count} files of 10 KiB", objects, 20)

    def million(self):
        """1,000,000 files of 100 bytes: at first, again, and after a change of ten."""
        folder = self.new_folder()
        source = folder / "source"
        count = 10_000 if self.quick else 1_000_000
        make_files(source, count, 100, 2)
        # What is younger than two seconds is not trusted to have stayed as it is.
        while time.time() - (source / "d0000").stat().st_mtime < 3:
            time.sleep(0.1)
        store = Store(folder)
        yield limit(f"put {count} files of 100 B, -Xmx1g, s", store.put(source, "1g")[0], 90)
        yield limit("  objects (packs)", len(store.files("objects")), 40)
        yield limit("  MB of tree", sum(store.files("trees").values()) / 1e6, 45)
        yield limit("put again, nothing changed, s", store.put(source, "1g")[0], 8)
        before = store.files("objects", "trees", "commits")
        changed = random.Random(3).sample(sorted(source.rglob("f*")), 10)
        for file in changed:
            file.write_bytes(os.urandom(100))
        yield limit("put after 10 changed, whole command, s", store.put(source, "1g")[0], 8)
        new = {f: s for f, s in store.files("objects", "trees", "commits").items()
               if f not in before}
        yield limit("  new objects, nodes and commits", len(new), 20)
        yield limit("  MB of them", sum(new.values()) / 1e6, 1)
        yield note("diff of that, whole command, s", store.diff()[0])
        warm = json.loads(core_classes.run("WarmBench", f"file:{store.root}", "data"))
        yield limit("commit 10 changed in a warm process, ms", warm["commit_ms"], 200)
        yield limit("  diff of that, ms", warm["diff_ms"], 50)

    def in_new_store(self, source):
        folder = self.new_folder()
        store = Store(folder)
        return store.put(source), store

    def floor(self, file):
        copy = self.new_folder() / "copy"
        hashed = run(["openssl", "dgst", "-sha256", str(file)])
        copied = run(["cp", str(file), str(copy)])
        synced = sync_folder(copy.parent)
        copy.unlink()
        return hashed[0] + copied[0] + synced, hashed[1] + copied[1]

    def git_add(self, source):
        return GitLfs(self.new_folder() / "git").add(source)


def median(runs):
    return statistics.median(wall for wall, _ in runs)


def cpu(runs):
    return statistics.median(seconds for _, seconds in runs)


def row(name, ours, peer, theirs, most):
    if not theirs:
        return {"what": name, "ours": median(ours), "peer": f"{peer}: not installed"}
    ratio = median(ours) / median(theirs)
    return {"what": name, "ours": median(ours), "peer": peer, "theirs": median(theirs),
            "ratio": ratio, "cpu_ratio": cpu(ours) / cpu(theirs), "limit": most,
            "met": ratio <= most}


def limit(name, value, most):
    return {"what": name, "ours": value, "limit": most, "met": value <= most}


def note(name, value):
    return {"what": name, "ours": value}


def shown(found):
    line = f"{found['what']:<45} {found['ours']:>10.2f}"
    if "ratio" in found:
        line += (f"   {found['ratio']:.2f} of {found['theirs']:.2f}, {found['cpu_ratio']:.2f} of the"
                 f" CPU seconds ({found['peer']})")
    elif "peer" in found:
        line += f"   ({found['peer']})"
    if "limit" in found:
        line += f"   limit {found['limit']}: {'met' if found['met'] else 'NOT MET'}"
    return line


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--quick", action="store_true", help="small sizes, to try the script")
    options.add_argument("--only", default="", metavar="WORD", help="rows whose name has WORD")
    options.add_argument("--runs", type=int, default=3, help="of what is compared with a peer")
    options.add_argument("--folder", help="where to work (default: the temporary folder)")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    run([BEAMWRIGHT, "version"])
    core_classes.compile_classes()
    with tempfile.TemporaryDirectory(dir=given.folder) as work:
        found = []
        for name, benchmark in Benchmarks(Path(work), given.quick, given.runs).all().items():
            if given.only in name:
                for one in benchmark():
                    found.append(one)
                    if not given.json:
                        print(shown(one), flush=True)
    if given.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
