"""formulary_common.py - what the tests of the formulary's files share: the files, the program, and exact amounts read by hand."""
# SPDX-License-Identifier: Apache-2.0
import fractions
import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted(path for path in (ROOT / "formulary").glob("*.json") if path.name != "release.json")
RELEASE = ROOT / "formulary/release.json"

MASS = {"mg": 10**12, "mcg": 10**9}  # fg
UNITS = {
    **{f"{unit}/mL": ("ng/mL", fg // 10**6) for unit, fg in MASS.items()},
    **{unit: ("fg", fg) for unit, fg in MASS.items()},
    **{f"{unit}/day": ("fg/day", fg) for unit, fg in MASS.items()},
    "d": ("ms", 86400000), "h": ("ms", 3600000), "%": ("millionths", 10000), "": ("1", 1),
}


def base(text):
    """An amount as (unit of the integer, exact number of it)."""
    number, unit = re.fullmatch(r"([0-9.]+) ?(.*)", text).groups()
    name, factor = UNITS[unit]
    return name, fractions.Fraction(number) * factor


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cisterna(program, *words, **how):
    """Runs `cisterna formulary ...`, from the project's root unless told otherwise."""
    how.setdefault("cwd", ROOT)
    return subprocess.run([program, "formulary", *map(str, words)], capture_output=True, text=True, check=False, **how)


def figures(value, path=()):
    """Every object with a "value" or a "text" and an origin, with its path."""
    if isinstance(value, dict) and path[:1] != ("sources",):
        if ("value" in value or "text" in value) and path:
            yield path, value
            return
        for key, inner in value.items():
            yield from figures(inner, (*path, key))
    elif isinstance(value, list) and path[:1] != ("sources",):
        for index, inner in enumerate(value):
            yield from figures(inner, (*path, index))


def spelt(path):
    """("starts", 0, "low") as "starts[0].low"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
