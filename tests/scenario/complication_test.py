"""complication_test.py - complications in a scenario: the seed alone decides when, a factor how often, and neither pump nor
clinic is told; a granuloma narrows the tip in strong morphine and opens it again in thin; a tip outside, a fill beside."""
# SPDX-License-Identifier: Apache-2.0
import csv
import json
import pathlib
import tempfile
import unittest

import common

HERE = pathlib.Path(__file__).parent
DAY_MS = 86400000


class Complications(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.TemporaryDirectory()
        self.addCleanup(self.room.cleanup)

    def play(self, scenario, **changes):
        """Summary, what happened outside the pump, the pump's own events, and the rows of the series."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.room.name))
        path = folder / "scenario.json"
        path.write_text(json.dumps({key: value for key, value in {**scenario, **changes}.items() if value is not None}))
        ran = common.cisterna(common.RELEASE, "play", path, "--out", folder / "out")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        events = [json.loads(line) for line in (folder / "out/events.ndjson").read_text().splitlines()]
        return (json.loads((folder / "out/summary.json").read_text()), [e for e in events if "sequence" not in e],
                [e for e in events if "sequence" in e],
                list(csv.DictReader((folder / "out/series.csv").read_text().splitlines())))

    @staticmethod
    def plain(days, *timeline, **changes):
        scenario = json.loads((common.ROOT / "examples/granuloma.json").read_text())
        scenario["reservoir"]["fill"] = "20 mL"
        return {**scenario, "until": f"{days} d", "timeline": list(timeline), "expect": None, **changes}

    @staticmethod
    def of(outside):
        return {event["complication"]: event["tick_ms"] for event in outside if event["event"] == "complication"}

    def test_the_seed_decides_and_kinds_do_not_disturb_each_other(self):
        many = {"factor": "1000", "kinds": ["kink", "leak", "occlusion", "migration", "infection"]}
        scenario = self.plain(60)
        _, outside, _, _ = self.play(scenario, complications=many)
        happened = self.of(outside)
        self.assertGreaterEqual(len(happened), 4)
        for kind, at in happened.items():
            _, alone, _, _ = self.play(scenario, complications={"factor": "1000", "kinds": [kind]})
            self.assertEqual(self.of(alone), {kind: at})
        _, other, _, _ = self.play(scenario, complications=many, seed=scenario["seed"] + 1)
        self.assertFalse(set(self.of(other).values()) & set(happened.values()))

    def test_a_factor_makes_them_more_frequent(self):
        happened = {}
        for factor in ("1", "10000"):
            happened[factor] = 0
            for seed in range(1, 6):
                summary, _, _, _ = self.play(self.plain(20), complications={"factor": factor}, seed=seed)
                happened[factor] += summary["complications"]["happened"]
        self.assertLessEqual(happened["1"], 1)     # a quarter of a year of patients: 0.05 are expected
        self.assertGreaterEqual(happened["10000"], 30)

    def test_the_pump_is_not_told(self):
        """A leak and a fracture change nothing that a pump could see: its log is the same, byte for byte."""
        scenario = self.plain(60)
        quiet, _, log, rows = self.play(scenario)
        self.assertNotIn("complications", quiet)
        summary, outside, same, hurt = self.play(scenario, complications={"factor": "5000", "kinds": ["leak", "fracture"]})
        self.assertEqual(set(self.of(outside)), {"leak", "fracture"})
        self.assertEqual(log, same)
        self.assertEqual([row["metered_nl"] for row in rows], [row["metered_nl"] for row in hurt])
        self.assertLess(float(hurt[-1]["delivered_nl"]), 0.9 * float(rows[-1]["delivered_nl"]))
        self.assertEqual(summary["complications"]["happened"], 2)

    def test_a_granuloma_follows_what_leaves_the_tip(self):
        scenario = json.loads((common.ROOT / "examples/granuloma.json").read_text())
        _, _, log, rows = self.play(scenario)
        self.assertFalse([event for event in log if event["event"] == "alarm_raised"])

        def passes(first, last):
            within = [row for row in rows if first * DAY_MS <= float(row["t_s"]) * 1000 <= last * DAY_MS]
            moved = {key: float(within[-1][key]) - float(within[0][key]) for key in ("delivered_nl", "displaced_nl")}
            return moved["delivered_nl"] / moved["displaced_nl"]

        self.assertEqual(passes(2, 7), 1)
        self.assertGreater(passes(7, 10), passes(20, 23))
        self.assertLess(passes(40, 50), 0.4)
        self.assertGreater(passes(70, 80), 0.6)  # thinned to a fifth at half the dose
        stopped, _, _, _ = self.play(self.plain(80, scenario["timeline"][0], {"at": "50 d", "who": "clinic", "do": "stop"}))
        self.assertLess(float(stopped["complications"]["granuloma_closes"].split(" ")[0]), 5)

    def test_none_grows_in_baclofen(self):
        scenario = json.loads(json.dumps(self.plain(60)).replace("morphine", "baclofen").replace('"25 mg/mL"', '"2 mg/mL"')
                              .replace('"5 mg/day"', '"400 mcg/day"'))
        summary, _, _, _ = self.play(scenario, complications={"factor": "100000", "kinds": ["granuloma"]})
        self.assertEqual((summary["complications"]["granulomas"], summary["complications"]["granuloma_closes"]), (0, "0 %"))

    def test_a_tip_outside_loses_all_until_it_is_put_back(self):
        summary, outside, _, rows = self.play(self.plain(
            30, {"at": "10 d", "who": "hardware", "do": "migration", "to": "outside"},
            {"at": "20 d", "who": "hardware", "do": "migration", "to": "T10"}))
        at = {float(row["t_s"]) / 86400: float(row["delivered_nl"]) for row in rows}
        self.assertLess(at[20.0] - at[10.25], 1)
        self.assertGreater(at[10.0], 1e6)
        self.assertGreater(at[30.0] - at[20.0], 1.9e6)
        self.assertEqual([event["tip"] for event in outside], ["outside", "T10"])
        self.assertEqual(summary["complications"]["tip"], "T10")

    def test_a_fill_beside_is_seen_at_the_next_refill_only(self):
        refill = {"who": "clinic", "do": "refill", "must": "apply", "withdrawn": "all", "fill": "18 mL",
                  "contents": [{"drug": "morphine", "concentration": "25 mg/mL"}]}
        summary, _, log, rows = self.play(self.plain(
            30, {"at": "5 d", "who": "hardware", "do": "pocket_fill", "share": "50 %"}, {**refill, "at": "10 d"},
            {**refill, "at": "20 d"}))
        self.assertEqual(summary["complications"]["pocket"], "9.000000 mL")
        row = next(row for row in rows if float(row["t_s"]) == 15 * 86400)
        self.assertAlmostEqual(float(row["remaining_calculated_nl"]) - float(row["remaining_true_nl"]), 9e6, delta=1)
        alarms = [(event["alarm_name"], event["tick_ms"] // DAY_MS) for event in log if event["event"] == "alarm_raised"]
        self.assertEqual(alarms, [("refill_shortfall", 20)])

    def test_by_chance_a_fill_goes_beside_as_often_as_told(self):
        refill = {"who": "clinic", "do": "refill", "must": "apply", "withdrawn": "all", "fill": "18 mL",
                  "contents": [{"drug": "morphine", "concentration": "25 mg/mL"}]}
        scenario = self.plain(41, *({**refill, "at": f"{day} d"} for day in range(1, 41)))
        every, _, _, _ = self.play(scenario, complications={"factor": "10000", "kinds": ["pocket_fill"]})
        half, _, _, _ = self.play(scenario, complications={"factor": "5000", "kinds": ["pocket_fill"]})
        none, _, _, _ = self.play(scenario, complications={"factor": "1", "kinds": ["pocket_fill"]})
        pocket = [float(run["complications"]["pocket"].split(" ")[0]) for run in (every, half, none)]
        self.assertEqual([run["complications"]["happened"] > 0 for run in (every, half, none)], [True, True, False])
        self.assertEqual(every["complications"]["happened"], 40)
        self.assertTrue(10 <= half["complications"]["happened"] <= 30)  # 20, and three standard deviations of 3.2
        self.assertTrue(pocket[0] > pocket[1] > pocket[2] == 0)


if __name__ == "__main__":
    unittest.main()
