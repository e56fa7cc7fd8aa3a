#!/usr/bin/python3
"""usability_test.py - docs/usability.md cites what exists: hazards, rules, tests and titles in them; each main task has rows.

    usability_test.py [BUILD]    BUILD: a build folder, whose ctest names are the tests there are (build/dev)
"""
# SPDX-License-Identifier: Apache-2.0
import csv
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/dev"
TASKS = ["program", "refill", "bridge", "prime", "bolus", "stop", "MRI", "implant", "patient bolus", "alarm", "emergency"]
RULES = {"U": 8, "N": 9, "L": 6, "W": 10, "A": 9, "X": 8}


def tables(text):
    """{heading of the third level: its rows of seven cells}."""
    found = {}
    for part in text.split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        body = body.split("\n## ")[0]
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body.splitlines() if line.startswith("| ")]
        found[name] = [row for row in rows if row[0] != "step"]
    return found


def titles():
    """The tests' own names: functions in C and Python, titles in JavaScript."""
    found = set()
    for path in (ROOT / "tests").rglob("*_test.*"):
        if "node_modules" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found.update(re.findall(r"^\s*(?:static void|def) (\w+)\(", text, re.MULTILINE))
            found.update(re.findall(r"^\s*test\([\"`](.+?)[\"`],", text, re.MULTILINE))
    return found


class Usability(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "docs/usability.md").read_text(encoding="utf-8")
        self.tables = tables(self.text)
        self.rows = [(task, row) for task in TASKS for row in self.tables.get(task, [])]

    def test_every_task_has_rows_of_seven_cells(self):
        for task in TASKS:
            with self.subTest(task=task):
                self.assertGreater(len(self.tables[task]), 2)
        for task, row in self.rows:
            with self.subTest(task=task, row=row[:2]):
                self.assertEqual(len(row), 7)
                self.assertIn(row[2], ("P", "C", "A"))
                self.assertTrue(all(row))

    def test_hazards_and_rules_exist(self):
        with (ROOT / "docs/hazards.csv").open(newline="", encoding="utf-8") as file:
            hazards = {row["id"] for row in csv.DictReader(file)}
        rules = {f"{letter}{i}" for letter, count in RULES.items() for i in range(1, count + 1)}
        for task, row in self.rows:
            with self.subTest(task=task, row=row[:2]):
                self.assertLessEqual(set(row[4].split()), hazards)
                self.assertLessEqual(set(row[5].split()), rules)
        self.assertLessEqual(set(re.findall(r"HZ-\d+", self.text)), hazards)

    def test_tests_exist(self):
        listing = subprocess.run(["ctest", "--test-dir", BUILD, "--show-only=json-v1"], check=True, capture_output=True,
                                 text=True)
        names = {test["name"] for test in json.loads(listing.stdout)["tests"]}
        known = titles()
        self.assertGreater(len(names), 100)
        for task, row in self.rows:
            for item in re.split(r"; (?=[a-z]+\.)", row[6]):  # titles have semicolons too
                test, _, title = item.partition(": ")
                with self.subTest(task=task, item=item):
                    self.assertTrue(test in names, "no such test")
                    self.assertTrue(not title or title in known, "no test has this title")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        BUILD = pathlib.Path(sys.argv.pop(1))
    unittest.main()
