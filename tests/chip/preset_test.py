#!/usr/bin/python3
"""preset_test - every file of the cortex-m preset is compiled for the M4 with floating point rejected, and it is rejected.
Warnings are off for the sources of others alone.

    preset_test.py BUILD_DIR
"""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
NEEDED = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mgeneral-regs-only", "-ffreestanding", "-fstack-usage", "-Werror")


def commands():
    listing = BUILD / "compile_commands.json"
    assert listing.exists(), f"{listing} does not exist: tools/build cortex-m makes it"
    return json.loads(listing.read_text())


def compile_like_the_tree(source):
    """Compiles a source with the very flags of a file of the pump."""
    words = shlex.split(next(entry["command"] for entry in commands() if entry["file"].endswith("/pump/pump.c")))
    flags = words[:words.index("-o")]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "planted.c")
        path.write_text(source)
        command = (*flags, "-o", f"{folder}/planted.o", "-c", str(path))
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


class Preset(unittest.TestCase):
    def test_it_builds_the_rooms_of_the_chip_with_the_flags(self):
        rooms, others = set(), set()
        for entry in commands():
            words = shlex.split(entry["command"])
            self.assertEqual([flag for flag in NEEDED if flag not in words], [], entry["file"])
            path = pathlib.Path(entry["file"])
            if path.is_relative_to(BUILD / "sources"):
                others.add(path.relative_to(BUILD / "sources").parts[0].split("_")[0])
            else:
                self.assertNotIn("-w", words, entry["file"])
                rooms.add(path.parts[-2])
        self.assertEqual(rooms, {"core", "link", "pump", "chip", "plant"})
        self.assertEqual(others, {"nanopb", "libsodium", "sodium"})

    def test_integers_compile(self):
        result = compile_like_the_tree("int half(int x);\nint half(int x) { return x / 2; }\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_floating_point_does_not_compile(self):
        for body in ("double half(double x);\ndouble half(double x) { return x / 2; }\n",
                     "int half(int x);\nint half(int x) { return (int)(x * 0.5f); }\n",
                     "int half(int x);\nint half(int x) { return (int)(x * 0.37L); }\n"):
            with self.subTest(body):
                result = compile_like_the_tree(body)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("general-regs-only", result.stderr)


if __name__ == "__main__":
    unittest.main()
