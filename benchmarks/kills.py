#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a run at random moments, and looks whether a program outlives it.

  benchmarks/kills.py [--moments 100] [--runner direct] [--seed 1]

Each time another signal (KILL, TERM, HUP, INT) goes to another target: the launcher, the JVM or
their process group; every second round of these is without a sandbox. Limit: all processes of the
programs are gone within five seconds, and the next run leaves no temporary file. Plain Python, no
packages.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from launched import BEAMWRIGHT, measure

SOON = 5.0
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
TARGETS = ("launcher", "jvm", "group")
# What it leaves is nobody's child: one of another session, one without an environment.
SCRIPT = ("(setsid sh -c 'while :; do sleep 0.1; done' {0} &);"
          "(env -i /bin/sh -c 'while :; do sleep 0.1; done' {0} &);"
          "sleep 0.4")


def processes(text):
    """The ids of processes with the text in their command line, but for the command's own."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                words = Path(f"/proc/{entry}/cmdline").read_bytes().decode("latin-1").split("\0")
            except OSError:
                continue
            if text in words or text in " ".join(words[2:3]).split():
                found.append(int(entry))
    return found


def child_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return next((int(c) for c in children
                 if "java" in Path(f"/proc/{c}/cmdline").read_text().split("\0")[0]), None)


class Kills:
    def __init__(self, work, options):
        self.work, self.options = work, options
        self.tmp = work / "tmp"
        self.tmp.mkdir()
        os.chmod(work, 0o711)
        os.chmod(self.tmp, 0o711)
        data = work / "data"
        data.mkdir()
        for i in range(12):
            (data / f"{i}.txt").write_text(str(i))
        self.env = {**os.environ, "BEAMWRIGHT_STORE": f"file:{work}/store",
                    "BEAMWRIGHT_JAVA_OPTS": f"-Djava.io.tmpdir={self.tmp}"}
        measure([BEAMWRIGHT, "create", "repo", "data"], self.env)
        measure([BEAMWRIGHT, "put", "file", "-r", "data@master:/", "-f", str(data)], self.env)
        # Builds what is not built: no moment waits for that.
        measure([BEAMWRIGHT, "run", self.spec("first", "true"), "--runner", options.runner],
                self.env)

    def spec(self, name, script):
        file = self.work / f"{name}.json"
        file.write_text(json.dumps(
            {"pipeline": {"name": "killed"}, "input": {"pfs": {"repo": "data", "glob": "/*"}},
             "transform": {"cmd": ["sh", "-c", script]}}))
        return str(file)

    def once(self, number, rng):
        name = f"beamwright-kill-{os.getpid()}-{number}"
        target, sign = TARGETS[number % len(TARGETS)], SIGNALS[number // len(TARGETS) % len(SIGNALS)]
        sandbox = "off" if number // len(TARGETS) // len(SIGNALS) % 2 else "required"
        command = [BEAMWRIGHT, "run", self.spec(name, SCRIPT.format(name)), "--sandbox", sandbox,
                   "--runner", self.options.runner]
        launcher = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    start_new_session=True)
        deadline = time.monotonic() + 120
        while not processes(name):
            if launcher.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{' '.join(command)}: no program began")
            time.sleep(0.01)
        time.sleep(rng.random() * 1.5)
        jvm = child_of(launcher.pid)
        if target == "group":
            os.killpg(launcher.pid, sign)
        else:
            os.kill(launcher.pid if target == "launcher" else jvm, sign)
        start = time.monotonic()
        took, left = 0.0, processes(name)
        # As long as the JVM is there, it may begin another.
        while (left or Path(f"/proc/{jvm}/cmdline").exists()) and time.monotonic() - start < 4 * SOON:
            if left:
                took = time.monotonic() - start
            time.sleep(0.02)
            left = processes(name)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        # What is left of the run itself: the JVM writes down that it was stopped.
        while launcher.poll() is None or jvm and Path(f"/proc/{jvm}/cmdline").exists():
            if time.monotonic() - start > 60:
                sys.exit(f"moment {number}: {target}, {sign.name}: the command does not end")
            time.sleep(0.05)
        return {"target": target, "signal": sign.name, "sandbox": sandbox,
                "seconds": round(took, 2), "left": len(left)}

    def run(self):
        rng = random.Random(self.options.seed)
        results = []
        for number in range(self.options.moments):
            results.append(self.once(number, rng))
            if not self.options.json:
                print(number, *results[-1].values(), flush=True)
        measure([BEAMWRIGHT, "run", self.spec("last", "true")], self.env)
        files = sorted(p.name for p in self.tmp.iterdir() if p.name.startswith("beamwright-"))
        worst = max(r["seconds"] for r in results)
        return {"moments": len(results), "worst_seconds": worst, "left_files": files,
                "outlived": sum(r["seconds"] > SOON or r["left"] > 0 for r in results),
                "met": worst <= SOON and not files and not any(r["left"] for r in results)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--runner", default="direct")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # A shell ignores Ctrl-C in what it starts in the background, and nohup a hang-up: a command that
    # inherited that would not be killed at all.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    measure([BEAMWRIGHT, "version"])
    work = Path(tempfile.mkdtemp(prefix="beamwright-kills-", dir="/var/tmp"))
    try:
        print(json.dumps(Kills(work, options).run()))
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
