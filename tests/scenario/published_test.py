"""published_test.py - every worked example that was published, to its digits: facts EX-01 to EX-12, and the bridges that follow
from the formulas. REQ-LIBR-08, REQ-CLIN-04, REQ-RSVR-07, REQ-RSVR-10, HZ-10, HZ-22."""
# SPDX-License-Identifier: Apache-2.0
import json
import math
import unittest

from common import DEV, cisterna
from planning import ZICONOTIDE, plan, told


class Published(unittest.TestCase):
    """The worked examples of the clinical facts."""

    def days(self, flow_ml_day, dose):
        answer = plan("refill", "--model", "C20", "--fill", "20 mL", "--alarm", "0 mL", "--drug", "morphine",
                      "--concentration",
                      "10 mg/mL", "--dose", dose, "--from", "2026-03-01")
        rate = plan("rate", "--model", "C20", "--drug", "morphine", "--concentration", "10 mg/mL", "--dose", dose)
        self.assertEqual(rate["rate"]["flow"], flow_ml_day)
        return answer["reasons"]["volume"]

    def test_ex_01_and_02_days_of_a_reservoir(self):
        self.assertTrue(self.days("0.5 mL/day", "5 mg/day").startswith("40.00 d (2026-04-10)"))
        self.assertTrue(self.days("1 mL/day", "10 mg/day").startswith("20.00 d (2026-03-21)"))

    def test_ex_03_and_04_ziconotide_by_the_hour(self):
        for dose, hourly in (("2.4 mcg/day", "0.1 mcg/h"), ("19.2 mcg/day", "0.8 mcg/h")):
            self.assertEqual(plan("rate", "--model", "C20", *ZICONOTIDE, "--dose", dose)["rate"]["dose_per_hour"], hourly)

    def test_ex_05_screening_from_an_ampoule(self):
        for mass, volume in (("50 mcg", "1 mL"), ("75 mcg", "1.5 mL"), ("100 mcg", "2 mL")):
            answer = plan("volume", "--drug", "baclofen", "--concentration", "50 mcg/mL", "--mass", mass)
            self.assertEqual(answer["volume"]["volume"], volume)

    def test_a_volume_too_small_to_write(self):
        for mass, volume in (("0.00001 mcg", "less than 0.000001 mL"), ("0.00005 mcg", "0.000001 mL")):
            answer = plan("volume", "--drug", "baclofen", "--concentration", "50 mcg/mL", "--mass", mass)
            self.assertEqual(answer["volume"]["volume"], volume)

    def test_ex_06_10_11_no_dose_is_converted(self):
        for other in ("morphine 10 mg intravenous", "morphine 100 mg/day oral",
                      "morphine 52 mcg/day intrathecal to intravenous"):
            answer = plan("start", "--drug", "morphine", "--other-route", other, code=3)
            self.assertIn("nothing here converts", told(answer, "route")[0])
            self.assertIn(other, told(answer, "route")[0])
        ratios = plan("start", "--drug", "morphine", "--published-ratios")
        self.assertEqual(ratios["published_ratios"]["published-1"], "10 mg : 1 mg : 0.1 mg")
        self.assertIn("no dose may be taken", told(ratios, "route", "note")[0])
        self.assertNotIn("published_ratios", plan("start", "--drug", "ziconotide", "--published-ratios"))

    def test_ex_07_volumes_of_another_pump(self):
        """Unit arithmetic alone: U400 is 400 units a mL, and a unit has no place among masses."""
        for units, volume in ((800, 2), (400, 1), (6000, 15)):
            self.assertEqual(units / 400, volume)
        done = cisterna(DEV, "plan", "volume", "--drug", "baclofen", "--concentration", "400 units/mL", "--mass", "800 units")
        self.assertEqual(done.returncode, 2)

    def test_ex_08_the_tubing_constant_of_the_recall(self):
        for drug, conc, dose, excess in (("baclofen", "500 mcg/mL", "100 mcg/day", "29.5 mcg"),
                                         ("baclofen", "2000 mcg/mL", "100 mcg/day", "118 mcg"),
                                         ("morphine", "10 mg/mL", "1 mg/day", "0.59 mg"),
                                         ("morphine", "25 mg/mL", "2 mg/day", "1.475 mg"),
                                         ("ziconotide", "25 mcg/mL", "1.2 mcg/day", "1.475 mcg")):
            answer = plan("prime", "--model", "C20", "--catheter", "0.2 mL", "--catheter-empty", "--drug", drug,
                          "--concentration",
                          conc, "--dose", dose, "--tubing", "0.199 mL", code=3)
            self.assertIn(f"0.059 mL or {excess} of the drug, given too much", told(answer, "tubing")[0])
            self.assertIn("0.14 mL, revision 1, would pass", told(answer, "tubing")[0])
            self.assertEqual(answer["prime"]["volume"], "0.34 mL")

    def test_ex_09_every_hour_for_once_a_day(self):
        answer = plan("titrate", "--drug", "baclofen", "--dose", "60 mcg/day", "--wanted", "1440 mcg/day", code=3)
        self.assertIn("24 times as much", told(answer, "units")[0])
        self.assertIn("between per hour and per day", told(answer, "units")[0])

    def test_ex_12_half_life_of_the_label(self):
        """ln 2 x 155 mL / 0.38 mL/min is 4.71 h,
            where the label says 4.6 h: a check of its own numbers to two or three per cent."""
        hours = math.log(2) * 155 / 0.38 / 60
        self.assertEqual(f"{hours:.2f}", "4.71")
        self.assertLess(abs(hours - 4.6) / 4.6, 0.03)

    def test_bridges_derived_from_the_formula(self):
        first = plan("bridge", "--model", "C20", "--catheter", "0.2 mL", "--from", "baclofen:500 mcg/mL:400 mcg/day", "--to",
                     "baclofen:2000 mcg/mL:400 mcg/day")
        self.assertEqual((first["bridge"]["rate"], first["bridge"]["duration"]), ("0.8 mL/day", "10.20 h"))
        self.assertEqual(first["after"]["rate"], "0.2 mL/day")
        self.assertEqual((first["skipped"]["factor"], first["skipped"]["duration"]), ("0.25", "40.80 h"))
        second = plan("bridge", "--model", "C20", "--catheter", "0.2 mL", "--from", "morphine:10 mg/mL:5 mg/day", "--to",
                      "morphine:25 mg/mL:5 mg/day")
        self.assertEqual((second["bridge"]["rate"], second["bridge"]["duration"]), ("0.5 mL/day", "16.32 h"))
        self.assertEqual((second["skipped"]["factor"], second["skipped"]["duration"]), ("0.4", "40.80 h"))

    def test_a_bridge_to_another_drug_ends_one_and_begins_one(self):
        words = ("--model", "C20", "--catheter", "0.2 mL")
        gone = plan("bridge", *words, "--from", "baclofen:500 mcg/mL:400 mcg/day", "--to", "morphine:10 mg/mL:12 mg/day")
        self.assertIn("baclofen is no longer given", told(gone, "change", "soft limit"))
        self.assertTrue(told(gone, "withdrawal", "note"))
        self.assertIn("morphine begins at 12 mg/day, above every start of the label; at most 10 mg/day would pass "
                      "(with opioid tolerance;", told(gone, "bounds", "soft limit")[0])
        self.assertFalse(any("tolerance for" in text for text in told(gone, "change", "note")))
        fit = plan("bridge", *words, "--from", "baclofen:500 mcg/mL:400 mcg/day", "--to", "morphine:10 mg/mL:10 mg/day")
        self.assertEqual(told(fit, "bounds", "soft limit"), [])
        other = plan("bridge", *words, "--from", "morphine:10 mg/mL:5 mg/day", "--to", "HYDROmorphone:10 mg/mL:2 mg/day")
        self.assertTrue(any("tolerance for morphine covers HYDROmorphone in part" in text
                            for text in told(other, "change", "note")))
        self.assertTrue(any("knows no starting range" in text for text in told(other, "bounds", "note")))
        same = plan("bridge", *words, "--from", "morphine:10 mg/mL:5 mg/day", "--to", "morphine:25 mg/mL:5 mg/day")
        self.assertFalse(any("no longer given" in text for text in told(same, "change", "soft limit")))

    def test_no_bridge_no_results(self):
        words = ("--model", "C20", "--catheter", "0.2 mL", "--from", "morphine:10 mg/mL:5 mg/day", "--to")
        same = plan("bridge", *words, "morphine:10 mg/mL:6 mg/day")
        self.assertTrue(any("no bridge is needed" in text for text in told(same, "bridge", "note")))
        none = plan("bridge", *words, "morphine:25 mg/mL:0 mg/day", code=3)
        self.assertIn("a bridge needs both flows", told(none, "bridge")[0])
        for answer in (same, none):
            self.assertFalse({"bridge", "after", "skipped"} & answer.keys())
        prime = plan("prime", *words[:4], "--catheter-empty", "--drug", "morphine", "--concentration", "10 mg/mL", "--dose",
                     "0 mg/day")
        for answer in (same, none, prime):
            self.assertNotIn("not a number", json.dumps(answer))

    def test_low_doses_of_ziconotide(self):
        for conc, dose, flow in (("25 mcg/mL", "2.4 mcg/day", "0.096 mL/day"), ("25 mcg/mL", "1.2 mcg/day", "0.048 mL/day")):
            answer = plan("rate", "--model", "C20", "--drug", "ziconotide", "--concentration", conc, "--dose", dose)
            self.assertEqual(answer["rate"]["flow"], flow)
        for conc, dose in (("100 mcg/mL", "2.4 mcg/day"), ("25 mcg/mL", "0.5 mcg/day")):
            answer = plan("rate", "--model", "C20", "--drug", "ziconotide", "--concentration", conc, "--dose", dose, code=3)
            self.assertIn("or a weaker concentration", told(answer, "flow")[0])

    def test_stability_comes_before_volume(self):
        for state, days, date in (("first", "14.00 d", "2026-03-15"), ("undiluted", "84.00 d", "2026-05-24"),
                                  ("diluted", "40.00 d", "2026-04-10")):
            answer = plan("refill", "--model", "C20", "--fill", "18 mL", "--alarm", "2 mL", *ZICONOTIDE, "--dose",
                          "2.4 mcg/day",
                          "--state", state, "--from", "2026-03-01")
            self.assertEqual((answer["refill"]["days"], answer["refill"]["by"], answer["refill"]["reason"]),
                             (days, date, "stability"))
            self.assertEqual(answer["reasons"]["volume"], "166.66 d (2026-08-14)")

    def test_the_concentration_decides_what_is_diluted(self):
        words = ("--model", "C20", "--fill", "18 mL", "--alarm", "2 mL", "--from", "2026-03-01", "--drug", "ziconotide",
                 "--dose", "1.2 mcg/day", "--concentration")
        marketed, diluted = plan("refill", *words, "25 mcg/mL"), plan("refill", *words, "10 mcg/mL")
        self.assertEqual((marketed["refill"]["days"], marketed["inputs"]["fill"]), ("84.00 d", "18 mL, undiluted"))
        self.assertEqual((diluted["refill"]["days"], diluted["inputs"]["fill"]), ("40.00 d", "18 mL, diluted"))
        said = plan("refill", *words, "10 mcg/mL", "--state", "undiluted", code=3)
        self.assertIn("diluted would pass", told(said, "stability")[0])
        self.assertEqual(plan("refill", *words, "10 mcg/mL", "--state", "first")["refill"]["days"], "14.00 d")
        self.assertEqual(told(plan("refill", *words, "25 mcg/mL", "--state", "undiluted"), "stability"), [])


if __name__ == "__main__":
    unittest.main()
