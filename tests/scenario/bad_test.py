"""bad_test.py - every bad scenario of the table is refused by the player with its exit code, line and words, and by the
schema where the table says so; and then nothing is delivered and nothing written."""
# SPDX-License-Identifier: Apache-2.0
import csv
import json
import pathlib
import tempfile
import unittest

import jsonschema

import common

BAD = pathlib.Path(__file__).parent / "bad"
SCHEMA = json.loads((common.ROOT / "docs/scenario.schema.json").read_text())
JUDGE = jsonschema.Draft202012Validator(SCHEMA)


def table():
    with open(BAD / "table.csv", newline="") as rows:
        return list(csv.DictReader(rows))


def schema_verdict(text):
    try:
        value = json.loads(text)
    except ValueError:
        return "unreadable"
    return "accepted" if JUDGE.is_valid(value) else "refused"


class Bad(unittest.TestCase):
    def test_table_and_folder_agree(self):
        self.assertEqual(sorted(row["file"] for row in table()), sorted(path.name for path in BAD.glob("*.json")))
        self.assertGreater(len(table()), 30)

    def test_player_refuses(self):
        for program in (common.DEV, common.RELEASE):
            for row in table():
                with self.subTest(program=program, file=row["file"]), tempfile.TemporaryDirectory() as folder:
                    out = pathlib.Path(folder) / "out"
                    name = f"tests/scenario/bad/{row['file']}"
                    ran = common.cisterna(program, "play", name, "--out", out)
                    self.assertEqual(ran.returncode, int(row["exit"]), ran.stderr)
                    self.assertEqual(ran.stdout, "")
                    self.assertFalse(out.exists(), "something was written")
                    told = [line for line in ran.stderr.splitlines() if row["message"] in line]
                    self.assertTrue(told, f"{row['message']!r} not in {ran.stderr!r}")
                    if row["line"] != "0":
                        self.assertTrue(told[0].startswith(f"{name}:{row['line']}: "), told[0])

    def test_schema_refuses(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        for row in table():
            with self.subTest(file=row["file"]):
                self.assertEqual(schema_verdict((BAD / row["file"]).read_text()), row["schema"])

    def test_the_regions_are_those_of_the_formulary(self):
        library = json.loads((common.ROOT / "docs/formulary.schema.json").read_text())
        therapies = [kind["properties"]["region"] for kind in SCHEMA["$defs"].values() if "region" in kind.get("properties", {})]
        self.assertEqual(therapies, [library["properties"]["regions"]["items"]])

    def test_schema_accepts_what_is_good(self):
        for path in [*common.EXAMPLES, BAD.parent / "plain.json", *(BAD.parent / "good").glob("*.json")]:
            with self.subTest(file=path.name):
                errors = [error.message for error in JUDGE.iter_errors(json.loads(path.read_text()))]
                self.assertEqual(errors, [])


if __name__ == "__main__":
    unittest.main()
