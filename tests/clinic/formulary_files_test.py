#!/usr/bin/python3
"""formulary_files_test.py - the committed entries: they fit the published schema, every value walks back to a source or is called
a guess, and what is not a guess is what the facts say, typed here once more by hand. REQ-LIBR-01.

    formulary_files_test.py CISTERNA
"""
# SPDX-License-Identifier: Apache-2.0
import json
import re
import sys
import unittest

import jsonschema

import formulary_common as common

PROGRAM = sys.argv.pop(1)
SCHEMA = json.loads((common.ROOT / "docs/formulary.schema.json").read_text())
STRENGTH = ["read", "derived", "weak", "guess"]

# What was found about each drug, from the facts and not from the files: path, amount, mark.
R, D, W = "read", "derived", "weak"
BOTH = ["US", "EU"]
MORPHINE = [
    ("concentrations[0]", "10 mg/mL", R), ("concentrations[1]", "25 mg/mL", R),
    ("starts[0].low", "0.2 mg/day", R), ("starts[0].high", "1 mg/day", R),
    ("starts[1].low", "1 mg/day", R), ("starts[1].high", "10 mg/day", R),
    ("bounds.dose.soft_high", "20 mg/day", R), ("bounds.total.soft_high", "20 mg/day", D),
    ("bounds.step_up.soft_high", "30 %", R), ("titrations[0].high", "30 %", R), ("titrations[1].high", "50 %", R),
]
BACLOFEN = [
    *[(f"concentrations[{i}]", f"{mcg} mcg/mL", R) for i, mcg in enumerate((50, 500, 1000, 2000))],
    ("bounds.concentration.soft_low", "500 mcg/mL", D),
    ("starts[0].low", "100 mcg/day", D), ("starts[0].high", "200 mcg/day", D),
    ("starts[1].low", "50 mcg/day", D), ("starts[1].high", "100 mcg/day", D),
    ("titrations[0].low", "10 %", R), ("titrations[0].high", "30 %", R), ("titrations[0].interval", "24 h", R),
    ("titrations[1].low", "5 %", R), ("titrations[1].high", "15 %", R), ("titrations[1].interval", "24 h", R),
    ("titrations[2].low", "10 %", R), ("titrations[2].high", "40 %", R),
    ("titrations[3].low", "5 %", R), ("titrations[3].high", "20 %", R),
    ("titrations[4].low", "10 %", R), ("titrations[4].high", "20 %", R),
    ("bounds.step_up.soft_high", "30 %", R), ("bounds.step_down.soft_high", "20 %", R),
    ("bounds.dose.soft_low", "24 mcg/day", R), ("bounds.dose.soft_high", "800 mcg/day", R),
    ("bounds.dose.hard_high", "1000 mcg/day", W),
    ("bounds.total.soft_high", "800 mcg/day", D), ("bounds.total.hard_high", "1000 mcg/day", W),
    ("refill_policy", "180 d", R),
]


def ziconotide(ceiling, interval, advised, us):
    """The US texts were read for more than the EU one; what the EU entry takes from them is derived."""
    step, own = (D, R) if us else (R, D)
    return [
        ("concentrations[0]", "25 mcg/mL", own), ("concentrations[1]", "100 mcg/mL", own),
        ("starts[0].high", "2.4 mcg/day", own), ("starts[1].low", "0.5 mcg/day", R), ("starts[1].high", "1.2 mcg/day", R),
        ("titrations[0].high", "2.4 mcg/day", R), ("titrations[0].interval", interval, step),
        ("titrations[0].advised", advised, step),
        ("bounds.dose.soft_high", "9.6 mcg/day", D), ("bounds.dose.hard_high", ceiling, R),
        ("bounds.total.soft_high", "9.6 mcg/day", D), ("bounds.total.hard_high", ceiling, D),
        ("bounds.step_up.soft_high", "100 %", D),
        ("stability.first_fill", "14 d", own), ("stability.undiluted", "84 d", own), ("stability.diluted", "40 d", own),
    ]


def cancer(low, high):
    """One centre's range, from a page of low authority; steps from a chapter on all drugs."""
    return [
        ("bounds.dose.soft_low", low, W), ("bounds.dose.soft_high", high, W), ("bounds.total.soft_high", high, W),
        ("bounds.step_up.soft_high", "30 %", R), ("titrations[0].high", "30 %", R), ("titrations[1].high", "50 %", R),
    ]


FACTS = {
    ("morphine", "US"): MORPHINE, ("morphine", "EU"): MORPHINE,
    ("baclofen", "US"): BACLOFEN, ("baclofen", "EU"): BACLOFEN,
    ("ziconotide", "US"): ziconotide("19.2 mcg/day", "56 h", "84 h", us=True),
    ("ziconotide", "EU"): ziconotide("21.6 mcg/day", "24 h", "48 h", us=False),
    **{("HYDROmorphone", region): cancer("0.5 mg/day", "25 mg/day") for region in BOTH},
    **{("SUFentanil", region): cancer("10 mcg/day", "100 mcg/day") for region in BOTH},
    **{("BUPivacaine", region): cancer("6 mg/day", "20 mg/day") for region in BOTH},
    **{("cloNIDine", region): cancer("250 mcg/day", "2000 mcg/day") for region in BOTH},
}


