#!/usr/bin/python3
"""spine_library_test.py - the spine as a library of its own: it is installed into a folder, its example is compiled with nothing
but what pkg-config says, and tells what `cisterna spine` tells of the same doses.

    spine_library_test.py CISTERNA BUILD SOURCE COMPILER "FLAGS OF THE BUILD"
"""
# SPDX-License-Identifier: Apache-2.0
import csv
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile

DOSES = "TIME[h],AMT[mg],RATE[mg/h]\n0,0.25,0\n0,1,0.0416666666666667\n"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, timeout=300, **more).stdout


def example(folder, build, source, compiler, flags):
    """What the example prints, once it is installed: {(hour, level): ng/mL}."""
    run("cmake", "--install", build, "--component", "spine", "--prefix", folder / "usr")
    environment = dict(os.environ, PKG_CONFIG_PATH=str(folder / "usr/lib/pkgconfig"))
    told = run("pkg-config", "--cflags", "--libs", "cisterna-spine", env=environment).split()
    program = folder / "example"
    run(compiler, *flags.split(), "-std=c11", "-Wall", "-Werror", source / "examples/spine.c", *told, "-o", program, cwd=folder)
    found = {}
    for line in run(program).splitlines():
        hour = float(line.split(" h ")[0])
        found.update({(hour, level): float(value) for level, value in re.findall(r"(\w+) (\S+) ng/mL", line)})
    return found


def main():
    cisterna, build, source, compiler, flags = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        found = example(folder, build, pathlib.Path(source), compiler, flags)
        (folder / "doses.csv").write_text(DOSES, encoding="utf-8")
        out = run(cisterna, "spine", folder / "doses.csv", "--drug", "morphine", "--until", "24 h", "--levels", "L2,T6,C1")
    told = {(float(row["TIME[h]"]), row["LEVEL"]): float(row["CSF[ng/mL]"]) for row in csv.DictReader(io.StringIO(out))}
    # Other steps are taken there, within the same tolerance.
    far = {key: (value, told[key]) for key, value in found.items() if abs(value - told[key]) > 2e-3 * max(value, 1)}
    print(len(found), "values; apart:", far)
    return 0 if len(found) == 72 and not far else 1


if __name__ == "__main__":
    sys.exit(main())
