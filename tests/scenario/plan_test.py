"""plan_test.py - `cisterna plan` from outside: every kind of refusal with its reason and its exit code, and every answer as its
schema says. REQ-LIBR-03, -09, REQ-CLIN-05, -06, REQ-RSVR-04, -05, -07, -10."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import tempfile
import unittest

from common import DEV, cisterna
from planning import ZICONOTIDE, plan, told


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
        for question in ("rate", "refill", "prime", "bridge", "residual", "start", "titrate", "volume", "mix",
                         "benefit"):
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


class Benefits(unittest.TestCase):
    """A dose that rises although it does not help. REQ-CLIN-10, HZ-41."""

    def ask(self, folder, lines, *more, code=0):
        history = pathlib.Path(folder) / "visits.csv"
        history.write_text("date,dose,concentration,pain,relief\n" + "\n".join(lines) + "\n")
        return plan("benefit", "--drug", "morphine", "--history", history, "--from", "2026-11-20", *more, code=code)

    def test_a_rising_dose_and_falling_benefit(self):
        lines = ("2026-01-03,4 mg/day,10 mg/mL,7,20 %", "2026-03-01,,,4,60 %", "2026-05-12,5 mg/day,10 mg/mL,5,50 %",
                 "2026-08-01,6 mg/day,20 mg/mL,6,40 %", "2026-10-01,,,7,30 %")
        with tempfile.TemporaryDirectory() as folder:
            told = self.ask(folder, lines, "--wanted", "7 mg/day")
            self.assertEqual((told["benefit"]["verdict"], told["verdict"]), ("benefit falling", "soft limit"))
            self.assertEqual(told["before"], {"dose": "4 mg/day at 10 mg/mL", "pain": "5 of 10, 50 % relief"})
            self.assertEqual(told["after"], {"dose": "7 mg/day at 20 mg/mL", "pain": "7 of 10, 30 % relief"})
            self.assertEqual(list(told["steps"].values()), [
                "2026-01-03: 4 mg/day at 10 mg/mL", "2026-05-12: 5 mg/day at 10 mg/mL", "2026-08-01: 6 mg/day at 20 mg/mL",
                "2026-11-20: 7 mg/day at 20 mg/mL"])
            self.assertEqual(self.ask(folder, lines)["verdict"], "note")
            self.assertEqual(self.ask(folder, lines, "--wanted", "5 mg/day")["benefit"]["verdict"], "steady dose")
            self.assertEqual(self.ask(folder, lines[:1], "--wanted", "6 mg/day")["benefit"]["verdict"], "steady dose")
            self.assertEqual(self.ask(folder, (lines[0], lines[3]))["benefit"]["verdict"], "benefit not known")
            better = (*lines[:4], "2026-10-01,,,3")
            self.assertEqual(self.ask(folder, better)["benefit"]["verdict"], "benefit gained")

    def test_what_cannot_be_judged_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            history = pathlib.Path(folder) / "visits.csv"
            for lines, more, text in (("2026-01-03,4 mg/day,10 mg/mL,11", (), "visits.csv:2: \"11\" is no score of pain"),
                                      ("2026-01-03,,,5", (), "tells no dose"),
                                      ("2027-01-03,4 mg/day,10 mg/mL", (), "goes on behind the day"),
                                      ("2026-01-03,4 mg/day,10 mg/mL", ("--concentration", "20 mg/mL"), "needs --wanted")):
                history.write_text(f"date,dose,concentration,pain,relief\n{lines}\n")
                done = cisterna(DEV, "plan", "benefit", "--drug", "morphine", "--history", history, "--from", "2026-11-20", *more)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
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
