"""server_task_test.py - workflows at a real virtual pump, over HTTP: each from its first question to the record, with whatever
holds it, breaks it off or leaves it unknown. REQ-CLIN-01 to -12, REQ-LIBR-03 to -05, REQ-LINK-04, -05, HZ-17, HZ-24, HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import json
import signal
import sqlite3
import time
import unittest

from server_ward import MORPHINE, NAME, SERIAL, THERAPY, Ward


class Tasks(Ward):
    """From the first question to the record."""

    def test_from_implant_to_program_and_into_the_records(self):
        self.implanted()
        first = self.visits()
        self.assertEqual([(visit["workflow"], visit["outcome"]) for visit in first], [("implant", "applied")])
        implant = first[0]["implant"]
        refills = self.nina.ask("GET", f"/api/implants/{implant}/refills").json["refills"]
        self.assertEqual([(refill["filled"], refill["drugs"][0]["lot"], refill["outcome"]) for refill in refills],
                         [("18.000000 mL", "L-17", "applied")])
        card = self.programmed("5.5 mg/day", "5.5 mg/day")
        self.assertEqual(card["step"], "finish", card)
        rows = {row["label"]: row for row in card["finish"]}
        self.assertTrue(any(row["changes"] and row["change"] == "+10 %" for row in rows.values()), rows)
        card = self.task(self.nina, "/finish")
        self.assertNotIn("5.5 mg/day", self.desk("status"))
        held = self.task(self.nina, "/readback", status=422, amount="5 mg/day")
        self.assertIn("hard limit", [finding["level"] for finding in held["findings"]])
        card = self.task(self.nina, "/readback", amount="5.5 mg/day")
        self.assertEqual((card["step"], card["ending"], card["change"], card["wants"]), (None, "done", "applied", "nothing"),
                         card)
        therapies = self.nina.ask("GET", f"/api/implants/{implant}/therapies").json["therapies"]
        self.assertEqual([therapy["name"] for therapy in therapies], ["morphine 5 mg/day", "morphine 5.5 mg/day"])
        self.assertIn("5.5 mg/day", self.desk("status"))

        log = self.nina.ask("GET", f"/api/implants/{implant}/log?ring=events&limit=100").json["items"]
        words = [item["event"]["event"] for item in log if item["what"] == "event"]
        self.assertEqual(words.count("activated"), 2, words)

    def test_who_is_not_who_was_said_goes_no_further(self):
        self.implanted()
        card = self.task(self.nina, workflow="program")
        for wrong in ({"patient": "Example, Bert"}, {"serial": "SIM-0043"},
                      {"drugs": [{"drug": "morphine", "concentration": "10 mg/mL"}]}):
            said = {"patient": NAME, "serial": SERIAL, "drugs": MORPHINE, **wrong}
            held = self.task(self.nina, "/identify", status=422, **said)
            self.assertEqual((held["step"], held["findings"][0]["rule"]), ("identify", "identity"), held)
        answer = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/therapy", {"claim": self.token, "therapy": THERAPY})
        self.assertEqual((answer.status, answer.kind), (409, "step"))
        self.assertEqual(card["serial"], SERIAL)

    def test_one_writer_and_another_may_look(self):
        self.implanted()
        self.task(self.nina, workflow="program")
        other = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/identify",
                              {"claim": "0" * 32, "patient": NAME, "serial": SERIAL, "drugs": MORPHINE})
        self.assertEqual((other.status, other.kind), (409, "claim-lost"))
        stolen = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/identify",
                               {"claim": self.token, "patient": NAME, "serial": SERIAL, "drugs": MORPHINE})
        self.assertEqual((stolen.status, stolen.kind), (409, "claim-lost"))
        self.assertEqual(self.phil.ask("GET", f"/api/pumps/{SERIAL}/task").json["step"], "identify")
        self.assertEqual(self.server.sign_in("otto").ask("GET", f"/api/pumps/{SERIAL}/task").status, 403)
        again = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task", {"claim": self.token, "workflow": "refill"})
        self.assertEqual((again.status, again.kind), (409, "busy"))

    def test_a_soft_limit_needs_a_reason_the_amount_and_another_clinician(self):
        self.implanted()
        card = self.begun(self.nina, "program")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": "15 mg/day"}, "name": "morphine 15 mg/day"}
        held = self.task(self.nina, "/therapy", status=422, therapy=therapy)
        soft = [finding for finding in held["findings"] if finding["level"] == "soft limit"]
        self.assertTrue(soft, held)
        self.assertFalse([finding for finding in held["findings"] if finding["level"] == "hard limit"], held)
        passing = [{"rule": finding["rule"], "reason": "tolerance", "again": finding.get("again", "")} for finding in soft]
        wrong = [{**passing[0], "again": "14 mg/day"}, *passing[1:]]
        self.task(self.nina, "/therapy", status=422, therapy=therapy, passing=wrong)
        self.task(self.nina, "/therapy", status=400, therapy=therapy, passing=[{**one, "reason": "none"} for one in passing])
        card = self.task(self.nina, "/therapy", therapy=therapy, passing=passing)
        self.assertEqual(len(card["passed"]), len(soft))
        self.assertTrue(any(finding["second"] for finding in soft), soft)
        card = self.task(self.nina, "/finish")
        self.assertEqual(card["step"], "second", card)
        read = {"task": card["task"], "digest": card["digest"]}
        own = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/second", {**read, "agree": True})
        self.assertEqual((own.status, own.json["task"]["step"]), (422, "second"))
        self.assertEqual(self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {**read, "agree": False}).status, 422)
        for other in ({**read, "task": card["task"] - 1}, {**read, "digest": "0" * 64}):
            blind = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {**other, "agree": True})
            self.assertEqual((blind.status, blind.kind), (409, "another-finish"), blind.body)
        agreed = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {**read, "agree": True})
        self.assertEqual(agreed.status, 200, agreed.body)
        self.assertEqual(self.settled(self.nina)["step"], "readback")
        card = self.task(self.nina, "/readback", amount="15 mg/day")
        self.assertEqual((card["ending"], card["change"]), ("done", "applied"), card)

    def test_hard_limits_are_for_nobody(self):
        self.implanted()
        self.begun(self.nina, "program")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": "120 mg/day"}, "name": "morphine, hours for a day"}
        held = self.task(self.nina, "/therapy", status=422, therapy=therapy)
        self.assertNotIn("finish", held)
        self.assertIn("5 mg/day", self.desk("status"))

    def test_abandoned_and_forgotten_drafts_leave_the_audit_alone(self):
        self.implanted()
        before, audits = self.visits(), self.server.sign_in("otto").ask("GET", "/api/audit?from=1&limit=100").json
        self.programmed("5.5 mg/day", "5.5 mg/day")
        card = self.task(self.nina, "/abandon")
        self.assertEqual((card["ending"], card["change"]), ("abandoned", "none"), card)
        # The session of whoever drafts ends: so does the draft.
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.nina.ask("POST", "/api/sign-out")
        while self.phil.ask("GET", f"/api/pumps/{SERIAL}/task").status != 404:
            time.sleep(0.05)
        self.nina = self.server.sign_in("nina")
        self.assertEqual(self.visits(), before)
        after = self.server.sign_in("otto").ask("GET", f"/api/audit?from={audits['rows'][-1]['id'] + 1}&limit=100").json
        self.assertEqual([row["action"] for row in after["rows"]].count("workflow_abandoned"), 2, after)
        self.assertIn("5 mg/day", self.desk("status"))

    def test_a_pump_that_falls_silent_is_said_to_be(self):
        self.implanted()
        self.pump.send_signal(signal.SIGSTOP)
        card = self.task(self.nina, workflow="program")
        self.assertEqual((card["ending"], card["wants"]), ("no contact", "nothing"), card)
        self.assertIsNotNone(card["fault"])
        self.pump.send_signal(signal.SIGCONT)
        self.assertEqual(self.begun(self.nina, "program")["step"], "therapy")

    def test_an_emergency_asks_for_nothing_but_how_low(self):
        self.implanted()
        card = self.task(self.nina, workflow="emergency")
        self.assertEqual(card["step"], "lower", card)
        card = self.task(self.nina, "/lower", lower="stop")
        self.assertEqual((card["ending"], card["change"], card["as_sent"]), ("done", "applied", True), card)
        self.assertIn("stopped", self.desk("status"))
        self.assertEqual(self.visits()[0]["workflow"], "emergency")

    def test_what_is_agreed_to_is_what_was_read(self):
        self.implanted()
        read = self.programmed("5.5 mg/day", "5.5 mg/day")["digest"]
        self.task(self.nina, "/abandon")
        self.programmed("5.4 mg/day", "5.4 mg/day")
        other = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/finish", {"claim": self.token, "digest": read})
        self.assertEqual((other.status, other.kind), (409, "another-finish"), other.body)
        self.assertEqual(self.task(self.nina, "/finish")["step"], "readback")

    def test_a_draft_is_nobody_s_in_another_session(self):
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        again = self.server.sign_in("nina")
        self.nina.ask("POST", "/api/sign-out")
        self.claim(again)
        card = again.ask("GET", f"/api/pumps/{SERIAL}/task")
        if card.status == 200:  # it goes within a second or two
            late = again.ask("POST", f"/api/pumps/{SERIAL}/task/finish", {"claim": self.token, "digest": card.json["digest"]})
            self.assertIn((late.status, late.kind), ((409, "claim-lost"), (404, "missing"), (409, "busy")))
        self.assertNotIn("5.5 mg/day", self.desk("status"))

    def audited(self, action):
        """Rows of the audit with this action: user, table, row."""
        rows, start = [], 1
        while start:
            page = self.server.sign_in("otto").ask("GET", f"/api/audit?from={start}&limit=100").json
            rows, start = rows + page["rows"], page["next"]
        return [(row["user"], row["table"], row["row"]) for row in rows if row["action"] == action]

    def test_a_pump_taken_for_an_emergency_is_for_nothing_else(self):
        self.implanted()
        claim, task = f"/api/pumps/{SERIAL}/claim", f"/api/pumps/{SERIAL}/task"
        self.programmed("5.5 mg/day", "5.5 mg/day")
        mine, self.token = self.token, self.phil.ask("POST", claim, {"emergency": True}).json["claim"]
        while self.phil.ask("GET", task).status != 404:  # what nina had drafted goes
            time.sleep(0.05)
        people = {user["name"]: user["id"] for user in self.server.sign_in("ada").ask("GET", "/api/users").json["users"]}
        implant = self.visits()[0]["implant"]
        self.assertEqual(self.audited("claim_seized"),
                         [(people["phil"], "implants", implant), (people["phil"], "users", people["nina"])])
        self.assertTrue(self.server.sign_in("otto").ask("POST", "/api/audit/verify").json["whole"])
        for workflow in ("refill", "program", "prime", "bridge", "explant", "mri_before"):
            other = self.phil.ask("POST", task, {"claim": self.token, "workflow": workflow})
            self.assertEqual((other.status, other.kind), (409, "emergency"), other.body)
        self.assertEqual(self.phil.ask("POST", claim, {"claim": self.token}).status, 200)  # renewed, it is what it was
        other = self.phil.ask("POST", task, {"claim": self.token, "workflow": "refill"})
        self.assertEqual((other.status, other.kind), (409, "emergency"), other.body)
        # Let go, it is nina's again, and not whoever's comes first.
        self.assertEqual(self.phil.ask("POST", f"/api/pumps/{SERIAL}/release", {"claim": self.token}).status, 204)
        self.assertEqual(self.phil.ask("POST", claim, {}).kind, "claimed")
        self.token = mine
        self.assertEqual(self.begun(self.nina, "program")["step"], "therapy")
        self.task(self.nina, "/abandon")
        with contextlib.closing(sqlite3.connect(self.url)) as writer:  # nobody writes a row now: the journal tells it
            writer.execute("BEGIN IMMEDIATE")
            self.token = self.phil.ask("POST", claim, {"emergency": True}).json["claim"]
            writer.rollback()
        self.assertIn(f"pump {SERIAL} was taken from nina by phil, for an emergency; NOT IN THE AUDIT", self.server.said())
        self.assertEqual(self.task(self.phil, workflow="emergency")["step"], "lower")
        card = self.task(self.phil, "/lower", lower="minimum")
        self.assertEqual((card["ending"], card["change"]), ("done", "applied"), card)

    def test_a_draft_is_dropped_however_short_the_pump_was_taken(self):
        self.implanted()
        task = f"/api/pumps/{SERIAL}/task"
        for _ in range(5):  # the sweep looks once in a while: at one of these moments it did not look in between
            number = self.programmed("5.5 mg/day", "5.5 mg/day")["task"]
            theirs = self.phil.ask("POST", f"/api/pumps/{SERIAL}/claim", {"emergency": True}).json["claim"]
            self.assertEqual(self.phil.ask("POST", f"/api/pumps/{SERIAL}/release", {"claim": theirs}).status, 204)
            end = time.monotonic() + 30
            while (card := self.nina.ask("GET", task)).status == 200:
                self.assertEqual(card.json["task"], number)
                self.assertLess(time.monotonic(), end, "the draft is still there")
                time.sleep(0.05)
        self.assertNotIn("5.5 mg/day", self.desk("status"))

    def test_an_emergency_waits_for_no_claim_and_no_record(self):
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.assertEqual(self.phil.ask("POST", f"/api/pumps/{SERIAL}/claim", {}).status, 409)
        taken = self.phil.ask("POST", f"/api/pumps/{SERIAL}/claim", {"emergency": True})
        self.assertEqual(taken.status, 200, taken.body)
        self.token = taken.json["claim"]
        self.assertEqual(self.server.sign_in("ada").ask("DELETE", f"/api/patients/{self.number}").status, 204)
        # Somebody else writes into the records, and does not stop.
        with contextlib.closing(sqlite3.connect(self.url)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            body = {"claim": self.token, "workflow": "emergency"}
            begun = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task", body)
            self.assertEqual(begun.status, 202, begun.body)
            card = self.settled(self.phil)
            self.assertEqual(card["step"], "lower", card)
            self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/lower", {"claim": self.token, "lower": "stop"})
            for _ in range(300):
                if self.phil.ask("GET", f"/api/pumps/{SERIAL}/task").json["change"] == "applied":
                    break
                time.sleep(0.1)
            self.assertIn("stopped", self.desk("status"))
            writer.rollback()
        self.assertIn("stopped", self.desk("status"))
        card = self.settled(self.phil)
        while card["wants"] != "nothing":
            card = self.task(self.phil, "/again")
        self.assertIn("NOT IN THE RECORDS", card["fault"])

    def test_a_server_that_ends_writes_what_was_done(self):
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.server_end()
        self.server_start()
        self.assertEqual([visit["workflow"] for visit in self.visits()], ["implant"])
        self.claim(self.nina)
        self.assertEqual(self.begun(self.nina, "program")["step"], "therapy")


if __name__ == "__main__":
    unittest.main()
