# SPDX-License-Identifier: Apache-2.0
"""Runs classes of the tests of versioning/core, for what has to be measured inside a JVM."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "versioning" / "core" / "target"
JACKSON = ".m2/repository/com/fasterxml/jackson/core/*/*/*.jar"


def java():
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def compile_classes():
    subprocess.run([str(ROOT / "mvnw"), "-q", "-Dfast", "-pl", "versioning/core", "-am",
                    "test-compile"], cwd=ROOT, check=True, stdout=sys.stderr)


def run(name, *arguments, options=()):
    """What the class prints; its name is relative to io.beamwright.versioning."""
    newest = {jar.parent.parent.name: str(jar) for jar in sorted(Path.home().glob(JACKSON))}
    class_path = os.pathsep.join([str(CORE / "classes"), str(CORE / "test-classes"),
                                  *newest.values()])
    command = [java(), *options, "-cp", class_path, f"io.beamwright.versioning.{name}",
               *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
