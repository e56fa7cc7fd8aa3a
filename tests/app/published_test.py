"""published_test.py - rows that nobody here has seen before, through `cisterna spine validate`: each quantity of each drug is
scored, and agrees with a plain run; each bad row is refused with its line and what would be right.

    published_test.py CISTERNA
"""
# SPDX-License-Identifier: Apache-2.0
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
DRUGS = ("morphine", "hydromorphone", "baclofen", "ziconotide", "bupivacaine", "clonidine", "fentanyl", "sufentanil")
GOOD = {"id": "MY-1", "what": "something", "source": "nobody", "use": "predict", "drug": "clonidine", "regime": "mobile",
        "tip": "T8", "dose": "0.1 mg", "run": "3 h", "quantity": "csf", "level": "T4", "published": 10, "low": 1, "high": 100000}
# What is changed in a good row (None: left out), and what the refusal says.
BAD = (({"drug": "heroin"}, "morphine"), ({"drug": 3}, "drug"), ({"drug": None}, "drug"), ({"tip": "L6"}, "tip"),
       ({"level": "head"}, "level"), ({"level": None}, "level"), ({"regime": "walking"}, "still"), ({"use": "both"}, "predict"),
       ({"quantity": "auc"}, "half_life"), ({"quantity": None}, "quantity"), ({"dose": 0.1}, "dose"), ({"dose": "0.1"}, "dose"),
       ({"dose": "0.1 mL"}, "dose"), ({"dose": "-0.1 mg"}, "dose"), ({"dose": "0 mg"}, "dose"), ({"dose": "99999999 mg"}, "dose"),
       ({"run": "3"}, "run"), ({"run": "3 mg"}, "run"), ({"run": "4000 d"}, "run"), ({"over": "-1 h"}, "over"),
       ({"published": -10}, "above 0, up to 1e+15, in ng/mL"), ({"published": "10"}, "published"), ({"published": 0}, "above 0"),
       ({"published": 1e300}, "up to 1e+15"), ({"low": None}, "low"), ({"high": 5}, "between"), ({"id": 7}, "id"),
       ({"quantity": "ratio"}, "over_level"), ({"quantity": "ratio", "over_level": "T4"}, "every ratio is 1"),
       ({"over_level": "L1"}, "ratio and tissue_ratio alone"), ({"quantity": "half_life", "over": "4 h"}, "make run longer"),
       ({"quantity": "clearance", "over": "3 h"}, "make run longer"), ({"levell": "T4"}, "levell"),
       ({"figures": {"clonidine.clearence": 5}}, "clonidine.clear"), ({"figures": {"clonidine.clearance": 1e9}}, "up to 100000"),
       ({"figures": {"clonidine.clearance": -5}}, "above 0"), ({"figures": {"body.reservoir": 0}}, "in mL"),
       ({"figures": []}, "object"),
       ({"of": "average"}, "median"), ({"of": "range"}, "people"), ({"of": "range", "people": 1}, "people"),
       ({"people": 9}, "range alone"), ({"of": "correlation"}, "dose_low"), ({"dose_low": "1 ug"}, "between people"),
       ({"of": "mean", "dose_low": "1 ug"}, "dose_high"), ({"of": "mean", "dose_low": "1 ug", "dose_high": "2 ug"}, "the mean"),
       ({"of": "correlation", "dose_low": "1 ug", "dose_high": "1 mg", "published": 2}, "from -1, up to 1"))


