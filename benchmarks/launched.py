# SPDX-License-Identifier: Apache-2.0
"""Runs what the launcher built, and says what a process took."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEAMWRIGHT = str(ROOT / "beamwright")


def measure(command, env=None):
    """Runs a command: its wall seconds and CPU seconds. A failure ends the benchmark."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{output.read().decode()}")
    return wall, usage.ru_utime + usage.ru_stime


def launched_java():
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    return os.path.realpath(java)


def launch_folder(java):
    version = None
    for line in (Path(java).parent.parent / "release").read_text().splitlines():
        name, _, quoted = line.partition("=")
        if name == "JAVA_RUNTIME_VERSION" or name == "JAVA_VERSION" and not version:
            version = quoted.strip('"')
    return ROOT / "target" / "launch" / version


def medians(pairs):
    return tuple(round(statistics.median(values), 3) for values in zip(*pairs))
