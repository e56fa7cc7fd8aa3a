#!/usr/bin/python3
"""symbols_test - no two rooms give a function the same name: the linker takes the first one it meets, and says nothing.

    symbols_test.py FILE ...    archives and object files of one program"""
# SPDX-License-Identifier: Apache-2.0
import collections
import re
import subprocess
import sys


def main():
    told = subprocess.run(["nm", "-g", "--defined-only", *sys.argv[1:]], check=True, capture_output=True, text=True).stdout
    names = collections.Counter(found[1] for found in re.finditer(r"^[0-9a-f]+ [BDRT] (\w+)$", told, re.M))
    twice = sorted(name for name, count in names.items() if count > 1)
    for name in twice:
        print(f"{name}: defined twice; give one of them the name of its noun")
    print(f"{len(names)} names, {len(twice)} twice")
    return 1 if twice or not names else 0


if __name__ == "__main__":
    sys.exit(main())
