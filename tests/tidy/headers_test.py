#!/usr/bin/python3
"""headers_test - every header of the tree compiles alone, so that no include depends on the one before it.

    headers_test.py [COMPILER_OPTION ...]     what generated headers need: where they lie, and how they were made
"""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("core", "link", "board", "pump", "chip", "twin", "rig", "clinic", "trial", "app")
OPTIONS = sys.argv[1:]


class Headers(unittest.TestCase):
    def test_each_compiles_alone(self):
        headers = ["link/cisterna.pb.h"]  # generated
        headers += [path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / room).rglob("*.h"))]
        self.assertIn("core/quantity.h", headers)
        for header in headers:
            command = ("cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                       "-Wno-unused", f"-I{ROOT}", *OPTIONS, "-include", header, "-x", "c", "/dev/null")
            with self.subTest(header):
                result = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
