"""common.py - what the scenario tests share: the two builds of `cisterna`, and how to run them."""
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEV = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
RELEASE = os.environ.get("CISTERNA_RELEASE", str(ROOT / "build/release/app/cisterna"))
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
FILES = ("summary.json", "events.ndjson", "series.csv", "report.pdf")


def cisterna(program, *words, **more):
    """Runs it from the project's root and returns the finished process."""
    return subprocess.run([program, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False, **more)
