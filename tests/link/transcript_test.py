#!/usr/bin/python3
"""transcript_test - link/transcript.md holds what the pump and the programmer really say, byte by byte.

    transcript_test.py TRANSCRIPT [--write]

TRANSCRIPT is the program that says it, a line for each value: a name and its bytes. The page has a block for each of them, and
for each message a block of text, which protoc reads from its bytes. With --write the blocks of the page are written anew.
"""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "link" / "transcript.md"
BLOCK = re.compile(r"^```(hex|text) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def said(program):
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return {name: bytes.fromhex(digits) for name, digits in (line.split(" ") for line in output.splitlines())}


def hex_block(data):
    return "".join(data[at:at + 16].hex(" ") + "\n" for at in range(0, len(data), 16))


def text_block(name, plain):
    kind = "cisterna.Request" if name.endswith("_request") else "cisterna.Reply"
    return subprocess.run(["protoc", f"--decode={kind}", "link/cisterna.proto"], input=plain, capture_output=True, check=True,
                          cwd=ROOT).stdout.decode()


def page_anew(page, values):
    """The page with its blocks filled in, and the names of the values that have none."""
    left = set(values)

    def block(match):
        kind, name = match[1], match[2]
        if kind == "text":
            return f"```text {name}\n{text_block(name, values[f'{name}_plain'])}```"
        left.remove(name)
        return f"```hex {name}\n{hex_block(values[name])}```"

    return BLOCK.sub(block, page), left


def main():
    page = PAGE.read_text(encoding="utf-8")
    values = said(sys.argv[1])
    anew, left = page_anew(page, values)
    if left:
        print(f"{PAGE.name} has no block for: {', '.join(sorted(left))}", file=sys.stderr)
        return 1
    if "--write" in sys.argv[2:]:
        PAGE.write_text(anew, encoding="utf-8")
        return 0
    faults = [match[2] for match, other in zip(BLOCK.finditer(page), BLOCK.finditer(anew)) if match[0] != other[0]]
    if faults:
        print(f"{PAGE.name} says something else than the code of: {', '.join(faults)}", file=sys.stderr)
        return 1
    print(f"{len(values)} values of {PAGE.name} are what the code says")
    return 0 if page == anew and values else 1


if __name__ == "__main__":
    sys.exit(main())
