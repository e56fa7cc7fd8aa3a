#!/usr/bin/python3
"""evidence_test - every test that a page names as evidence exists.

    evidence_test.py BUILD     the build folder whose tests are asked for
"""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = sys.argv.pop(1)
PAGES = ("docs/calls.md", "docs/fuzz.md", "docs/threat-model.md", "docs/wireshark.md", "link/SPEC.md", "link/transcript.md",
         "SECURITY.md")
LABELS = "unit|property|model|scenario|hazard|fuzz|chip|proof|tidy|soak"


def named(text):
    return set(re.findall(rf"`((?:{LABELS})\.\w+)`", text))


class Evidence(unittest.TestCase):
    def test_what_is_named_exists(self):
        listing = subprocess.run(("ctest", "--test-dir", BUILD, "--show-only=json-v1"), capture_output=True, text=True,
                                 check=True).stdout
        tests = {test["name"] for test in json.loads(listing)["tests"]}
        texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
        missing = [f"{page}: {name}" for page, text in texts.items() for name in sorted(named(text) - tests)]
        self.assertEqual(missing, [])

    def test_the_threat_model_names_some(self):
        self.assertGreater(len(named((ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8"))), 50)


if __name__ == "__main__":
    unittest.main()
