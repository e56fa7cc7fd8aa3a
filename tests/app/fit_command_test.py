#!/usr/bin/python3
"""fit_command_test.py - `cisterna spine fit` from outside: what it prints, draws and refuses.

    fit_command_test.py CISTERNA
"""
# SPDX-License-Identifier: Apache-2.0
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = sys.argv.pop(1)
EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "spine-fit.csv"
FAILED, USAGE = 1, 2
QUICK = ("--drug", "morphine", "--cells", "16", "--tolerance", "0.001")


class FitCommand(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ran(self, *words):
        return subprocess.run([PROGRAM, "spine", "fit", *map(str, words)], capture_output=True, text=True, timeout=300,
                              check=False)

    def does(self, *words, code=0):
        ran = self.ran(*words)
        self.assertEqual((ran.returncode, ran.stderr), (code, ""), words)
        return ran.stdout

    def table(self, text):
        path = self.folder / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def test_the_example_is_what_it_was_made_from(self):
        """At 18 mL/h and 120 cm2/h, with errors of 10 %."""
        answer = json.loads(self.does(EXAMPLE, "--drug", "morphine", "--fit", "clearance,dispersion", "--json"))
        self.assertTrue(answer["sound"])
        for row, truth in zip(answer["figures"], (18, 120)):
            self.assertTrue(row["from"] <= truth <= row["to"], row)
        self.assertAlmostEqual(answer["error_share"], 0.1, delta=0.03)
        self.assertEqual(len(answer["observations"]), 46)

    def test_words_pictures_and_profiles(self):
        for ending in ("png", "svg"):
            plot = self.folder / f"fit.{ending}"
            text = self.does(EXAMPLE, *QUICK, "--fit", "clearance,dispersion", "--plot", plot)
            for told in ("body.dispersion-mobile", "by its profile", "correlation", "degrees of freedom", "T6", "SIMULATION"):
                self.assertIn(told, text)
            if ending == "png":
                self.assertTrue(plot.read_bytes().startswith(b"\x89PNG\r\n"))
            else:
                self.assertTrue(xml.etree.ElementTree.parse(plot).getroot().tag.endswith("svg"))
        ran = self.ran(EXAMPLE, *QUICK, "--fit", "clearance", "--plot", self.folder / "none" / "a.png")
        self.assertEqual(ran.returncode, FAILED)
        self.assertIn("could not be written", ran.stderr)

    def test_two_stages_are_single_fits_and_their_spread(self):
        """Each ID as in a table of its own; geometric mean and spread by the statistics of Python. One has too few rows."""
        lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
        head, rows = lines[1], [line for line in lines[2:] if line]
        rows += ["C,0,0.25,1,.,.", "C,1,.,0,4000,L3"]
        words = (*QUICK, "--fit", "clearance,dispersion", "--json")
        answer = json.loads(self.does(self.table("\n".join([head, *rows]) + "\n"), *words, "--each"))
        sound = {person["id"]: person["sound"] for person in answer["people"]}
        self.assertEqual(sound, {"A": True, "B": True, "C": False})
        for person in answer["people"][:2]:
            alone = self.table("\n".join([head, *(row for row in rows if row.startswith(person["id"]))]) + "\n")
            single = json.loads(self.does(alone, *words))
            for one, other in zip(person["figures"], single["figures"], strict=True):
                self.assertEqual((one["figure"], one["verdict"]), (other["figure"], other["verdict"]))
                self.assertAlmostEqual(one["estimate"], other["estimate"], delta=1e-9 * other["estimate"])
                self.assertAlmostEqual(one["log_error"], other["log_error"], delta=1e-9)
        for place, figure in enumerate(answer["figures"]):
            logs = [math.log(person["figures"][place]["estimate"]) for person in answer["people"] if person["sound"]]
            self.assertAlmostEqual(math.log(figure["middle"]), statistics.mean(logs), delta=1e-9)
            self.assertAlmostEqual(math.log(figure["spread"]), statistics.stdev(logs), delta=1e-9)
            self.assertAlmostEqual(figure["log_error"], statistics.stdev(logs) / math.sqrt(len(logs)), delta=1e-9)
        text = self.does(EXAMPLE, *QUICK, "--fit", "clearance", "--each")
        self.assertIn("2 of 2 people", text)
        lone = "\n".join([head, *(row for row in rows if row.startswith("A"))]) + "\n"
        self.assertIn("1 of 1 people", self.does(self.table(lone), *QUICK, "--fit", "clearance", "--each", code=FAILED))

    def test_what_cannot_be_told_is_said(self):
        text = self.does(EXAMPLE, *QUICK, "--fit", "clearance,dispersion-still", code=FAILED)
        self.assertIn("NOT SEEN: at this value no observation depends on body.dispersion-still", text)
        text = self.does(EXAMPLE, *QUICK, "--fit", "clearance", "--bounds", "clearance=5:15", code=FAILED)
        self.assertIn("AT ITS BOUND: morphine.clearance", text)
        answer = json.loads(self.does(EXAMPLE, *QUICK, "--fit", "clearance,dispersion-still", "--json", code=FAILED))
        self.assertEqual([row["verdict"] for row in answer["figures"]], ["known", "not seen"])
        self.assertIsNone(answer["figures"][1]["log_error"])

    def test_numbers_that_do_not_exist_are_null(self):
        """Nothing was given before anything was looked for; and what was found is so little that the error has no size."""
        head, look = "ID,TIME,AMT,EVID,DV,LEVEL\nA,", "".join(f"A,{hour},.,0,%s,L3\n" for hour in (1, 2, 3))
        for text, error, nulls, verdict in (
                (f"{head}5,0.25,1,.,.\n{look % (0, 0, 0)}", "additive", ("akaike", "minus_twice_log_likelihood"), "not seen"),
                (f"{head}0,0.25,1,.,.\n{look % (('1e-300',) * 3)}", "proportional", ("error_share", "akaike"), "at its bound")):
            words = (self.table(text), *QUICK, "--fit", "clearance", "--error", error)
            answer = json.loads(self.does(*words, "--json", code=FAILED))
            self.assertEqual((answer["sound"], answer["figures"][0]["verdict"]), (False, verdict))
            for name in nulls:
                self.assertIsNone(answer[name], name)
            told = self.does(*words, code=FAILED)
            self.assertIn("cannot be told", told)
            self.assertNotRegex(told, r"\b(nan|inf)\b")

    def test_an_interval_of_everything_is_not_sound(self):
        """Sixteen days later nothing is left, whatever the figures are; somebody has found as much as after four hours."""
        table = self.table("ID,TIME,AMT,EVID,DV,LEVEL\nA,0,0.25,1,.,.\n" + "".join(
            f"A,{hour},.,0,{found},L3\n" for hour, found in ((1, 5820), (2, 3150), (4, 1300), (400, 1300))))
        words = (table, "--drug", "morphine", "--fit", "clearance,dispersion")
        answer = json.loads(self.does(*words, "--json", code=FAILED))
        self.assertFalse(answer["sound"])
        for row in answer["figures"]:
            self.assertEqual((row["verdict"], row["log_error"], row["from"], row["to"]), ("left open", None, None, None))
        told = self.does(*words, code=FAILED)
        for figure in ("morphine.clearance", "body.dispersion-mobile"):
            self.assertIn(f"LEFT OPEN: the interval of {figure}", told)
        self.assertNotRegex(told, r"\binf\b")

    def test_starts_do_not_matter(self):
        one = json.loads(self.does(EXAMPLE, *QUICK, "--fit", "clearance,dispersion", "--json"))
        other = json.loads(self.does(EXAMPLE, *QUICK, "--fit", "dispersion,morphine.clearance", "--json",
                                     "--start", "clearance=40", "--start", "dispersion=60"))
        for row, same in zip(one["figures"], reversed(other["figures"])):
            self.assertEqual(row["figure"], same["figure"])
            self.assertNotEqual(row["start"], same["start"])
            self.assertLess(abs(row["estimate"] / same["estimate"] - 1), 0.01 * row["log_error"])

    def test_malformed_tables_are_refused(self):
        for text, told in (("TIME,AMT\n0,1\n", "table.csv:1: no column DV"), ("", "table.csv:1: it is empty"),
                           ("TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,x,L2\n", "table.csv:3: DV"),
                           ("TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,3,L2\n2,.,0,L2\n", "table.csv:4: DV is 0"),
                           ("TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,3,L2\n", "more observations than figures"),
                           ("TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,3,L2\n2,.,4\0,L2\n", "table.csv:4: a control character"),
                           ("TIME,AMT,EVID,DV,LEVEL\n1,.,0,3,L2\n2,.,0,2,L2\n", "table.csv: no row has a dose"),
                           ("TIME,AMT,DV,LEVEL\n0,-1,.,.\n1,.,3,L2\n", "table.csv:2: AMT")):
            ran = self.ran(self.table(text), *QUICK, "--fit", "clearance")
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), text)
            self.assertIn(told, ran.stderr)

    def test_usage(self):
        fit = ("--fit", "clearance")
        for words, told in (
                ((EXAMPLE, *QUICK), "--fit"), ((EXAMPLE, "--fit", "clearance"), "--drug"),
                ((*QUICK, *fit), "table of observations"),
                ((EXAMPLE, EXAMPLE, *QUICK, *fit), "one table"), ((EXAMPLE, *QUICK, "--fit", "clearence"), "clearence"),
                ((EXAMPLE, *QUICK, "--fit", "clearance,clearance"), "twice"),
                ((EXAMPLE, *QUICK, *fit, "--each", "--profile"), "no profiles"), ((EXAMPLE, *QUICK, *fit, "--blq", "M2"), "M1"),
                ((EXAMPLE, *QUICK, "--fit", ",".join(["inflow", "reservoir", "mixing", "stroke-length", "reservoir-out",
                                                      "clearance", "partition", "uptake-half-time", "dispersion"])), "at most 8"),
                ((EXAMPLE, *QUICK, *fit, "--start", "partition=2"), "none of the figures of --fit"),
                ((EXAMPLE, *QUICK, *fit, "--start", "clearance"), "none of the figures of --fit"),
                ((EXAMPLE, *QUICK, *fit, "--start", "clearance=x"), "no number"),
                ((EXAMPLE, *QUICK, *fit, "--bounds", "clearance=5"), "LOW:HIGH"),
                ((EXAMPLE, *QUICK, *fit, "--bounds", "clearance=20:30"), "LOW < START < HIGH"),
                ((EXAMPLE, *QUICK, *fit, "--bounds", "clearance=0:30"), "0 < LOW"),
                ((EXAMPLE, *QUICK, *fit, "--bounds", "clearance=1:1e9"), "within 0 to 100000"),
                ((EXAMPLE, *QUICK, *fit, "--error", "large"), "--error"), ((EXAMPLE, *QUICK, *fit, "--error", "5+x"), "--error"),
                ((EXAMPLE, *QUICK, *fit, "--plot", "a.gif"), ".png"), ((EXAMPLE, *QUICK, *fit, "--bonds", "x"), "--bounds"),
                ((self.folder / "none.csv", *QUICK, *fit), "none.csv")):
            ran = self.ran(*words)
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), words)
            self.assertIn(told, ran.stderr)
        self.assertIn("University of Chicago", self.does("--help"))


if __name__ == "__main__":
    unittest.main()
