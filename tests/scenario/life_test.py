"""life_test.py - `cisterna life`: the tables of ten years, reckoned again here from the lists by another way."""
# SPDX-License-Identifier: Apache-2.0
import json
import re
import unittest

import common

DAY_MS, YEAR = 86400000, 365


def rows(path, word):
    """The rows of a .def list: {name: rest of the row}."""
    return dict(re.findall(rf"^{word}\((\w+), (.*)\)$", (common.ROOT / path).read_text(), re.MULTILINE))


CHARGE_NC = {name: int(row.split(",")[0]) for name, row in rows("pump/energy.def", "ENERGY").items()}
SECTORS = {name: int(row.split(",")[0]) for name, row in rows("pump/region.def", "REGION").items()}


class Life(unittest.TestCase):
    def setUp(self):
        ran = common.cisterna(common.RELEASE, "life", "--json")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.told = json.loads(ran.stdout)

    def test_charge_of_a_year(self):
        for flow in self.told["energy"]:
            with self.subTest(flow=flow["flow_nl_day"]):
                charge = flow["first_year_charge_mc"]
                quanta = flow["flow_nl_day"] * YEAR // 250
                self.assertEqual(charge["QUANTUM_ROTOR"], quanta * CHARGE_NC["QUANTUM_ROTOR"] // 10**6)
                self.assertEqual(charge["STANDING"], YEAR * DAY_MS * CHARGE_NC["STANDING"] // 10**6)
                self.assertEqual(charge["WAKE"], (2 * quanta + 24 * YEAR) * CHARGE_NC["WAKE"] // 10**6)
                self.assertEqual(charge["LOOK"], 24 * YEAR * CHARGE_NC["LOOK"] // 10**6)
                # All that is not therapy, its wakes and standing by is less than a twentieth of the standing charge.
                rest = sum(charge.values()) - charge["QUANTUM_ROTOR"] - charge["STANDING"] - charge["WAKE"]
                self.assertLess(rest, charge["STANDING"] / 20 + charge.get("TONE", 0))

    def test_the_cell(self):
        by_flow = {flow["flow_nl_day"]: flow for flow in self.told["energy"]}
        self.assertEqual(sorted(by_flow), [100000, 500000, 1000000, 24000000])
        for flow in by_flow.values():
            self.assertLessEqual(flow["end_day"] - flow["replace_day"], 90)
            self.assertGreaterEqual(flow["true_end_day"] - flow["replace_day"], 90)
            # 81 % of 10,800 C are counted on: the mean charge of a day must use them up when the end is told.
            if flow["replace_day"] > YEAR:
                day_c = sum(flow["first_year_charge_mc"].values()) / 1000 / YEAR
                self.assertAlmostEqual(flow["end_day"] * day_c / (0.81 * 10800), 1, delta=0.02)
        # Measured pumps: median 5.4 to 5.9 years (Bolash 2015); the flow of those patients is not told.
        self.assertTrue(5.4 * YEAR < by_flow[1000000]["true_end_day"] < 6.5 * YEAR)

    def test_the_flash(self):
        # Records of 641, 1315, 870, 1000 and 236 bytes, each filled up to words of 8 and 24 bytes more.
        a_day = {"THERAPY": 4 * 672, "SETTINGS": 24 * 1344, "CHECKPOINT": 148 * 896, "FAULTS": 20 * 40, "EVENTS": 200 * 32,
                 "PEERS": 4 * 1024, "IMAGES": 264, "IMAGE_1": 2184, "IMAGE_2": 2184}
        self.assertEqual({row["region"] for row in self.told["flash"]}, set(SECTORS))
        for row in self.told["flash"]:
            erases = a_day[row["region"]] * 3653 / 4096 / SECTORS[row["region"]]
            self.assertLess(abs(row["erases_in_ten_years"] - erases), 1)
            self.assertLessEqual(row["erases_in_ten_years"], row["rated_erases"])
        self.assertTrue(self.told["within_rating"])

    def test_the_table_fits_a_terminal(self):
        ran = common.cisterna(common.RELEASE, "life")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn("never for use in people", ran.stdout)
        self.assertLessEqual(max(map(len, ran.stdout.splitlines())), 80)
        for name in (*SECTORS, "QUANTUM_ROTOR", "replacement"):
            self.assertIn(name, ran.stdout)
        ran = common.cisterna(common.DEV, "life", "--json")
        self.assertEqual((ran.returncode, json.loads(ran.stdout)), (0, self.told))

    def test_usage(self):
        self.assertEqual(common.cisterna(common.RELEASE, "life", "--help").returncode, 0)
        ran = common.cisterna(common.RELEASE, "life", "--jsn")
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertIn("--json", ran.stderr)


if __name__ == "__main__":
    unittest.main()
