"""plan_test.py - `cisterna plan` from outside: every published example to its digits,
    every kind of refusal with its reason and
its exit code, and every answer as its schema says. REQ-LIBR-03, -08, -09, REQ-CLIN-05, -06, REQ-RSVR-04, -05, -07, -10."""
# SPDX-License-Identifier: Apache-2.0
import json
import math
import pathlib
import tempfile
import unittest

import jsonschema

from common import DEV, ROOT, cisterna

SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text()))
ZICONOTIDE = ("--drug", "ziconotide", "--concentration", "25 mcg/mL")


def plan(question, *words, code=0):
    """The answer as JSON, which must be as the schema says; with this exit code."""
    done = cisterna(DEV, "plan", question, *words, "--json")
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
    answer = json.loads(done.stdout)
    SCHEMA.validate(answer)
    assert answer["plan"] == question
    return answer


def told(answer, rule, level="hard limit"):
    """The texts of one rule at one level."""
    return [check["text"] for check in answer["checks"] if check["rule"] == rule and check["level"] == level]


class InForce(unittest.TestCase):
    """The release that a site has put into force is the one that is planned by, and nothing stands in for it."""

    def setUp(self):
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.room = pathlib.Path(room.name)
        self.does("key", "--out", self.room / "site.key")
        self.site = ("--formulary", self.room / "force", "--site-key", self.room / "site.key.pub")

    def does(self, *words):
        done = cisterna(DEV, "formulary", *words)
        self.assertEqual(done.returncode, 0, done.stderr)

    def load(self, version, regions):
        """Puts a release into force with ziconotide alone, for these regions, at most 8 mcg/day."""
        head = json.loads((ROOT / "formulary/release.json").read_text())
        entry = json.loads((ROOT / "formulary/ziconotide-eu.json").read_text())
        entry["regions"] = regions
        for field in ("dose", "total"):
            for place, most in (("soft_high", "7 mcg/day"), ("hard_high", "8 mcg/day")):
                entry["bounds"][field][place]["value"] = most
        files = []
        for name, value in (("head", {**head, "version": version}), ("entry", entry)):
            files.append(self.room / f"{name}-{version}.json")
            files[-1].write_text(json.dumps(value))
        release = self.room / f"release-{version}"
        self.does("sign", "--key", self.room / "site.key", "--out", release, *files)
        self.does("load", release, "--key", self.room / "site.key.pub", "--into", self.room / "force")

    def refused(self, code, text, *words):
        done = cisterna(DEV, "plan", "rate", "--model", "C20", *ZICONOTIDE, "--dose", "2.4 mcg/day", *words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        self.assertIn(text, done.stderr)

    def test_its_limits_count(self):
        words = ("--model", "C20", *ZICONOTIDE, "--dose", "9 mcg/day", "--region", "EU")
        self.assertEqual(plan("rate", *words)["inputs"]["formulary"], "release 1, region EU, built in")
        self.load(7, ["EU", "US"])
        here = plan("rate", *words, *self.site, code=3)
        self.assertEqual(here["inputs"]["formulary"], "release 7, region EU, in force at this site")
        self.assertIn("8 mcg/day", "".join(check["text"] for check in here["checks"] if check["level"] == "hard limit"))
        usual = plan("rate", *words[:-2], *self.site, code=3)
        self.assertEqual(usual["inputs"]["formulary"], "release 7, region US, in force at this site")
        shown = cisterna(DEV, "plan", "start", "--drug", "ziconotide", *self.site)
        self.assertRegex(shown.stdout, r"(?m)^  formulary +release 7, region US, in force at this site$")

    def test_what_is_not_in_force_is_not_planned_by(self):
        self.refused(1, "cannot read", *self.site)
        self.load(7, ["EU"])
        self.refused(6, 'nothing for region "US"', *self.site)
        self.refused(2, "--region is US or EU", *self.site, "--region", "UK")
        self.refused(2, "belong together", *self.site[:2])
        self.refused(2, "belong together", *self.site[2:])
        self.does("key", "--out", self.room / "other.key")
        self.refused(5, "signed by this key", *self.site[:3], self.room / "other.key.pub", "--region", "EU")
        self.refused(1, "cannot read", *self.site[:3], self.room / "none", "--region", "EU")
        current = self.room / "force/current"
        current.write_bytes(current.read_bytes().replace(b"8 mcg/day", b"9 mcg/day"))
        self.refused(5, "whole and signed", *self.site, "--region", "EU")


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


class Refusals(unittest.TestCase):
    """What is wrong is refused, with what would be right."""

    def test_no_entry_no_programming(self):
        answer = plan("rate", "--model", "C20", "--drug", "fentaNYL", "--concentration", "50 mcg/mL", "--dose",
                      "25 mcg/day", code=3)
        self.assertIn("has no entry", told(answer, "drug")[0])
        answer = plan("rate", "--model", "C20", "--drug", "morphine", "--concentration", "26 mg/mL", "--dose",
                      "5.2 mg/day", code=3)
        self.assertIn("from 1 mg/mL to 25 mg/mL would pass", told(answer, "concentration")[0])

    def test_the_region_decides(self):
        words = ("--model", "C20", "--drug", "ziconotide", "--concentration", "100 mcg/mL", "--dose", "20 mcg/day")
        self.assertIn("at most 19.2 mcg/day would pass", told(plan("rate", *words, "--region", "US", code=3), "bounds")[0])
        self.assertEqual(told(plan("rate", *words, "--region", "EU"), "bounds"), [])

    def test_a_dose_is_never_rounded(self):
        answer = plan("rate", "--model", "C20", "--drug", "morphine", "--concentration", "3 mg/mL", "--dose", "0.4 mg/day",
                      code=3)
        self.assertIn("0.133333 mL/day (0.399999 mg/day) or 0.133334 mL/day (0.400002 mg/day)", told(answer, "grid")[0])
        self.assertEqual(answer["rate"]["dose"], "0.399999 mg/day")

    def test_ten_times_and_twice(self):
        answer = plan("titrate", "--drug", "morphine", "--dose", "0.5 mg/day", "--wanted", "5 mg/day", code=3)
        self.assertIn("less than 5 mg/day would pass", told(answer, "tenfold")[0])
        answer = plan("titrate", "--drug", "morphine", "--dose", "0.5 mg/day", "--wanted", "1 mg/day")
        self.assertTrue(any("compare them" in text for text in told(answer, "change", "soft limit")))
        answer = plan("titrate", "--drug", "baclofen", "--dose", "400 mcg/day", "--wanted", "100 mcg/day")
        self.assertTrue(told(answer, "withdrawal", "note"))
        self.assertEqual(told(plan("titrate", "--drug", "ziconotide", "--dose", "9.6 mcg/day", "--wanted", "2.4 mcg/day"),
                              "withdrawal", "note"), [])

    def test_no_step_goes_beyond_the_hard_limit(self):
        near = plan("titrate", "--drug", "ziconotide", "--dose", "18 mcg/day")
        self.assertEqual(near["titrate"]["step_1"],
                         "not above 19.2 mcg/day, the hard limit; the step alone would go to 20.4 mcg/day")
        self.assertEqual(plan("titrate", "--drug", "ziconotide", "--dose", "16.8 mcg/day")["titrate"]["step_1"],
                         "not above 19.2 mcg/day")  # the step ends at the limit
        above = plan("titrate", "--drug", "ziconotide", "--dose", "20 mcg/day", code=3)
        self.assertIn("20 mcg/day of ziconotide is above the hard limit; at most 19.2 mcg/day would pass",
                      told(above, "bounds")[0])
        self.assertTrue(above["titrate"]["step_1"].startswith("not above 19.2 mcg/day, the hard limit"))

    def test_a_zero_that_is_told_is_not_left_out(self):
        drug = ("--drug", "morphine", "--concentration", "10 mg/mL", "--dose", "5 mg/day")
        residual = ("residual", "--model", "C20", "--expected", "4 mL", "--found", "4 mL")
        for words, text in ((("rate", "--model", "C20", *drug, "--fill", "0 mL"), "left out for a full reservoir"),
                            (("refill", "--model", "C20", *drug, "--fill", "0 mL"), "above zero"),
                            (("refill", "--model", "C20", *drug, "--fill", "18 mL", "--bolus", "0 mg", "--bolus-max", "4/day"),
                             "left out with --bolus-max"),
                            (("mix", *Mixtures.WORDS[:-1], "0 mL", "--drug", "morphine", "--dose", "2 mg/day", "--stock",
                              "25 mg/mL"), "above zero"),
                            ((*residual, "--tolerance", "0 mL"), "left out for the published one"),
                            ((*residual, "--metered", "0 mL"), "nothing was counted"),
                            (("volume", *drug[:4], "--mass", "0 mg"), "above zero")):
            done = cisterna(DEV, "plan", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertIn(text, done.stderr)
        prime = plan("prime", "--model", "C20", "--catheter", "0.2 mL", "--catheter-empty", *drug, "--tubing", "0 mL", code=3)
        self.assertIn("a tubing of 0 mL is not that of C20: 0.14 mL", told(prime, "tubing")[0])

    def test_a_wish_of_zero_is_a_stop(self):
        stop = plan("titrate", "--drug", "baclofen", "--dose", "400 mcg/day", "--wanted", "0 mcg/day")
        self.assertEqual(stop["inputs"]["wanted"], "0 mcg/day, a stop")
        self.assertTrue(told(stop, "withdrawal", "note"))
        self.assertTrue(told(stop, "change", "soft limit"))
        self.assertNotIn("wanted", plan("titrate", "--drug", "baclofen", "--dose", "400 mcg/day")["inputs"])

    def test_what_is_not_known_is_said(self):
        rate = plan("rate", "--model", "C20", "--drug", "HYDROmorphone", "--concentration", "10 mg/mL", "--dose", "2 mg/day")
        self.assertIn("no marketed concentration is known", told(rate, "concentration", "note")[0])
        strong = plan("rate", "--model", "C20", "--drug", "HYDROmorphone", "--concentration", "50 mg/mL", "--dose", "5 mg/day",
                      code=3)
        self.assertIn("marketed: none is known; from 0.25 mg/mL to 25 mg/mL would pass", told(strong, "concentration")[0])
        self.assertEqual(plan("start", "--drug", "HYDROmorphone")["start"],
                         {"range": "not found in any source this formulary has"})
        self.assertNotIn("range", plan("start", "--drug", "morphine", "--opioid-naive")["start"])

    def test_more_than_the_reservoir_holds(self):
        words = ("--drug", "morphine", "--concentration", "10 mg/mL", "--dose", "5 mg/day", "--fill", "40 mL")
        answer = plan("refill", "--model", "C20", *words, code=3)
        self.assertIn("at most 20 mL would", told(answer, "capacity")[0])
        self.assertEqual(told(plan("refill", "--model", "C40", *words), "capacity"), [])

    def test_no_patient_boluses_of_baclofen(self):
        answer = plan("refill", "--model", "C20", "--fill", "18 mL", "--drug", "baclofen", "--concentration", "500 mcg/mL",
                      "--dose",
                      "100 mcg/day", "--bolus", "10 mcg", "--bolus-max", "4/day", code=3)
        self.assertTrue(any("no patient boluses" in text for text in told(answer, "bounds")))

    def test_a_catheter_that_holds_drug(self):
        words = ("--model", "C20", "--catheter", "110 cm", "--trimmed", "30 cm", "--drug", "morphine", "--concentration",
                 "10 mg/mL",
                 "--dose", "0.5 mg/day")
        self.assertIn("is the catheter empty of drug?", told(plan("prime", *words, code=3), "prime")[0])
        held = plan("prime", *words, "--holds", "10 mg/mL", code=3)
        self.assertEqual(held["dose"]["before"], "2.08 mg")
        self.assertEqual(plan("prime", *words, "--catheter-empty")["inputs"]["catheter_volume"], "0.208 mL")
        self.assertTrue(told(plan("prime", *words[:4], "--trimmed", "120 cm", *words[6:], "--catheter-empty", code=3),
                             "catheter"))

    def test_a_replacement_in_the_past(self):
        words = ("--model", "C20", "--fill", "18 mL", *ZICONOTIDE, "--dose", "2.4 mcg/day", "--from", "2026-03-01")
        self.assertTrue(told(plan("refill", *words, "--replacement", "2026-02-28", code=3), "replacement"))
        self.assertEqual(plan("refill", *words, "--replacement", "2026-03-11")["refill"]["by"], "2026-03-11")

    def test_malformed(self):
        words = ("--model", "C20", "--drug", "morphine", "--concentration", "25 mg/mL")
        for more, text in ((("--dose", "5,0 mg/day"), "a comma is not read as one"), (("--dose", "5 mg"),
                                                                                      "needs a daily dose"),
                           (("--dose", "5mgs/day"), "needs a daily dose"), (("--dose", "-5 mg/day"), "needs a daily dose"),
                           (("--dose", "1e3 mg/day"), "needs a daily dose"), ((), "needs --dose"),
                           (("--dose", "5 mg/day", "--alarm", "20 mL"), "--alarm must be below"),
                           (("--dose", "5 mg/day", "--trimmed", "3 cm"), "takes no option --trimmed"),
                           (("--dose", "5 mg/day", "--dose", "6 mg/day"), "is given twice"),
                           (("--dose", "5 mg/day", "--fill", "200 mL"), "no reservoir holds")):
            done = cisterna(DEV, "plan", "rate", *words, *more)
            self.assertEqual((done.returncode, done.stdout), (2, ""), more)
            self.assertIn(text, done.stderr)
        self.assertEqual(cisterna(DEV, "plan", "rates").returncode, 2)
        for date in ("2026-02-30", "2026-3-1", "26-03-01", "2300-01-01", "??/??/????"):
            done = cisterna(DEV, "plan", "refill", *words, "--dose", "5 mg/day", "--fill", "18 mL", "--from", date)
            self.assertEqual(done.returncode, 2, date)

    def test_every_question_has_its_help(self):
        for question in ("rate", "refill", "prime", "bridge", "residual", "start", "titrate", "volume", "mix"):
            done = cisterna(DEV, "plan", question, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith("Example:"))


class Residuals(unittest.TestCase):
    """What a refill found."""

    def verdict(self, expected, found, *more, code=0):
        return plan("residual", "--model", "C20", "--expected", expected, "--found", found, *more, code=code)

    def test_single_readings(self):
        self.assertEqual(self.verdict("4 mL", "3 mL")["residual"]["verdict"], "within accuracy")
        self.assertEqual(self.verdict("4 mL", "2.9 mL", "--metered", "14 mL", code=3)["residual"]["verdict"], "over-infusion")
        self.assertEqual(self.verdict("4 mL", "19 mL", code=3)["residual"]["verdict"], "not infusing")
        self.assertEqual(self.verdict("10 mL", "1 mL", "--metered", "8 mL", code=3)["residual"]["verdict"], "missing drug")

    def test_what_cannot_be(self):
        full = self.verdict("20 mL", "20 mL")
        self.assertEqual(told(full, "capacity"), [])
        more = self.verdict("4 mL", "20.1 mL", code=3)
        self.assertIn("20.1 mL is said to have been found", told(more, "capacity")[0])
        self.assertIn("no more than 20 mL", told(more, "capacity")[0])
        self.assertIn("expected", told(self.verdict("21 mL", "20 mL", code=3), "capacity")[0])
        with tempfile.TemporaryDirectory() as folder:
            history = pathlib.Path(folder) / "readings.csv"
            history.write_text("date,expected,found,metered\n2026-01-01,20 mL,20.5 mL\n")
            earlier = self.verdict("4 mL", "4 mL", "--history", history, code=3)
            self.assertIn("2026-01-01: 20.5 mL is said to have been found", told(earlier, "capacity")[0])
        self.assertEqual(self.verdict("9 mL", "4 mL", "--tolerance", "5 mL")["residual"]["verdict"], "within accuracy")
        done = cisterna(DEV, "plan", "residual", "--model", "C20", "--expected", "9 mL", "--found", "4 mL", "--tolerance",
                        "5.1 mL")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("at most five times the published one", done.stderr)

    def test_histories(self):
        with tempfile.TemporaryDirectory() as folder:
            history = pathlib.Path(folder) / "readings.csv"
            history.write_text("date,expected,found,metered\n2026-01-01,4 mL,3.4 mL,14 mL\n2026-02-01,4 mL,3.4 mL,14 mL\n")
            self.assertEqual(self.verdict("4 mL", "3.8 mL", "--history", history)["residual"]["verdict"], "trend")
            history.write_text("date,expected,found\n2026-01-01,4 mL,2 mL\n")
            done = cisterna(DEV, "plan", "residual", "--model", "C20", "--expected", "4 mL", "--found", "4 mL",
                            "--history", history)
            self.assertEqual(done.returncode, 2)
            self.assertIn("readings.csv:1: the first line must be date,expected,found,metered", done.stderr)
            history.write_text("date,expected,found,metered\n2026-01-01,4 mL,2 mL,14 mL\n2026-02-01,4 mL,2 mL,14 mL\n")
            short = self.verdict("4 mL", "2 mL", "--metered", "14 mL", "--history", history, code=3)
            self.assertEqual((short["residual"]["verdict"], short["trend"]["short_in_a_row"]), ("missing drug", "3"))
            for line, text in (("2026-1-01,4 mL,2 mL", "is no date"), ("2026-01-01,4 mL", "needs a date"),
                               ("2026-01-01,4 ml,2 mL", "needs a volume"),
                               ("2026-01-01,4 mL,2 mL,0 mL", "above zero and up to 100 mL"),
                               ("2026-01-01,4 mL,2 mL,1 mL,9", "needs a date")):
                history.write_text(f"date,expected,found,metered\n{line}\n")
                done = cisterna(DEV, "plan", "residual", "--model", "C20", "--expected", "4 mL", "--found", "4 mL",
                                "--history",
                                history)
                self.assertEqual(done.returncode, 2)
                self.assertIn("readings.csv:2: ", done.stderr)
                self.assertIn(text, done.stderr)


class Mixtures(unittest.TestCase):
    """Each drug of a mixture is limited, from the same volume."""

    WORDS = ("--model", "C20", "--flow", "0.2 mL/day", "--fill", "18 mL")

    def test_draw_up(self):
        answer = plan("mix", *self.WORDS, "--dead-space", "3 mL", "--drug", "morphine", "--dose", "2 mg/day", "--stock",
                      "25 mg/mL",
                      "--drug", "baclofen", "--dose", "100 mcg/day", "--stock", "2000 mcg/mL")
        self.assertEqual((answer["morphine"]["concentration"], answer["morphine"]["draw_up"]),
                         ("10 mg/mL", "8.4 mL of 25 mg/mL"))
        self.assertEqual((answer["baclofen"]["concentration"], answer["baclofen"]["draw_up"]),
                         ("500 mcg/mL", "5.25 mL of 2000 mcg/mL"))
        self.assertEqual((answer["diluent"]["draw_up"], answer["mix"]["prepared"]), ("7.35 mL", "21 mL"))

    def test_each_component_is_limited(self):
        answer = plan("mix", *self.WORDS, "--drug", "morphine", "--dose", "2 mg/day", "--stock", "25 mg/mL", "--drug",
                      "baclofen",
                      "--dose", "1200 mcg/day", "--stock", "2000 mcg/mL", code=3)
        self.assertTrue(any("baclofen is above the hard limit" in text for text in told(answer, "bounds")))
        self.assertTrue(told(answer, "concentration"))  # 6000 mcg/mL, and a stock too weak for it
        done = cisterna(DEV, "plan", "mix", *self.WORDS, "--drug", "morphine", "--dose", "2 mg/day", "--stock", "25 mg/mL",
                        "--drug",
                        "morphine", "--dose", "2 mg/day", "--stock", "25 mg/mL")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
