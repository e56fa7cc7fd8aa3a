#!/usr/bin/python3
"""doctor_test - `cisterna doctor` and tools/setup speak of the same packages, and the doctor sees what is not there.

    doctor_test.py CISTERNA     the program to ask
"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(sys.argv.pop(1))


def doctor(*options, path=None, folder=ROOT):
    environment = dict(os.environ, PATH=os.environ["PATH"] if path is None else path)
    return subprocess.run((PROGRAM, "doctor", *options), capture_output=True, text=True, check=False, env=environment,
                          cwd=folder)


def setup_says(*what):
    listing = subprocess.run((f"{ROOT}/tools/setup", *what), capture_output=True, text=True, check=True)
    return set(listing.stdout.split())


class Doctor(unittest.TestCase):
    def test_after_the_set_up_nothing_is_missing(self):
        result = doctor()
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("nothing is missing", result.stdout)
        self.assertNotIn("  missing ", result.stdout)

    def test_it_names_the_packages_of_the_set_up(self):
        needs = json.loads(doctor("--json").stdout)["needs"]
        self.assertEqual({need["package"] for need in needs if "package" in need}, setup_says("list", "test"))
        run = {need["package"] for need in needs if "package" in need and need["setup"] == "tools/setup run"}
        self.assertEqual(run, setup_says("list", "run"))
        self.assertEqual({need["source"] for need in needs if "source" in need}, setup_says("sources"))

    def test_a_program_that_is_not_there_is_missing_with_its_fix(self):
        result = doctor(path="/nowhere")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"missing  cmake +apt-get install --no-install-recommends cmake\n")
        self.assertIn("tools/setup test", result.stdout)
        told = json.loads(doctor("--json", path="/nowhere").stdout)
        missing = {need["name"] for need in told["needs"] if need["status"] == "missing"}
        self.assertTrue({"cc", "cmake", "z3"} <= missing)
        self.assertNotIn("jansson", missing)
        self.assertEqual(told["missing"], len(missing))

    def test_sources_that_were_not_downloaded_are_missing_with_their_fix(self):
        with tempfile.TemporaryDirectory() as empty:
            result = doctor(folder=empty)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"missing  nanopb's sources +tools/setup run\n")
        self.assertRegex(result.stdout, r"missing  libsodium's sources +tools/setup run\n")

    def test_wrong_usage(self):
        result = doctor("--everything")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("unknown argument '--everything'", result.stderr)


if __name__ == "__main__":
    unittest.main()
