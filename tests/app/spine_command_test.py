#!/usr/bin/python3
"""spine_command_test.py - `cisterna spine` from outside. The model is linear, so its answers are held to each other: doses add
up, units are units, and area times clearance is the dose. Malformed tables are refused with line and reason.

    spine_command_test.py CISTERNA
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
import xml.etree.ElementTree

PROGRAM = sys.argv.pop(1)
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
USAGE = 2
# Tight, so that the steps taken do not show where two runs are compared.
TIGHT = ("--drug", "morphine", "--tolerance", "0.00001")


class Spine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ran(self, *words):
        return subprocess.run([PROGRAM, "spine", *map(str, words)], capture_output=True, text=True, timeout=120, check=False)

    def does(self, *words):
        ran = self.ran(*words)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""), words)
        return ran.stdout

    def table(self, text):
        path = self.folder / "doses.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def rows(self, text, *words):
        """{(id, time, level): fluid} of a table of doses."""
        out = self.does(self.table(text), *(words or TIGHT))
        return {(row["ID"], float(row["TIME[h]"]), row["LEVEL"]): float(row["CSF[ng/mL]"])
                for row in csv.DictReader(io.StringIO(out))}

    def same(self, one, other, share=1e-3):
        self.assertEqual(one.keys(), other.keys())
        most = max(one.values())
        for key, value in one.items():
            self.assertLessEqual(abs(value - other[key]), share * max(value, 1e-3 * most), key)

    def test_doses_add_up(self):
        first = self.rows("TIME,AMT\n0,0.2\n24,.\n", *TIGHT, "--until", "30 h")
        second = self.rows("TIME,AMT\n0,.\n3,0.1\n24,.\n", *TIGHT, "--until", "30 h")
        both = self.rows("TIME,AMT\n0,0.2\n3,0.1\n24,.\n", *TIGHT, "--until", "30 h")
        self.same({key: first[key] + second[key] for key in first}, both)
        tenfold = self.rows("TIME,AMT\n0,2\n24,.\n", *TIGHT, "--until", "30 h")
        self.same({key: 10 * value for key, value in first.items()}, tenfold)

    def test_units_are_units(self):
        plain = self.rows("ID,TIME,AMT,RATE,EVID\n7,1,0.24,0.02,1\n7,2,0.1,0,1\n")
        named = self.rows("id,Time[min],AMT[ug],RATE[ug/min],EVID\n7,60,240,0.333333333,1\n7,120,100,.,1\n")
        flags = self.rows("ID,TIME,AMT,RATE,EVID\n7,60,240000,333.333333,1\n7,120,100000,0,1\n", *TIGHT, "--time", "min",
                          "--amount", "ng")
        self.same(plain, named)
        self.same(plain, flags)

    def test_further_doses(self):
        short = self.rows("ID,TIME,AMT,EVID,ADDL,II\n1,0,0.1,1,3,6\n1,7,0.05,1,.,.\n")
        written = self.rows("ID,TIME,AMT,EVID\n1,0,0.1,1\n1,6,0.1,1\n1,7,0.05,1\n1,12,0.1,1\n1,18,0.1,1\n")
        self.same(short, written)

    def test_a_reset_empties(self):
        again = self.rows("ID,TIME,AMT,EVID\n1,0,1,1\n1,5,.,3\n1,10,0.1,1\n", *TIGHT, "--until", "20 h")
        alone = self.rows("ID,TIME,AMT,EVID\n1,10,0.1,1\n", *TIGHT, "--until", "20 h")
        self.assertGreater(again["1", 4.0, "L2"], 0)
        self.same({key: value for key, value in again.items() if key[1] >= 10},
                  {key: value for key, value in alone.items() if key[1] >= 10})
        self.assertEqual(again["1", 7.0, "L2"], 0)
        both = self.rows("ID,TIME,AMT,EVID\n1,0,1,1\n1,10,0.1,4\n", *TIGHT, "--until", "20 h")
        self.assertEqual(both["1", 15.0, "L2"], again["1", 15.0, "L2"])

    def test_peaks_lie_between_looks(self):
        fine = self.rows("TIME,AMT\n0,0.05\n", *TIGHT, "--tip", "L4", "--levels", "L2", "--until", "1 h", "--every", "15 s")
        most = max((key for key in fine if key[2] == "L2"), key=fine.get)
        coarse = self.does(self.table("TIME,AMT\n0,0.05\n"), *TIGHT, "--tip", "L4", "--levels", "L2", "--until", "12 h", "--json")
        (level,) = [level for level in json.loads(coarse)[0]["levels"] if level["level"] == "L2"]
        self.assertAlmostEqual(level["csf_peak_h"], most[1], delta=0.01 * most[1])
        steady = "".join(f"{hour},0.01,0.01,1\n{hour},.,.,0\n" for hour in range(300))
        flat = self.does(self.table("TIME,AMT,RATE,EVID\n" + steady), "--drug", "morphine", "--json", "--until", "300 h")
        for level in json.loads(flat, parse_constant=self.fail)[0]["levels"]:
            self.assertTrue(0 < level["csf_peak_h"] <= 300 and 0 < level["tissue_peak_h"] <= 300, level)

    def test_people_are_apart(self):
        two = self.rows("ID,TIME,AMT\nA,0,0.1\nB,0,0.3\n")
        one = self.rows("ID,TIME,AMT\nB,0,0.3\n")
        self.assertEqual({key: value for key, value in two.items() if key[0] == "B"}, one)

    def test_looks_have_rows(self):
        rows = self.rows("TIME,AMT,EVID\n0,0.25,1\n0.1,.,0\n", *TIGHT, "--every", "6 h", "--levels", "L2")
        self.assertEqual(sorted({time for _, time, _ in rows}), [0.0, 0.1, 6.0, 12.0, 18.0, 24.0, 24.1])
        self.assertEqual({level for _, _, level in rows}, {"head", "L2"})

    def test_areas_times_clearances_are_the_dose(self):
        """With no tissue and no head flow, all that was given is cleared in proportion to the area."""
        out = self.does(self.table("TIME,AMT\n0,0.25\n"), *TIGHT, "--json", "--until", "20 d", "--set", "morphine.partition=0",
                        "--set", "body.reservoir=0.000001", "--set", "body.reservoir-out=0",
                        "--set", "body.stroke-length=1000000", "--set", "body.dispersion-mobile=100000",
                        "--set", "morphine.clearance=20")
        (course,) = json.loads(out)
        for level in course["levels"]:
            self.assertAlmostEqual(level["csf_area_ng_h_ml"] * 20 / 250000, 1, delta=0.005)
            self.assertAlmostEqual(level["csf_half_life_h"], 0.693147 * 97.3 / 20, delta=0.01)
        mass = course["mass_mg"]
        self.assertLess(abs(mass["gap"]), 1e-12)
        self.assertAlmostEqual(sum(value for key, value in mass.items() if key != "given"), mass["given"], delta=1e-12)

    def test_what_a_scenario_delivered(self):
        out = self.folder / "out"
        played = subprocess.run([PROGRAM, "play", EXAMPLES / "morphine-60-days.json", "--until", "3 d", "--out", out],
                                capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(played.returncode, 0, played.stderr)
        with open(out / "series.csv", encoding="utf-8", newline="") as series:
            delivered = float(list(csv.DictReader(series))[-1]["delivered_morphine_ng"])
        for name in ("series.csv", "events.ndjson"):
            (course,) = json.loads(self.does(out / name, "--drug", "morphine", "--json"))
            self.assertAlmostEqual(course["mass_mg"]["given"], delivered * 1e-6, delta=1e-9 * delivered)
        ran = self.ran(out / "events.ndjson", "--drug", "baclofen")
        self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""))
        self.assertIn("delivered_baclofen_ng", ran.stderr)

    def test_figures(self):
        figures = json.loads(self.does("figures", "--json"))
        self.assertEqual(len({row["figure"] for row in figures}), len(figures))
        for row in figures:
            self.assertTrue(row["source"] and row["unit"])
        self.assertEqual(self.does("figures").count("\n"), len(figures) + 1)

    def override(self, *rows, text=None):
        path = self.folder / "figures.json"
        path.write_text(json.dumps({"figures": rows}) if text is None else text, encoding="utf-8")
        return path

    def test_other_figures_from_a_file(self):
        """A file says what --set says, and nothing is taken from one that is wrong in any place."""
        doses = self.table("TIME,AMT\n0,0.25\n")
        good = [{"figure": "morphine.clearance", "value": 20, "unit": "mL/h", "source": "a measurement"},
                {"figure": "body.mixing", "value": 3, "unit": "cm", "guess": True}]
        one = self.does(doses, *TIGHT, "--figures", self.override(*good))
        self.assertEqual(one, self.does(doses, *TIGHT, "--set", "morphine.clearance=20", "--set", "body.mixing=3"))
        self.assertNotEqual(one, self.does(doses, *TIGHT))
        figures = json.loads(self.does("figures", "--json", "--figures", self.override(*good)))
        shown = {row["figure"]: row["value"] for row in figures}
        self.assertEqual((shown["morphine.clearance"], shown["body.mixing"]), (20, 3))
        for change, told in (({"unit": "L/h"}, "mL/h"), ({"value": -1}, "out of range"), ({"value": "20"}, "no number"),
                             ({"value": 1e300}, "out of range"), ({"source": None}, "source"), ({"figure": "morphine.clearence"},
                             "morphine.clearance"), ({"figure": "tea"}, "cisterna spine figures"), ({"unit": None}, "unit"),
                             ({"value": None}, "value"), ({"colour": "red"}, "colour"), ({"figure": "body.mixing"}, "")):
            row = {key: value for key, value in {**good[0], **change}.items() if value is not None}
            path = self.override(row, good[1])
            ran = self.ran(doses, *TIGHT, "--figures", path)
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), change)
            self.assertTrue(ran.stderr.startswith(f"{path}:"), ran.stderr)
            self.assertIn(told, ran.stderr)
        for text, told in (("", "JSON"), ("[]", "object"), ("{}", "figures"), ('{"figures": []}', "figures"),
                           (json.dumps({"figures": [good[0], good[0]]}), "twice")):
            ran = self.ran(doses, *TIGHT, "--figures", self.override(text=text))
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), text)
            self.assertIn(told, ran.stderr)

    def test_examples_and_plots(self):
        for example, drug, tip in (("spine-bolus", "morphine", "L2"), ("spine-baclofen", "baclofen", "T10")):
            for ending in ("png", "svg"):
                plot = self.folder / f"{example}.{ending}"
                text = self.does(EXAMPLES / f"{example}.csv", "--drug", drug, "--tip", tip, "--summary", "--plot", plot)
                self.assertIn("not accounted for", text)
                if ending == "png":
                    self.assertTrue(plot.read_bytes().startswith(b"\x89PNG\r\n"))
                else:
                    self.assertTrue(xml.etree.ElementTree.parse(plot).getroot().tag.endswith("svg"))
        ran = self.ran(EXAMPLES / "spine-bolus.csv", "--drug", "morphine", "--plot", self.folder / "none" / "a.png")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("could not be written", ran.stderr)

    def test_malformed_tables_are_refused(self):
        head = "ID,TIME,AMT,RATE,EVID,ADDL,II,SS\n"
        for text, line, word in (
                ("", 1, "empty"), ("# only a remark\n", 1, "empty"), ("ID,AMT\n", 1, "no column TIME"),
                ("TIME\n", 1, "no column AMT"),
                ("TIME,AMT,TIME\n", 1, "two columns"), (head, 2, "nothing was given"),
                ("TIME[fortnight],AMT\n", 1, "unit of time"), ("TIME,AMT[g]\n", 1, "unit of mass"),
                ("TIME[h],AMT[ug],RATE[mg/h]\n", 1, "ug/h"), ("TIME[h],AMT,II[d]\n", 1, "write both in one"),
                ("ID[x],TIME,AMT\n", 1, "has no unit"), (head + "1,x,1,0,1,0,0,0\n", 2, "TIME: \"x\""),
                (head + "1,0,1e999,0,1,0,0,0\n", 2, "AMT"), (head + "1,0,nan,0,1,0,0,0\n", 2, "AMT"),
                (head + "1,0,0x10,0,1,0,0,0\n", 2, "AMT"), (head + "1,0,1,0,1,0,0\n", 2, "ends before"),
                (head + "\n1,-1,1,0,1,0,0,0\n", 3, "begins at 0"), (head + "1,0,-1,0,1,0,0,0\n", 2, "taken back"),
                (head + "1,0,1,-2,1,0,0,0\n", 2, "RATE"), (head + "1,0,1,0,7,0,0,0\n", 2, "EVID"),
                (head + "1,0,1,0,1,2,0,0\n", 2, "II"), (head + "1,0,1,0,1,1.5,6,0\n", 2, "ADDL"),
                (head + "1,0,1,0,0,0,0,0\n", 2, "gives nothing"), (head + "1,0,0,0,1,0,0,0\n", 2, "more than nothing"),
                (head + "1,1e308,1,0,1,0,0,0\n", 2, "TIME"), (head + "1,1e6,1,0,1,100,1e5,0\n", 2, "300 years"),
                (head + "1,0,1,1e-300,1,0,0,0\n", 2, "300 years"), (head + "1,0,1e7,0,1,0,0,0\n", 2, "1 kg"),
                ("t_s,delivered_morphine_ng\n0,0\ninf,5\n", 3, "300 years"),
                ("t_s,delivered_morphine_ng\n0,0\n9,4\n10,3\n", 4, "back"),
                ("t_s,delivered_morphine_ng\n0,0\nnan,5\n", 3, "back"), (head + "1,0,1,0,1,0,0,1\n", 2, "SS"),
                (head + "1" * 60 + ",0,1,0,1,0,0,0\n", 2, "ID"),
                ("TIME,AMT,ADDL,II\n" + "0,1,1000000,1\n" * 3, 3, "events")):
            path = self.table(text)
            ran = self.ran(path, "--drug", "morphine")
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), text)
            self.assertTrue(ran.stderr.startswith(f"{path}:{line}: "), ran.stderr)
            self.assertIn(word, ran.stderr)

    def test_what_is_no_text_is_refused_and_not_cut_off(self):
        for text, line in (("TIME,AMT\n0,1\n5,\0.\n9,3\n", 3), ("TIME,AMT\n0,1\n\0", 3), ("\0TIME,AMT\n0,1\n", 1),
                           ("TIME,AMT\n0,1\x1b\n", 2), ("TIME,AMT\n0,1\x7f\n", 2),
                           ("t_s,delivered_morphine_ng\n0,0\n9,4\n10\0,7\n", 4)):
            path = self.table(text)
            ran = self.ran(path, "--drug", "morphine")
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), text)
            self.assertTrue(ran.stderr.startswith(f"{path}:{line}: a control character"), ran.stderr)
        plain = self.rows("TIME,AMT\n0,0.2\n5,.\n")
        self.same(plain, self.rows("TIME\t,AMT\r\n0,0.2\r\n5,.\r\n"))

    def test_figures_with_a_control_character_are_refused(self):
        row = {"figure": "body.mixing", "value": 3, "unit": "cm", "guess": True}
        good = json.dumps({"figures": [row]}, indent=1)
        doses = self.table("TIME,AMT\n0,0.25\n")
        self.does(doses, *TIGHT, "--figures", self.override(text=good))
        for text, line in ((good + "\n\0", good.count("\n") + 2), (good.replace(" 3,", " 3,\0"), 5), ("\0" + good, 1)):
            path = self.override(text=text)
            for words in ((doses, *TIGHT), ("fit", doses, *TIGHT, "--fit", "clearance")):
                ran = self.ran(*words, "--figures", path)
                self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), (text, words))
                self.assertTrue(ran.stderr.startswith(f"{path}:{line}: a control character"), ran.stderr)

    def test_usage(self):
        path = self.table("TIME,AMT\n0,1\n")
        for words, told in (
                ((path,), "--drug"), ((), "table of doses"), ((path, path, "--drug", "morphine"), "one table"),
                ((path, "--drug", "tea"), "tea"), ((path, "--drug", "morphine", "--tip", "L6"), "L6"),
                ((path, "--drug", "morphine", "--regime", "fast"), "fast"),
                ((path, "--drug", "morphine", "--set", "a"), "FIGURE=VALUE"),
                ((path, "--drug", "morphine", "--set", "morphine.clearence=2"), "morphine.clearance"),
                ((path, "--drug", "morphine", "--set", "morphine.clearance=-2"), "mL/h"),
                ((path, "--drug", "morphine", "--every", "5"), "--every"),
                ((path, "--drug", "morphine", "--until", "0 h"), "--until"),
                ((path, "--drug", "morphine", "--plot", "a.gif"), ".png"),
                ((path, "--drug", "morphine", "--cells", "65"), "--cells"),
                ((path, "--drug", "morphine", "--tolerance", "1"), "--tolerance"), ((path, "--drog", "morphine"), "--drug"),
                ((path, "--drug", "morphine", "--levels", "L2,L9"), "L9"),
                ((path, "--drug", "morphine", "--drift", "x"), "--drift"),
                ((path, "--drug", "morphine", "--every", "0.1 s", "--until", "30 d"), "rows"),
                ((path, "--drug", "morphine", "--set", "body.reservoir=0"), "out of range"),
                ((self.folder / "none.csv", "--drug", "morphine"), "none.csv")):
            ran = self.ran(*words)
            self.assertEqual((ran.returncode, ran.stdout), (USAGE, ""), words)
            self.assertIn(told, ran.stderr)
        self.assertIn("DOSES.csv", self.does("--help"))


if __name__ == "__main__":
    unittest.main()
