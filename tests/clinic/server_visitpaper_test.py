"""server_visitpaper_test.py - the report of a session from the server: what was changed and by whom, what is not on record,
who may have it, and that whoever reads it stands in the audit. Texts are read back by pdftotext.
REQ-CLIN-02, REQ-CLIN-13, REQ-LIBR-04."""
# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import unittest

from server_ward import NAME, SERIAL, THERAPY, Ward

KEYS = {"sent": 500, "fields": [{"field": "amount", "value": "15", "missed": 0,
                                  "pressed": [[100, 0, 0, "1", "1"], [200, 1, 1, "5", "15"]]}]}


class VisitPaper(Ward):
    def paper(self, visit, person=None):
        """A report as text, columns kept; its name."""
        answer = (person or self.nina).ask("GET", f"/api/visits/{visit}/report")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/pdf"), answer.body)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        said = re.fullmatch(r'attachment; filename="(.+)"', answer.headers["Content-Disposition"])
        path = self.folder / "paper.pdf"
        path.write_bytes(answer.body)
        ran = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
        return said[1], " ".join(ran.stdout.decode().split())

    def reads(self):
        """Rows of the audit of who was told who a patient is."""
        rows, start, otto = [], 1, self.server.sign_in("otto")
        while start:
            page = otto.ask("GET", f"/api/audit?limit=100&from={start}").json
            rows, start = rows + page["rows"], page["next"]
        return [(row["user"], row["row"]) for row in rows if row["action"] == "read"]

    def refused(self, path, status, kind, person=None):
        answer = (person or self.nina).ask("GET", path)
        self.assertEqual((answer.status, answer.kind), (status, kind), answer.body)

    def soft(self):
        """A session in which a soft limit was passed, with a second clinician."""
        self.begun(self.nina, "program")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": "15 mg/day"}, "name": "morphine 15 mg/day"}
        held = self.task(self.nina, "/therapy", status=422, therapy=therapy)
        passing = [{"rule": finding["rule"], "reason": "tolerance", "again": finding.get("again", "")}
                   for finding in held["findings"] if finding["level"] == "soft limit"]
        self.task(self.nina, "/therapy", therapy=therapy, passing=passing)
        card = self.task(self.nina, "/finish")
        self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {"task": card["task"], "digest": card["digest"], "agree": True})
        self.settled(self.nina)
        card = self.task(self.nina, "/readback", amount="15 mg/day", keys=KEYS)
        self.assertEqual((card["ending"], card["change"]), ("done", "applied"), card)

    def test_a_session_on_paper(self):
        self.implanted()
        [first] = self.visits()
        self.assertIs(first["report"], True)
        name, text = self.paper(first["id"])
        self.assertEqual(name, f"session-{SERIAL}-{first['id']}.pdf")
        for wanted in (NAME, SERIAL, "Applied: the pump runs the new therapy.", f"Clinician account {first['user']}",
                       "None is recorded.",
                       "typed again is not on record", "morphine", "5 mg"):
            self.assertIn(wanted, text)
        self.assertNotIn("not on record ask the pump", text)  # it was filled then: the reservoir is known
        self.soft()
        newest = self.visits()[0]
        second = self.phil.ask("GET", "/api/me").json["user"]["id"]
        name, text = self.paper(newest["id"])
        for wanted in ("15 mg", "5 mg", "tolerance", f"account {second}", "next refill, at the latest not on record",
                       "They agree."):
            self.assertIn(wanted, text)
        self.assertRegex(text, r"The pump has stored morphine 15 mg[^.]*, the most of any 24 hours")
        # The first one tells of its own change still.
        self.assertEqual(self.paper(first["id"])[1].count("15 mg"), 0)

    def test_whoever_reads_it_is_in_the_audit_and_nobody_else_may(self):
        self.implanted()
        [visit] = self.visits()
        patient = self.number
        phil = self.server.sign_in("phil")  # a session that was told nothing yet
        before = self.reads()
        self.paper(visit["id"], phil)
        new = self.reads()[len(before):]
        self.assertEqual([row for _, row in new], [patient])
        self.refused(f"/api/visits/{visit['id']}/report", 403, "role", self.server.sign_in("otto"))
        self.refused("/api/visits/999/report", 404, "missing")
        self.refused("/api/visits/none/report", 404, "missing")

    def test_a_visit_without_a_therapy_has_none(self):
        self.implanted()
        self.task(self.nina, workflow="emergency")
        card = self.task(self.nina, "/lower", lower="stop")
        self.assertEqual(card["change"], "applied", card)
        visit = self.visits()[0]
        self.assertEqual((visit["workflow"], visit["report"]), ("emergency", False))
        self.refused(f"/api/visits/{visit['id']}/report", 409, "missing")


if __name__ == "__main__":
    unittest.main()
