"""clinic_test.py - what killed or harmed by a programmer, said to the clinic's server at a real virtual pump: each is held
before anything is sent, in words that say what would pass, and the pump goes on as it was. HZ-01, HZ-06, HZ-07, HZ-10, HZ-17,
HZ-19, HZ-22, HZ-23, HZ-25, HZ-29, HZ-32; REQ-CLIN-07, REQ-LIBR-10, REQ-RSVR-02, -04, -10, -12, REQ-TIME-08."""
# SPDX-License-Identifier: Apache-2.0
import datetime
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clinic"))
from server_ward import MORPHINE, SERIAL, THERAPY, Ward  # noqa: E402


class Held(Ward):
    def held(self, path, rule, words, **said):
        """Held by a hard limit of this rule, in words that hold these."""
        card = self.task(self.nina, path, status=422, **said)
        texts = [finding["text"] for finding in card["findings"]
                 if (finding["level"], finding["rule"]) == ("hard limit", rule)]
        self.assertTrue(any(words in text for text in texts), (words, card["findings"]))
        return card

    def unchanged(self):
        """The pump gives what it gave, and nothing stands in the records but the implant."""
        status = json.loads(self.desk("status", "--json"))
        self.assertEqual((status["mode"], status["therapy"]), ("running", "morphine 5 mg/day"))
        self.assertEqual([visit["workflow"] for visit in self.visits()], ["implant"])

    def scan_held(self, wrong):
        self.implanted()
        self.begun(self.nina, "mri_before")
        self.held("/scan", "mri", "would pass", plan=wrong)
        self.unchanged()