def shown():
    """What the program says of every entry, by drug and region."""
    listed = json.loads(common.cisterna(PROGRAM, "list", "--json").stdout)["entries"]
    entries = {}
    for row in listed:
        ran = common.cisterna(PROGRAM, "show", row["drug"], "--region", row["region"], "--json")
        entries[(row["drug"], row["region"])] = json.loads(ran.stdout)["entries"][0]
    return entries


class Files(unittest.TestCase):
    def test_they_fit_the_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        judge = jsonschema.Draft202012Validator(SCHEMA)
        self.assertGreaterEqual(len(common.FILES), 8)
        for path in common.FILES:
            with self.subTest(file=path.name):
                judge.validate(common.load(path))

    def test_the_program_takes_them(self):
        ran = common.cisterna(PROGRAM, "check", common.RELEASE, *common.FILES)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_every_value_has_a_source_or_is_a_guess(self):
        for path in common.FILES:
            entry = common.load(path)
            sources = {source["id"]: source for source in entry["sources"]}
            for where, value in common.figures(entry):
                with self.subTest(file=path.name, path=common.spelt(where)):
                    if value.get("guess") is True:
                        self.assertTrue(value["why"].endswith("."), "a reason is a sentence")
                        self.assertNotIn("source", value)
                    else:
                        self.assertIn(value["source"], sources)

    def test_every_source_can_be_found_again(self):
        for path in common.FILES:
            for source in common.load(path)["sources"]:
                with self.subTest(file=path.name, source=source["id"]):
                    ours = source["id"] == "search" and source["mark"] == "derived"
                    self.assertTrue(ours or re.search(r"\b[\w-]+\.(com|us|eu|report)\b|\bPMID \d+|manualslib", source["text"]))

    def test_fentanyl_has_no_file(self):
        self.assertNotIn("fentaNYL", {common.load(path)["drug"] for path in common.FILES})
        ran = common.cisterna(PROGRAM, "show", "fentaNYL")
        self.assertEqual(ran.returncode, 3)
        self.assertIn("cannot be programmed", ran.stderr)


class Told(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.entries = shown()

    def test_regions_and_drugs(self):
        self.assertEqual(set(self.entries), set(FACTS))

    def test_what_is_no_guess_is_what_the_facts_say(self):
        """Both ways: each fact is there, and nothing is there that is no fact and not called a guess."""
        for key, entry in self.entries.items():
            found = {common.spelt(path): value for path, value in common.figures(entry) if "integer" in value}
            facts = {path: (amount, mark) for path, amount, mark in FACTS[key]}
            with self.subTest(entry=key):
                self.assertEqual({path for path, value in found.items() if value["mark"] != "guess"}, set(facts))
            for path, (amount, mark) in facts.items():
                with self.subTest(entry=key, path=path):
                    unit, integer = common.base(amount)
                    self.assertEqual((found[path]["integer"], found[path]["unit"]), (integer, unit))
                    self.assertEqual(found[path]["mark"], mark)

    def test_told_is_what_the_file_has(self):
        """The reader neither loses nor changes a number, and no mark is stronger than its source's."""
        for path in common.FILES:
            entry = common.load(path)
            marks = {source["id"]: source["mark"] for source in entry["sources"]}
            for region in entry["regions"]:
                told = {common.spelt(where): value for where, value in common.figures(self.entries[(entry["drug"], region)])}
                for where, value in common.figures(entry):
                    with self.subTest(file=path.name, region=region, path=common.spelt(where)):
                        said = told[common.spelt(where)]
                        mark = "guess" if "guess" in value else marks[value["source"]]
                        if "derived" in value:
                            mark = STRENGTH[max(STRENGTH.index(mark), STRENGTH.index("derived"))]
                        self.assertEqual(said["mark"], mark)
                        self.assertEqual(said.get("source"), value.get("source"))
                        self.assertEqual(said.get("why"), value.get("why"))
                        self.assertEqual(said.get("derived"), value.get("derived"))
                        if "integer" in said:
                            self.assertEqual((said["unit"], said["integer"]), common.base(value["value"]))
                            self.assertEqual(said["value"], value["value"])
                        else:
                            self.assertEqual(said.get("value", said.get("text")), value.get("value", value.get("text")))

    def test_told_is_what_else_the_file_has(self):
        """What stands there without an origin: units, flags, for whom a start or step is, and which way it goes."""
        for path in common.FILES:
            entry = common.load(path)
            for region in entry["regions"]:
                told = self.entries[(entry["drug"], region)]
                with self.subTest(file=path.name, region=region):
                    for key in ("drug", "unit", "opioid", "sources"):
                        self.assertEqual(told[key], entry[key])
                    self.assertEqual([(start["who"], start["opioid_naive"]) for start in told["starts"]],
                                     [(start["who"], start.get("opioid_naive", False)) for start in entry["starts"]])
                    self.assertEqual([(step["who"], step["direction"]) for step in told["titrations"]],
                                     [(step["who"], step["direction"]) for step in entry["titrations"]])

    def test_no_guess_is_told_as_anything_else(self):
        """A guess says in words what was not found, or whose choice it is, so that nobody takes it for a figure of a label."""
        words = re.compile(r"(?i)\bno\b|\bnot\b|nothing|neither|\bour\b|ours|common knowledge|the (weak|strong)est|tenth|fifth|"
                           r"withdrawal and pain")
        for key, entry in self.entries.items():
            for path, value in common.figures(entry):
                if value.get("mark") == "guess":
                    with self.subTest(entry=key, path=common.spelt(path)):
                        self.assertRegex(value["why"], words)


if __name__ == "__main__":
    unittest.main()
