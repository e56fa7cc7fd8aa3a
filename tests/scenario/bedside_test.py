"""bedside_test.py - the patient of a played scenario: what the series shows is what `cisterna spine` makes of the same doses; who
asks freely gets what the pump permits; and nothing depends on who looks on."""
# SPDX-License-Identifier: Apache-2.0
import csv
import io
import json
import pathlib
import tempfile
import unittest

import common

ASKS = common.ROOT / "examples/patient-asks.json"
FELT = {"pain": 10, "relief": 1, "sedation": 1, "breathing": 1, "spasticity": 1, "withdrawal": 1, "confusion": 1}


class Bedside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.room.name)
        cls.asks = json.loads(ASKS.read_text())
        cls.whole = cls.played(cls, cls.asks)

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def played(self, scenario, *words, program=common.RELEASE):
        """Rows, events as lines, and summary."""
        number = len(list(self.folder.iterdir()))
        path, self.out = self.folder / f"{number}.json", self.folder / f"{number}.out"
        out = self.out
        path.write_text(json.dumps({**scenario, "expect": []}))
        ran = common.cisterna(program, "play", path, "--out", out, *words)
        assert ran.returncode == 0, ran.stderr
        rows = list(csv.DictReader(io.StringIO((out / "series.csv").read_text())))
        return rows, (out / "events.ndjson").read_text().splitlines(), json.loads((out / "summary.json").read_text())

    def changed(self, **patient):
        """The scenario with another patient; of None, without that member."""
        members = {name: value for name, value in {**self.asks["patient"], **patient}.items() if value is not None}
        return {**self.asks, "patient": members}

    def test_rows_are_of_somebody(self):
        for scenario in (self.whole[0], self.played(json.loads((common.ROOT / "examples/baclofen-flex.json").read_text()))[0]):
            for row in scenario:
                for name, most in FELT.items():
                    self.assertTrue(0 <= float(row[name]) <= most, (name, row["t_s"]))
                for name in row:
                    if name.startswith("csf_"):
                        self.assertGreaterEqual(float(row[name]), 0)
        days = self.whole[0][::24]
        self.assertEqual(float(days[0]["csf_tip_morphine_ng_ml"]), 0)
        # From T10, nearer to the head than the L2 of which Moulin told seven times.
        self.assertGreater(float(days[10]["csf_tip_morphine_ng_ml"]), 2 * float(days[10]["csf_cisterna_morphine_ng_ml"]))
        self.assertGreater(float(days[10]["csf_cisterna_morphine_ng_ml"]), 0)
        relieved, without = (sum(float(row["pain"]) for row in rows) / len(rows) for rows in (days[5:20], days[23:]))
        self.assertLess(relieved, without - 1)  # the catheter came off on day 21

    def test_the_spine_alone_says_the_same(self):
        """The doses of the series, through the command that knows no rig. By five minutes, as the person gets them: where
        little disperses, as at L2, one dose an hour is seen at the tip."""
        scenario = json.loads((common.ROOT / "examples/morphine-60-days.json").read_text())
        del scenario["timeline"][:]  # a bolus is given evenly over five minutes here, and over an hour there
        rows = self.played({**scenario, "patient": {}, "until": "8 d", "series": "5 min"})[0]
        ran = common.cisterna(common.RELEASE, "spine", self.out / "series.csv", "--drug", "morphine", "--tip", "L2", "--levels",
                              "L2", "--every", "1 h", "--until", "8 d")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        told = {(row["LEVEL"], float(row["TIME[h]"])): float(row["CSF[ng/mL]"])
                for row in csv.DictReader(io.StringIO(ran.stdout))}
        compared = 0
        for row in rows[24 * 12::7 * 12]:
            for column, place in (("csf_tip_morphine_ng_ml", "L2"), ("csf_cisterna_morphine_ng_ml", "head")):
                self.assertAlmostEqual(float(row[column]) / told[place, float(row["t_s"]) / 3600], 1, delta=0.001)
            compared += 1
        self.assertGreater(compared, 20)

    def test_who_asks_gets_what_the_pump_permits(self):
        rows, events, summary = self.whole
        boluses, patient = summary["commands"]["patient_boluses"], summary["patient"]
        self.assertEqual(patient["asked"], boluses["requested"])
        self.assertEqual(boluses["granted"] + boluses["refused"], boluses["requested"])
        told = [json.loads(line) for line in events]
        given = [event["tick_ms"] for event in told if event.get("kind_word") == "patient" and event["event"] == "course_start"]
        self.assertEqual(len(given), boluses["granted"])
        self.assertGreaterEqual(min(after - before for before, after in zip(given, given[1:])), 4 * 3600000)
        for event in told:
            if event["event"] == "refused":
                self.assertEqual((event["who"], event["command_word"]), ("patient", "patient_bolus"))
        quiet = self.played(self.changed(asks=None))
        self.assertEqual((quiet[2]["patient"]["asked"], quiet[2]["commands"]["patient_boluses"]["requested"]), (0, 0))
        self.assertGreater(float(quiet[2]["patient"]["pain"]["mean"]), float(patient["pain"]["mean"]))

    def test_nothing_depends_on_who_looks(self):
        rows, events, summary = self.whole
        ran = common.cisterna(common.RELEASE, "play", self.folder / "0.json", "--json")
        self.assertEqual(json.loads(ran.stdout), summary)  # nor on whether there is a series
        for until, days in (("3 d", 3), ("9 d 04:27", 9), ("22 d 13:01", 22)):
            with self.subTest(until=until):
                part = self.played(self.asks, "--until", until)
                before = [event for event in events if json.loads(event)["tick_ms"] < days * 86400000]
                self.assertGreater(len(before), 10)
                self.assertEqual(part[1][:len(before)], before)
                self.assertEqual(part[0][:days * 24], rows[:days * 24])
        sanitized = self.played(self.asks, program=common.DEV)
        self.assertTrue(sanitized == self.whole, "the bytes differ")

    def test_a_patient_changes_nothing_for_the_pump(self):
        scenario = json.loads((common.ROOT / "examples/mixture-stall.json").read_text())
        plain, said = self.played(scenario), self.played({**scenario, "patient": {"person": "drawn", "tip": "T4"}})
        self.assertEqual(plain[1], said[1])
        self.assertNotIn("patient", plain[2])
        self.assertEqual({**said[2], "patient": None}, {**plain[2], "patient": None})
        pump = [name for name in plain[0][0] if name not in FELT and not name.startswith("csf_")]
        for before, after in zip(plain[0], said[0]):
            self.assertEqual([before[name] for name in pump], [after[name] for name in pump])

    def test_who_it_is(self):
        def at(rows, name):
            return float(rows[24 * 12][name])
        rows, _, summary = self.whole
        self.assertEqual((summary["patient"]["tip"], summary["patient"]["pain"]["without_drug"]), ("T10", "7"))
        self.assertEqual(summary["patient"]["figures"]["body.weight"], "82 kg, the scenario's own instead of 70")
        cleared = self.played(self.changed(asks=None, figures={"morphine.clearance": "60 mL/h"}))[0]
        slow = self.played(self.changed(asks=None, figures={"morphine.clearance": "6 mL/h"}))[0]
        self.assertLess(at(cleared, "csf_tip_morphine_ng_ml"), 0.7 * at(slow, "csf_tip_morphine_ng_ml"))
        lower = self.played(self.changed(asks=None, figures=None, tip="L4"))[0]
        upper = self.played(self.changed(asks=None, figures=None, tip="T2"))[0]
        self.assertLess(at(lower, "csf_cisterna_morphine_ng_ml"), at(upper, "csf_cisterna_morphine_ng_ml"))
        still = self.played(self.changed(asks=None, posture="still"))[0]
        self.assertGreater(at(still, "csf_tip_morphine_ng_ml"), 2 * at(rows, "csf_tip_morphine_ng_ml"))
        typical, other = (self.played(self.changed(person=person, seed=seed)) for person, seed in ((None, None), ("drawn", 8)))
        self.assertNotEqual(typical[0], rows)
        self.assertNotEqual(other[0], rows)
        self.assertEqual(other[2]["patient"]["seed"], 8)
        hurts = self.played(self.changed(asks=None, pain="0"))[0]
        self.assertEqual(float(hurts[24]["pain"]), 0)
        stiff = self.played(self.changed(asks=None, spasticity="40 %"))[0]
        self.assertAlmostEqual(float(stiff[0]["spasticity"]), 0.4)

    def test_what_goes_wrong_is_felt(self):
        def deed(word, at="10 d", **more):
            return {"at": at, "who": "hardware", "do": word, **more}

        def days(*timeline, **more):
            return self.played({**self.changed(asks=None), "until": "20 d", "timeline": list(timeline), **more})
        well, events, _ = days()
        moved, moved_events, summary = days(deed("migration", to="L5"))
        self.assertEqual(moved[:240], well[:240])
        self.assertLess(float(moved[-1]["relief"]), float(well[-1]["relief"]))
        self.assertLess(float(moved[-1]["csf_cisterna_morphine_ng_ml"]), float(well[-1]["csf_cisterna_morphine_ng_ml"]))
        self.assertEqual(moved[-1]["delivered_morphine_ng"], well[-1]["delivered_morphine_ng"])
        self.assertEqual(summary["complications"]["tip"], "L5")
        self.assertEqual([line for line in moved_events if '"sequence"' in line], events)  # the pump notices nothing
        lost = days(deed("migration", to="outside"))[0]
        self.assertEqual(float(lost[-1]["relief"]), 0)
        self.assertGreater(float(lost[-1]["withdrawal"]), float(well[-1]["withdrawal"]))
        grown = days(deed("granuloma", size="60 %"))[0]
        self.assertLess(float(grown[-1]["relief"]), float(well[-1]["relief"]))
        ill, _, summary = days(deed("infection", at="5 d", **{"for": "10 d"}))
        noted = [(json.loads(line)["tick_ms"] // 86400000, json.loads(line)["infected"])
                 for line in (self.out / "events.ndjson").read_text().splitlines() if '"event":"infection"' in line]
        self.assertEqual((noted, summary["complications"]["infected"]), ([(5, True), (15, False)], 0))
        for day, worse in ((4, 0), (10, 0.4), (19, 0)):
            self.assertAlmostEqual(float(ill[24 * day]["confusion"]) - float(well[24 * day]["confusion"]), worse, delta=0.15)
        self.assertEqual([row["delivered_morphine_ng"] for row in ill], [row["delivered_morphine_ng"] for row in well])
        for spans, ends in (((("1 d", "9 d"), ("2 d", "1 d"), ("3 d", "7 d")), [10]),
                            ((("1 d", "2 d"), ("2 d", None), ("3 d", "1 ms")), []),
                            ((("1 d", "1 d"), ("3 d", "1 d")), [2, 4])):
            summary = days(*(deed("infection", at=at, **({"for": span} if span else {})) for at, span in spans))[2]
            noted = [json.loads(line) for line in (self.out / "events.ndjson").read_text().splitlines()
                     if '"event":"infection"' in line]
            self.assertEqual([line["tick_ms"] // 86400000 for line in noted if not line["infected"]], ends, spans)
            self.assertEqual(summary["complications"]["infected"], int(not ends), spans)
        ill = days(complications={"kinds": ["infection"], "factor": "10000"})[2]
        self.assertEqual(ill["complications"]["infected"], 1)

    def test_a_granuloma_does_not_depend_on_the_series(self):
        for scenario in (self.asks, {name: self.asks[name] for name in self.asks if name != "patient"}):
            scenario = {**scenario, "until": "20 d", "timeline": [{"at": "5 d", "who": "hardware", "do": "granuloma"}]}
            summary = self.played(scenario)[2]
            ran = common.cisterna(common.RELEASE, "play", self.out.with_suffix(".json"), "--json")
            self.assertEqual(json.loads(ran.stdout), summary)
            self.assertGreater(summary["complications"]["granulomas"], 0)

    def test_a_seed_from_the_command_line(self):
        one, two = (self.played(self.asks, "--seed", seed, "--until", "4 d") for seed in ("11", "12"))
        self.assertEqual((one[2]["patient"]["seed"], two[2]["patient"]["seed"]), (11, 12))
        self.assertNotEqual(one[0], two[0])


if __name__ == "__main__":
    unittest.main()