class Hazards(Held):
    """At a pump with a rotor."""

    def test_hz_01_an_interval_that_was_said_in_hours_and_typed_in_minutes(self):
        """Every 12 h was meant, every 30 min was typed: the doses of a day tell."""
        self.implanted()
        self.begun(self.nina, "program")
        periodic = {**THERAPY, "name": "periodic",
                    "program": {"kind": "periodic", "dose": "4 mg/day",
                                "bolus": {"dose": "0.05 mg", "over": "5 min", "every": "30 min", "first": "30 min"}}}
        self.assertEqual(self.task(self.nina, "/therapy", therapy=periodic)["step"], "schedule")
        self.held("/schedule", "schedule", "48 doses a day", interval="every 12 hours", dose="0.05 mg", total="4.1 mg/day")
        self.held("/schedule", "schedule", "", interval="every 30 minutes", dose="0.05 mg", total="4.1 mg/day")
        self.unchanged()

    def test_hz_22_a_day_s_dose_that_was_typed_as_an_hour_s(self):
        self.implanted()
        self.begun(self.nina, "program")
        hourly = {**THERAPY, "name": "24 times", "program": {"kind": "continuous", "dose": "120 mg/day"}}
        answer = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/therapy", {"claim": self.token, "therapy": hourly})
        self.assertEqual(answer.status, 422, answer.body)
        self.assertTrue(any("day_limit" in fault["detail"] for fault in answer.json["faults"]), answer.body)
        self.unchanged()

    def test_hz_22_a_start_at_the_dose_of_somebody_who_is_used_to_it(self):
        """20 mg/day into an empty pump, with limits that let all of it through in an hour: twice the highest start."""
        self.filled()
        loose = {**THERAPY["limits"], "drugs": [{"drug": "morphine", "hour": "40 mg", "day": "40 mg"}]}
        card = self.task(self.nina, "/therapy", status=422,
                         therapy={**THERAPY, "program": {"kind": "continuous", "dose": "20 mg/day"}, "limits": loose})
        soft = [(finding["rule"], finding["text"]) for finding in card["findings"] if finding["level"] == "soft limit"]
        self.assertTrue(any(rule == "bounds" and "at most 10 mg/day would pass" in text for rule, text in soft), card["findings"])
        self.assertTrue(any(rule == "limits" and "as much as that of a day" in text for rule, text in soft), card["findings"])

    def test_hz_07_a_drug_that_the_pump_is_not_declared_for(self):
        """It needs a reason; from then on the list of patients says that this pump is watched more closely."""
        def passed(path, **said):
            held = self.task(self.nina, path, status=422, **said)
            soft = [finding for finding in held["findings"] if finding["level"] == "soft limit"]
            self.assertFalse([one for one in held["findings"] if one["level"] == "hard limit"], held["findings"])
            self.assertTrue(any("BUPivacaine is not declared for C20" in one["text"] for one in soft), soft)
            return self.task(self.nina, path, **said, passing=[
                {"rule": one["rule"], "reason": "consulted", **({"again": one["again"]} if "again" in one else {})}
                for one in soft])

        def told():
            rows = self.nina.ask("GET", "/api/ward").json["pumps"]
            one = self.nina.ask("GET", f"/api/pumps/{SERIAL}").json["surveillance"]
            self.assertEqual([row["surveillance"] for row in rows if row["serial"] == SERIAL], [one])
            return one
        drugs = [{"drug": "bupivacaine", "concentration": "20 mg/mL"}]
        self.claim(self.nina)
        self.number = self.patient()
        self.identify(self.task(self.nina, workflow="implant", patient=self.number, region="US"))
        self.task(self.nina, "/catheter", length="40 cm")
        passed("/fill", filled="18 mL", drawn_up="18 mL", drugs=drugs, lot="B-1")
        passed("/therapy", therapy={**THERAPY, "name": "bupivacaine", "drugs": drugs,
                                    "program": {"kind": "continuous", "dose": "8 mg/day"},
                                    "limits": {"drugs": [{"drug": "bupivacaine", "hour": "2 mg", "day": "20 mg"}],
                                               "bolus_max": "0.02 mL", "rate_max": "4 mL/day"}})
        self.task(self.nina, "/prime", holds="no_drug")
        card = self.task(self.nina, "/finish")
        if card["step"] == "second":
            agreed = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second",
                                   {"task": card["task"], "digest": card["digest"], "agree": True})
            self.assertEqual(agreed.status, 200, agreed.body)
            card = self.settled(self.nina)
        card = self.task(self.nina, "/readback", amount="8 mg/day")
        self.assertEqual(card["change"], "applied", card)
        self.task(self.nina, "/abandon")
        self.assertIn("surveillance: raised (BUPivacaine not declared for C20)", told())

    def test_hz_07_a_drug_that_it_is_declared_for(self):
        self.implanted()
        self.assertIsNone(self.nina.ask("GET", f"/api/pumps/{SERIAL}").json["surveillance"])

    def test_hz_29_a_pump_whose_clock_is_another(self):
        """What is asked tells how far the pump's clock is from the server's, in each workflow and at a glance."""
        self.implanted()
        then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=9)
        self.desk("clock", then.strftime("%Y-%m-%dT%H:%M:%SZ"))
        card = self.begun(self.nina, "program")
        self.assertRegex(card["pump"]["clock"], r"^[89] h (\d+ min )?behind this programmer's clock$")

    def test_hz_32_a_therapy_whose_faults_are_taken_lightly(self):
        self.implanted()
        self.begun(self.nina, "program")
        self.held("/therapy", "safe_state", "priority low in the therapy, and medium",
                  therapy={**THERAPY, "under_delivery": "low"})
        self.held("/therapy", "restart", "an interruption of 30 d", therapy={**THERAPY, "restart_limit": "720 h"})
        self.unchanged()

    def refilled(self):
        self.begun(self.nina, "refill")
        return self.task(self.nina, "/port", port="reservoir", aspirated=True)

    def test_hz_23_40_ml_in_a_pump_of_20(self):
        self.implanted()
        self.refilled()
        left = json.loads(self.desk("status", "--json"))["reservoir_calculated"]
        self.assertEqual(self.task(self.nina, "/residual", withdrawn=left, left="0 mL")["step"], "fill")
        answer = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/fill", {"claim": self.token, "filled": "40 mL",
                                                                          "drawn_up": "40 mL", "drugs": MORPHINE})
        self.assertEqual(answer.status, 422, answer.body)
        # And the label's 20 mL, where 10 were drawn up.
        self.held("/fill", "drawn_up", "both must be the same", filled="18 mL", drawn_up="10 mL", drugs=MORPHINE)
        self.unchanged()

    def test_hz_23_40_ml_drawn_out_of_a_pump_of_20(self):
        self.implanted()
        self.refilled()
        self.held("/residual", "capacity", "must be read again", withdrawn="40 mL", left="0 mL", cause="other", retitrated=True)
        self.unchanged()

    def test_hz_25_19_ml_where_almost_nothing_should_be_left(self):
        self.implanted()
        self.desk("refill", "--withdrawn", "18 mL", "--filled", "2 mL", "--drawn-up", "2 mL", "--drug", "morphine",
                  "--concentration", "25 mg/mL", "--cause", "other")
        self.refilled()
        self.held("/residual", "not_infusing", "until the cause is found", withdrawn="19 mL", left="0 mL")
        status = json.loads(self.desk("status", "--json"))
        self.assertEqual(status["therapy"], "morphine 5 mg/day")

    def test_hz_10_another_constant_for_the_tubing(self):
        """0.199 mL where the pump's model has another: 0.059 mL too much at the prime."""
        self.implanted()
        self.begun(self.nina, "program")
        self.held("/therapy", "tubing", "", therapy=THERAPY, tubing="0.199 mL")
        self.unchanged()

    def test_hz_06_a_refill_by_date_that_the_pump_does_not_live_to(self):
        body = {"model": "C20", "fill": "20 mL", "alarm": "2 mL", "drug": "morphine", "concentration": "25 mg/mL",
                "dose": "5 mg/day", "from": "2026-03-01", "replacement": "2026-04-01"}
        sheet = self.nina.ask("POST", "/api/plan/refill", body)
        self.assertEqual(sheet.status, 200, sheet.body)
        self.assertIn("2026-04-01", sheet.body.decode())
        self.assertNotIn("??", sheet.body.decode())
        past = self.nina.ask("POST", "/api/plan/refill", {**body, "replacement": "2026-02-01"}).json
        self.assertEqual([check["level"] for check in past["checks"] if check["rule"] == "replacement"], ["hard limit"])
        wrong = self.nina.ask("POST", "/api/plan/refill", {**body, "replacement": "2026-02-30"})
        self.assertEqual(wrong.status, 400, wrong.body)

    def test_hz_17_a_session_that_is_not_finished(self):
        """Everything was said but the read-back, and the person walks away: the pump never stopped."""
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.task(self.nina, "/finish")
        self.unchanged()
        self.nina.ask("POST", f"/api/pumps/{SERIAL}/release", {"claim": self.token})
        while self.phil.ask("GET", f"/api/pumps/{SERIAL}/task").status != 404:
            time.sleep(0.05)
        self.unchanged()

    def test_hz_19_a_rotor_is_not_emptied_for_a_scan(self):
        self.scan_held("empty")


class Valve(Held):
    """At a pump with valves, whose rule for a scan is the opposite one."""
    therapy = {**THERAPY, "mri": "empty_first"}

    def site(self):
        return ("--model", "V20"), ()

    def test_hz_19_a_valve_is_emptied_for_a_scan(self):
        self.scan_held("keep")


if __name__ == "__main__":
    unittest.main()
