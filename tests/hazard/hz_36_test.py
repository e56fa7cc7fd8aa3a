#!/usr/bin/python3
"""HZ-36: a value loses its unit or gets another's. REQ-CLIN-05 (as far as scenarios are entered by hand), REQ-THER-12.

A glucose of 128 was read in the other unit; a textbook says "0.5 mL/h" where 0.5 mL/day is meant, 24 times as much.
Where a number travels without its unit, or a unit is taken on trust, nothing can notice. Here each amount is a text
with its unit, of the right kind and spelt one way; what is not is refused before anything is delivered, and a 24-fold
slip meets the limits.
Also HZ-35, HZ-37: a dose off the pump's grid is refused with the two nearest that are on it, never rounded.
"""
# SPDX-License-Identifier: Apache-2.0
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CISTERNA = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[2]
GOOD = json.loads((ROOT / "examples/ziconotide-titration.json").read_text(encoding="utf-8"))
GOOD.update(until="2 d", timeline=[], expect=[])


def play(change):
    """Plays the example with a change; returns the exit code, what was said, and whether files were written."""
    scenario = copy.deepcopy(GOOD)
    change(scenario)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "scenario.json"
        path.write_text(json.dumps(scenario), encoding="utf-8")
        out = pathlib.Path(folder) / "out"
        command = (CISTERNA, "play", str(path), "--out", str(out))
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        return result.returncode, result.stderr, (out / "summary.json").exists()


def put(value, *path):
    """A change that puts a value at a path of the scenario."""
    def change(scenario):
        at = scenario
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
    return change


DOSE = ("therapy", "program", "dose")
CONCENTRATION = ("therapy", "drugs", 0, "concentration")


class Units(unittest.TestCase):
    def test_the_example_is_good(self):
        self.assertEqual(play(lambda scenario: None)[0], 0)

    def refused(self, code, change, *words):
        found, said, written = play(change)
        self.assertEqual(found, code, said)
        for word in words:
            self.assertIn(word, said)
        self.assertFalse(written, "something was played all the same")

    def test_a_number_without_a_unit_is_not_an_amount(self):
        for value in ("2.4", 2.4, "2.4 ", "2,4 mcg/day", "2.4 µg/day", "2.4mcg", "2.4e0 mcg/day", "-2.4 mcg/day",
                      ".4 mcg/day"):
            self.refused(2, put(value, *DOSE), "dose")

    def test_a_unit_of_another_kind_is_refused(self):
        for value in ("2.4 mcg", "2.4 mL/day", "2.4 mcg/mL", "2.4 h"):
            self.refused(2, put(value, *DOSE), "dose")
        self.refused(2, put("25 mcg/day", *CONCENTRATION), "concentration")
        self.refused(2, put("25 mg", *CONCENTRATION), "concentration")

    def test_a_thousandfold_concentration_is_not_what_the_reservoir_holds(self):
        self.refused(3, put("25 mg/mL", *CONCENTRATION))

    def test_milligrams_for_micrograms_meet_pump_and_limits(self):
        self.refused(3, put("2.4 mg/day", *DOSE))

    def test_an_hour_for_a_day_is_24_times_as_much(self):
        def rate(text):
            def change(scenario):
                scenario["therapy"]["program"] = {"kind": "continuous", "rate": text}
            return change
        self.assertEqual(play(rate("0.5 mL/day"))[0], 0)
        self.refused(3, rate("0.5 mL/h"), "limit")

    def test_a_dose_off_the_grid_is_refused_with_its_two_neighbours(self):
        # 2.4000001 mcg/day at 25 mcg/mL would be 96000.004 nL/day
        self.refused(3, put("2.4000001 mcg/day", *DOSE), "never rounded", "0.0024 mg/day", "0.002400025 mg/day")

    def test_a_flow_below_the_least_is_refused_with_the_least(self):
        self.refused(3, put("1 mcg/day", *DOSE), "nearest deliverable", "0.048 mL/day")


if __name__ == "__main__":
    unittest.main()
