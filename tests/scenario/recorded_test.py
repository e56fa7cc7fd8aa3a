"""recorded_test.py - a clinic at the command line: who signs in, whose pump it is, and what is left of it in the records:
implant, refills, a change beyond a soft limit with a second clinician, an outcome that nobody knew.
REQ-CLIN-01, REQ-CLIN-12, REQ-LIBR-04, HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import sqlite3
import subprocess
import unittest

import common
import desk

PASSWORD = "a pump in every port"


class Recorded(desk.Desk):
    """One patient (1), one pump; ada (admin, 1), phil and pam (physicians, 2 and 3), otto (auditor, 4)."""

    def setUp(self):
        super().setUp()
        self.url = self.folder / "records.db"
        self.password = self.folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.clerk("init")
        for name, role in (("phil", "physician"), ("pam", "physician"), ("otto", "auditor")):
            self.clerk("users", "add", name, "--role", role, CISTERNA_NEW_PASSPHRASE=PASSWORD)
        self.clerk("admit", stdin="MRN-1\nExample, Anna\n1950-12-31\n")
        self.clerk("admit", stdin="MRN-2\nSample, Zoë\n1960-06-30\n")

    def clerk(self, *words, user="ada", stdin="", code=0, **environment):
        given = {**os.environ, "CISTERNA_PASSPHRASE": PASSWORD, **environment}
        ran = common.cisterna(common.DEV, "records", *words, "--db", self.url, "--user", user, env=given, input=stdin)
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        return ran.stdout

    def at_clinic(self, *words, user="phil", patient=1, second=None, **more):
        signed = ["--db", self.url, "--user", user, "--password-file", self.password, "--patient", patient]
        if second:
            signed += ["--second", second, "--second-password-file", self.password]
        return self.done(*words, *signed, **more)

    def refill(self, *words, withdrawn="0 mL", **more):
        return self.at_clinic("refill", "--withdrawn", withdrawn, "--filled", "18 mL", "--drawn-up", "18 mL", "--drug",
                              "morphine", "--concentration", "25 mg/mL", "--lot", "L-17", *words, **more)

    def implanted(self, **more):
        self.pair()
        self.refill("--dead-drug-free", "--therapy", self.therapy(), stdin="6 mg/day\n", **more)

    def rows(self, sql):
        with sqlite3.connect(self.url) as database:
            rows = database.execute(sql).fetchall()
        database.close()
        return rows

    def sound(self):
        self.assertIn("sound: ", self.clerk("verify"))

    def test_an_implant_and_a_refill_stand_in_the_records(self):
        self.implanted()
        self.assertEqual(self.rows("SELECT patient_id, serial, explanted_ms FROM implants"), [(1, desk.SERIAL, None)])
        self.assertEqual(self.rows("SELECT implant_id, removed_ms FROM catheters"), [(1, None)])
        self.assertEqual(self.rows("SELECT patient_id, implant_id, user_id, workflow, outcome FROM visits"), [(1, 1, 2, 2, 1)])
        self.assertEqual(self.rows("SELECT filled_nl, drawn_up_nl, found_nl, user_id FROM refills"), [(18000000, 18000000, 0, 2)])
        self.assertEqual(self.rows("SELECT conc_ng_ml, lot FROM refill_drugs"), [(25000000, "L-17")])
        self.assertEqual(self.rows("SELECT count(*) FROM therapies"), [(1,)])
        _, messages = self.refill(withdrawn="18 mL", user="pam")
        self.assertIn(f"pump {desk.SERIAL}, patient 1: Example, Anna", messages)
        self.assertEqual(self.rows("SELECT workflow, outcome, user_id FROM visits ORDER BY id"), [(2, 1, 2), (4, 1, 3)])
        (expected, found), = self.rows("SELECT expected_nl, found_nl FROM refills WHERE id = 2")
        self.assertEqual(found, 18000000)
        self.assertGreater(expected, 17000000)
        (told,), = self.rows("SELECT count(*) FROM pump_log WHERE ring = 1")
        (last,), = self.rows("SELECT max(number) FROM pump_log WHERE ring = 1")
        self.assertEqual(told, last)
        self.assertEqual(self.rows("SELECT count(*) FROM pump_log WHERE code = 0x30"), [(2,)])
        self.assertIn("workflow_", self.clerk("audit"))
        self.sound()
        self.assertEqual(self.clerk("fhir").count('"resourceType":"MedicationAdministration"'), 2)

    def test_a_soft_limit_takes_a_second_clinician(self):
        self.implanted()
        more = self.therapy("more.json", program={"kind": "continuous", "dose": "7 mg/day"}, patient_bolus=None)
        words = ("program", more, "--reason", "titrated_to_effect")
        _, messages = self.at_clinic(*words, "--yes", code=3)
        self.assertIn("another clinician than the first must sign in", messages)
        self.assertIn("--second NAME would pass", messages)
        self.assertEqual(self.rows("SELECT count(*) FROM overrides"), [(0,)])
        for second, code in (("phil", 2), ("otto", 2), ("nobody", 1)):
            self.at_clinic(*words, "--yes", second=second, code=code)
        paper = self.folder / "session.pdf"
        self.at_clinic(*words, "--report", paper, second="pam", stdin="7 mg/day\n")
        self.assertEqual(self.rows("SELECT rule, level, value, bound, answer, reason, user_id, second_user_id FROM overrides"),
                         [("morphine.step_up.soft", 1, 400000, 300000, 2, 1, 2, 3)])
        self.assertEqual(self.rows("SELECT count(*) FROM therapies"), [(2,)])
        self.sound()
        self.assertEqual(paper.stat().st_mode & 0o7777, 0o600)
        read = subprocess.run(["pdftotext", "-raw", paper, "-"], capture_output=True, text=True, check=True).stdout
        said = " ".join(read.split())
        for words in ("Example, Anna", desk.SERIAL, "Applied: the pump runs the new therapy", "titrated_to_effect pam",
                      "above the soft limit",
                      "7 mg per day, the most of any 24 hours. Typed again by the clinician: 7 mg per day. They agree."):
            self.assertIn(words, said.replace("\u00a0", " "))

    def test_another_patient_another_role_and_no_sign_in_are_held(self):
        self.implanted()
        rows = self.rows("SELECT count(*) FROM visits")
        _, messages = self.refill(withdrawn="18 mL", patient=2, code=3)
        self.assertIn("is not this patient's", messages)
        self.refill(withdrawn="18 mL", user="otto", code=3)
        self.refill(withdrawn="18 mL", user="nobody", code=1)
        self.assertIn("they need --db URL", self.done("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL",
                                                     "--user", "phil", code=2)[1])
        self.assertEqual(self.rows("SELECT count(*) FROM visits"), rows)
        self.assertEqual([event["event"] for event in self.log()].count("refill"), 1)

    def test_single_commands_are_visits_and_the_way_down_waits_for_nobody(self):
        self.implanted()
        signed = ("--db", self.url, "--user", "phil")
        known = ("--password-file", self.password)
        self.assertIn("needs --patient N", self.done("bolus", *signed, *known, code=2)[1])
        self.at_clinic("bolus", "--volume", "0.01 mL", "--rate", "1 mL/day")
        _, messages = self.done("stop", *signed, CISTERNA_PASSWORD="a wrong password")  # what was done counts
        self.assertIn("NOT IN THE RECORDS", messages)
        self.assertEqual(self.told("status")["mode"], "stopped")
        self.assertEqual(self.rows("SELECT workflow, outcome FROM visits ORDER BY id"), [(2, 1), (5, 1)])
        self.at_clinic("resume")
        self.done("minimum", *signed, *known)
        self.assertEqual(self.rows("SELECT workflow, outcome, user_id FROM visits ORDER BY id"),
                         [(2, 1, 2), (5, 1, 2), (15, 1, 2), (16, 1, 2)])
        self.assertIn('"status":"on-hold"', self.clerk("fhir"))
        self.at_clinic("resume", code=3)
        self.at_clinic("resume", "--stopped-for", "1 min")
        self.assertNotIn('"status":"on-hold"', self.clerk("fhir"))
        self.at_clinic("mri", "end", code=3)
        self.assertEqual(self.rows("SELECT workflow, outcome, reasons > 0 FROM visits ORDER BY id DESC LIMIT 1"), [(14, 2, 1)])
        self.sound()

    def test_the_pump_of_a_purged_patient_is_lowered_all_the_same(self):
        self.implanted()
        self.clerk("purge", "1", "--yes")
        signed = ("--db", self.url, "--user", "phil", "--password-file", self.password)
        for way in ("minimum", "stop"):
            said, messages = self.done(way, *signed)
            self.assertIn(f"applied: {way}", said)
            self.assertIn("NOT IN THE RECORDS", messages)
        self.assertEqual(self.told("status")["mode"], "stopped")
        _, messages = self.at_clinic("resume", code=3)
        self.assertEqual(self.told("status")["mode"], "stopped")

    def log(self):
        return [json.loads(line) for line in self.done("log", "--json", "--from", "1")[0].splitlines()]

    def test_an_outcome_unknown_stands_there_until_the_pump_has_told(self):
        self.implanted()
        # What passes: the answer to the knock, capability, status twice, and all of an interrogation; then the receipt is lost.
        desk.Proxy(self.folder / "lossy", self.radio / "near", 12).start()
        self.refill("--patience", "50", withdrawn="18 mL", code=4, radio=self.folder / "lossy")
        self.assertEqual(self.rows("SELECT outcome FROM visits ORDER BY id DESC LIMIT 1"), [(3,)])
        _, messages = self.refill(withdrawn="18 mL", code=1)
        self.assertIn("not given, because of that", messages)
        self.refill(withdrawn="18 mL")
        (outcome,), = self.rows("SELECT outcome FROM visits WHERE workflow = 4 ORDER BY id LIMIT 1")
        self.assertEqual(outcome, 1)
        self.assertEqual(self.rows("SELECT count(*) FROM visits WHERE outcome = 3"), [(0,)])
        self.sound()

    def test_an_outcome_that_no_programmer_knows_holds_all_but_the_way_down_until_a_person_has_told(self):
        self.implanted()
        desk.Proxy(self.folder / "lossy", self.radio / "near", 12).start()
        self.refill("--patience", "50", withdrawn="18 mL", code=4, radio=self.folder / "lossy")
        self.keys.unlink()  # the programmer is gone, and what it knew; another one is paired
        self.pair()
        _, messages = self.refill(withdrawn="18 mL", code=3)
        self.assertIn("until then nothing but the way down is given", messages)
        self.done("stop", "--db", self.url, "--user", "phil", "--password-file", self.password)
        self.clerk("settle", "2", "--outcome", "maybe", code=2)
        self.clerk("settle", "2", "--outcome", "applied", user="otto", code=3)
        self.clerk("settle", "2", "--outcome", "applied", user="phil")
        self.clerk("settle", "2", "--outcome", "not_applied", code=3)
        self.assertEqual(self.rows("SELECT workflow, outcome FROM visits ORDER BY id"), [(2, 1), (4, 1), (8, 1)])
        self.at_clinic("resume")
        self.sound()


if __name__ == "__main__":
    unittest.main()
