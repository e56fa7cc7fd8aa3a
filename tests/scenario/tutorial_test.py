"""tutorial_test.py - the commands of a page of docs/tutorials in their order, in one shell: they say what the page says, but for
numbers of a run.

    tutorial_test.py --renew [PAGE ...]    writes what they say into the pages, such as link

A page without commands (nurse.md) is held to the pages it speaks of by tests/web/named_test.mjs.
"""
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import common

FOLDER = common.ROOT / "docs/tutorials"
MARK = "\x1e"


def volumes_masked(line):
    """Volumes that depend on how long the commands took."""
    return re.sub(r"\d+\.\d{6} mL", "VOLUME", line[1])


# What differs from run to run.
MASKS = ((r"\d+ \w+( \d+ \w+)? (ahead of|behind) this programmer's clock", "SO FAR from this programmer's clock"),
         (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(\+\d\d:\d\d)?", "TIME"), (r"\b[0-9a-f]{16}\b", "HEAD"),
         (r"\b[0-9a-f]{8}\b", "TOKEN"), (r"(?m)^((?:flowed|  besides|  reservoir).*)$", volumes_masked), (r"\b\d+ mC", "CHARGE"),
         (r"\b\d+ tokens", "TOKENS"), (r"\b\d+ s of", "SECONDS of"),
         (r"\b\d+ (frames|bytes)", r"COUNT \1"), (r"(ANSWER|DATA|COUNTER) \d+", r"\1 COUNT"),
         (r"(?m)^(  not accounted for +)\S+ mg +\S+ %", r"\1ROUNDING"))


def commands(page):
    """[the command's lines, where it begins, where what it says begins, where that ends], line numbers from 0."""
    found, inside = [], False
    for number, line in enumerate(page):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            found.append([[line[2:]], number, number + 1, number + 1])
        elif inside and (line == ">" or line.startswith("> ")) and found[-1][2] == number:
            found[-1][0].append(line[2:])
            found[-1][2:] = [number + 1, number + 1]
        elif inside:
            found[-1][3] = number + 1
    return found


def script(found):
    """All of them for one shell, a mark before each; who starts something waits until it listens."""
    lines = ["trap 'kill $(jobs -p) 2> jobs.log; wait' EXIT"]
    for command, *_ in found:
        lines += [f"printf '{MARK}'", *command]
        listens = re.search(r"--(?:state|as) (\S+) .*&$", command[-1])
        if listens:
            lines.append(f"until [ -S {listens[1]}/magnet ] && [ -S {listens[1]}/near ]; do kill -0 $! || exit 1; done")
    return "\n".join([*lines, f"printf '{MARK}'", ""])


def played(found):
    """What each command says."""
    with tempfile.TemporaryDirectory(prefix="tutorial-") as folder:
        named = pathlib.Path(folder) / "bin"
        named.mkdir()
        (named / "cisterna").symlink_to(common.DEV)
        environment = {**os.environ, "PATH": f"{named}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "CISTERNA": str(common.ROOT)}
        room = pathlib.Path(folder) / "room"
        room.mkdir()
        ran = subprocess.run(["bash", "-c", script(found)], cwd=room, env=environment, stdin=subprocess.DEVNULL, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return [said.splitlines() for said in ran.stdout.split(MARK)[1:-1]], ran.stdout


def masked(lines):
    text = "\n".join(lines)
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return re.sub(r" +", " ", text)


class Tutorial(unittest.TestCase):
    def says_what_the_commands_say(self, name):
        page = (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines()
        found = commands(page)
        said, everything = played(found)
        self.assertEqual(len(said), len(found), everything)
        for (command, _, begins, ends), lines in zip(found, said):
            with self.subTest(command=command):
                self.assertEqual(masked(lines), masked(page[begins:ends]))

    def test_link(self):
        self.says_what_the_commands_say("link")

    def test_engineer(self):
        self.says_what_the_commands_say("engineer")

    def test_researcher(self):
        self.says_what_the_commands_say("researcher")

    def test_no_page_with_commands_is_left_out(self):
        pages = {page.stem for page in FOLDER.glob("*.md") if "```console" in page.read_text(encoding="utf-8")}
        self.assertEqual(pages, {name.removeprefix("test_") for name in dir(self) if name.startswith("test_")} & pages)


def renew(path):
    page = path.read_text(encoding="utf-8").splitlines()
    found = commands(page)
    said, everything = played(found)
    if len(said) != len(found):
        sys.exit(everything)
    for (_, _, begins, ends), lines in reversed(list(zip(found, said))):
        page[begins:ends] = [line.rstrip() for line in lines]
    path.write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--renew" in sys.argv:
        for one in sys.argv[sys.argv.index("--renew") + 1:] or ("link", "engineer", "researcher"):
            renew(FOLDER / f"{one}.md")
    else:
        unittest.main()
