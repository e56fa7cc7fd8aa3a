"""play_test.py - every example plays to its end with its expectations met; its totals balance to the nanolitre; every
event stands once; and the same scenario gives the same bytes, twice and in both builds."""
# SPDX-License-Identifier: Apache-2.0
import csv
import decimal
import json
import pathlib
import tempfile
import unittest

import common

NANOLITRE = decimal.Decimal("0.000001")


def played(program, scenario, folder, *more):
    ran = common.cisterna(program, "play", scenario, "--out", folder, *more)
    return ran, {name: (pathlib.Path(folder) / name).read_bytes() for name in common.FILES if ran.returncode in (0, 1)}


def millilitres(text):
    amount, unit = text.split(" ")
    assert unit == "mL", text
    return decimal.Decimal(amount)


class Play(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        cls.runs = {}
        for path in [*common.EXAMPLES, *(pathlib.Path(__file__).parent / "good").glob("*.json")]:
            for program, turn in ((common.DEV, 1), (common.DEV, 2), (common.RELEASE, 1)):
                folder = pathlib.Path(cls.room.name) / str(len(cls.runs))
                cls.runs[path.name, program, turn] = played(program, path, folder)

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def files(self):
        """Name and files of each scenario, as the release build wrote them."""
        return [(name, files) for (name, program, _), (_, files) in self.runs.items() if program == common.RELEASE]

    def test_examples_are_all_there(self):
        names = {path.name for path in common.EXAMPLES}
        self.assertLessEqual({"morphine-60-days.json", "baclofen-flex.json", "ziconotide-titration.json",
                              "mixture-stall.json", "year-1-ml-day.json"}, names)

    def test_expectations_are_met(self):
        for (name, program, turn), (ran, _) in self.runs.items():
            with self.subTest(scenario=name, program=program, turn=turn):
                self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_bytes_are_the_same(self):
        for (name, program, turn), (_, files) in self.runs.items():
            first = self.runs[name, common.DEV, 1][1]
            for file in common.FILES:
                with self.subTest(scenario=name, program=program, turn=turn, file=file):
                    self.assertTrue(files[file] == first[file], "the bytes differ")

    def test_totals_balance(self):
        for name, files in self.files():
            with self.subTest(scenario=name):
                summary = json.loads(files["summary.json"])
                totals = {key: millilitres(text) for key, text in summary["totals"].items()}
                pocket = millilitres(summary.get("complications", {}).get("pocket", "0 mL"))
                left = (totals["filled"] - totals["remaining_calculated"] - totals["withdrawn"] - totals["metered"]
                        + totals["corrected"])
                self.assertEqual(left, 0)
                # Truth is written to the nearest nanolitre: three roundings may add up to one and a half.
                left = totals["filled"] - pocket - totals["remaining_true"] - totals["withdrawn"] - totals["displaced"]
                self.assertLessEqual(abs(left), 2 * NANOLITRE)
                left = totals["displaced"] - totals["delivered"] - totals["dead_volume_change"] - totals["lost"]
                self.assertLessEqual(abs(left), 2 * NANOLITRE)
                each = totals["commanded"] - totals["metered"] - totals["missed"]
                self.assertLessEqual(each, decimal.Decimal("0.0025"), "more than one quantum under way")
                self.assertGreaterEqual(each, 0)

    def test_balances_are_zero(self):
        for name, files in self.files():
            with self.subTest(scenario=name):
                for text in json.loads(files["summary.json"])["balances"].values():
                    self.assertEqual(millilitres(text), 0)

    def test_events_stand_once(self):
        for name, files in self.files():
            with self.subTest(scenario=name):
                events = [json.loads(line) for line in files["events.ndjson"].splitlines()]
                counted = json.loads(files["summary.json"])["events"]
                pump = [event for event in events if "sequence" in event]
                if not any(event["event"] == "power_cut" for event in events):
                    self.assertEqual([event["sequence"] for event in pump], list(range(1, len(pump) + 1)))
                ticks = [event["tick_ms"] for event in events]
                self.assertEqual(ticks, sorted(ticks))
                self.assertEqual(counted["total"], len(pump))
                self.assertEqual(counted["outside"], len(events) - len(pump))
                for word, number in counted.items():
                    if word not in ("total", "outside"):
                        self.assertEqual(number, sum(event["event"] == word for event in pump), word)

    def test_refusals_and_alarms_agree(self):
        for name, files in self.files():
            with self.subTest(scenario=name):
                events = [json.loads(line) for line in files["events.ndjson"].splitlines()]
                summary = json.loads(files["summary.json"])
                refused = sum(event["event"] == "refused" for event in events)
                self.assertEqual(summary["commands"]["refused"], refused)
                raised = sum(event["event"] == "alarm_raised" for event in events)
                self.assertEqual(sum(alarm["count"] for alarm in summary["alarms"].values()), raised)
                refills = sum(event["event"] == "refill" for event in events)
                self.assertEqual(summary["commands"]["refills"], refills)

    def test_series_ends_with_the_totals(self):
        for name, files in self.files():
            with self.subTest(scenario=name):
                rows = list(csv.DictReader(files["series.csv"].decode().splitlines()))
                totals = json.loads(files["summary.json"])["totals"]
                for column in ("commanded", "metered", "displaced", "delivered", "remaining_calculated",
                               "remaining_true"):
                    self.assertEqual(decimal.Decimal(rows[-1][column + "_nl"]) * NANOLITRE, millilitres(totals[column]))
                for column in ("commanded_nl", "metered_nl", "displaced_nl", "delivered_nl"):
                    values = [decimal.Decimal(row[column]) for row in rows]
                    self.assertEqual(values, sorted(values), column)


if __name__ == "__main__":
    unittest.main()
