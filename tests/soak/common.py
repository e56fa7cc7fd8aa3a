"""common.py - how the soak tests run `cisterna`."""
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = os.environ.get("CISTERNA_RELEASE", str(ROOT / "build/release/app/cisterna"))


def cisterna(*words):
    """Runs it from the project's root and returns the finished process."""
    return subprocess.run([RELEASE, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)