class Published(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ran(self, text, *words):
        path = self.folder / "rows.json"
        path.write_text(text, encoding="utf-8")
        return subprocess.run([PROGRAM, "spine", "validate", path, *words], capture_output=True, text=True, timeout=300,
                              check=False)

    def scored(self, rows, *words):
        ran = self.ran(json.dumps({"rows": rows}), "--json", *words)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        answers = json.loads(ran.stdout)
        self.assertEqual([answer["id"] for answer in answers], [row["id"] for row in rows])
        return answers

    def plain(self, row):
        """The concentrations of every level at the end, of a plain run."""
        table = self.folder / "doses.csv"
        rate = f",{0.1 / 2}" if "over" in row else ","
        table.write_text(f"TIME[h],AMT[mg],RATE[mg/h]\n0,0.1{rate}\n", encoding="utf-8")
        ran = subprocess.run([PROGRAM, "spine", table, "--drug", row["drug"], "--tip", row["tip"], "--regime", row["regime"],
                              "--until", "3 h", "--every", "3 h"], capture_output=True, text=True, timeout=300, check=True)
        rows = csv.DictReader(io.StringIO(ran.stdout))
        return {at["LEVEL"]: at for at in rows if abs(float(at["TIME[h]"]) - 3) < 1e-6}

    def test_any_drug_at_any_place_agrees_with_a_plain_run(self):
        rows = []
        for i, drug in enumerate(DRUGS):
            more = {"drug": drug, "regime": ("mobile", "still")[i % 2], "tip": ("C3", "T5", "T10", "L1", "S1")[i % 5]}
            more.update({"over": "2 h"} if i % 3 else {})
            rows += [{**GOOD, **more, "id": f"{drug} csf", "level": "T9"},
                     {**GOOD, **more, "id": f"{drug} tissue", "quantity": "tissue"},
                     {**GOOD, **more, "id": f"{drug} ratio", "quantity": "ratio", "over_level": "L2"},
                     {**GOOD, **more, "id": f"{drug} tissue ratio", "quantity": "tissue_ratio", "over_level": "C7"}]
        for row, answer in zip(rows, self.scored(rows, "--people", "3"), strict=True):
            at, column = self.plain(row), "TISSUE[ng/mL]" if "tissue" in row["quantity"] else "CSF[ng/mL]"
            expected = float(at[row["level"]][column])
            if "over_level" in row:
                expected /= float(at[row["over_level"]][column])
            self.assertLess(abs(answer["typical"] / expected - 1), 2e-3, (row, answer, expected))
            self.assertLess(abs(answer["ratio"] / (expected / 10) - 1), 2e-3)
            self.assertEqual(answer["inside"], 1 <= answer["typical"] <= 100000)

    def test_times_clearances_and_volumes_belong_together(self):
        for drug in DRUGS:
            rows = [{**GOOD, "id": quantity, "drug": drug, "tip": "L1", "level": "L3", "run": "30 h", "quantity": quantity}
                    for quantity in ("half_life", "clearance", "volume", "peak_time")]
            half, clearance, volume, peak = (answer["typical"] for answer in self.scored(rows, "--people", "0"))
            self.assertLess(abs(clearance * half / 60 / 0.6931472 / volume - 1), 1e-6)
            self.assertTrue(0 < peak < 180, peak)

    def test_crowds(self):
        doses = {"dose_low": "0.02 mg", "dose_high": "0.5 mg", "level": "T8"}
        rows = [{**GOOD, "id": "same", "of": "mean", "level": "T8"}, {**GOOD, "id": "mean", "of": "mean", **doses},
                {**GOOD, "id": "median", "of": "median", **doses}, {**GOOD, "id": "range", "of": "range", "people": 20, **doses},
                {**GOOD, "id": "r", "of": "correlation", **doses, "published": 0, "low": -1, "high": 1}]
        same, mean, median, among, r = self.scored(rows, "--people", "400")
        self.assertLess(abs(mean["compared"] / same["compared"] - 1), 0.2)  # the mean dose is the same
        self.assertEqual(median["compared"], median["crowd"]["median"])
        self.assertLess(median["compared"], mean["compared"])
        self.assertGreater(among["compared"], median["crowd"]["high"] / median["crowd"]["low"])
        self.assertTrue(0.3 < r["compared"] < 1 and r["inside"] and r["ratio"] is None, r)
        self.assertNotIn("crowd", r)
        told = self.ran(json.dumps({"rows": rows}), "--people", "0").stdout
        self.assertIn("5 cannot be told", told)
        self.assertIn("0 of 5 rows inside", told)

    def test_a_correlation_wants_three_people(self):
        row = {**GOOD, "of": "correlation", "dose_low": "0.02 mg", "dose_high": "0.5 mg", "level": "T8", "published": 0,
               "low": -1, "high": 1}
        for people, told in (("1", False), ("2", False), ("3", True)):
            (answer,) = self.scored([row], "--people", people)
            self.assertEqual((answer["compared"] is not None, answer["inside"]), (told, told), people)

    def test_what_has_no_value_is_said(self):
        """A minute after a bolus in the sac nothing is in the neck."""
        row = {**GOOD, "tip": "S2", "quantity": "ratio", "regime": "still", "level": "L5", "over_level": "C1", "run": "1 min"}
        (answer,) = self.scored([row], "--people", "5")
        if answer["typical"] is None:
            self.assertFalse(answer["inside"])
        else:
            self.assertGreater(answer["typical"], 1e6)
        del row["over_level"]
        for quantity in ("half_life", "clearance", "volume", "peak_time"):  # there it rises
            (answer,) = self.scored([{**row, "quantity": quantity, "level": "T12", "run": "10 min"}], "--people", "5")
            self.assertIsNone(answer["compared"], quantity)
            self.assertFalse(answer["inside"])

    def test_bad_rows_are_refused_with_their_line(self):
        for change, word in BAD:
            row = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
            text = json.dumps({"rows": [{**GOOD, "id": "first"}, row]}).replace('}, {"id"', '},\n{"id"')
            ran = self.ran(text)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), (change, ran))
            self.assertIn("rows.json:2: rows[1]", ran.stderr, change)
            self.assertIn(word, ran.stderr, change)
            self.assertNotIn("rows[0]", ran.stderr, change)

    def test_bad_documents_are_refused(self):
        good = json.dumps({"rows": [GOOD]})
        for text, word in ((good.replace(": 10,", ": NaN,"), ":1:"), (good.replace(": 10,", ": 1e999,"), "overflow"), ("", ":1:"),
                           (good[:-1], ":1:"), (json.dumps([GOOD]), "object"), (json.dumps({"row": [GOOD]}), "rows"),
                           (good.replace('"id"', '"tip": "L1", "id"'), "tip"), (json.dumps({"rows": [GOOD, GOOD]}), "rows[0]"),
                           (json.dumps({"rows": [GOOD] * 201}), "200"), (json.dumps({"rows": [GOOD, 7]}), "rows[1]")):
            ran = self.ran(text)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), (text[:80], ran))
            self.assertIn(word, ran.stderr)
            self.assertIn("rows.json:", ran.stderr)
        same = {**GOOD, "what": "something else"}
        self.assertEqual(len(self.scored([GOOD, same], "--people", "0")), 2)


if __name__ == "__main__":
    unittest.main()
