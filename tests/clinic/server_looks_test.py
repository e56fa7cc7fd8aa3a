"""server_looks_test.py - whoever was told who a patient is stands in the audit before, once for each session and patient.
HZ-33, REQ-SECU-12."""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import signal
import sqlite3
import subprocess
import unittest

from server_common import Server, ServerCase


LOCK = 7163384644223839841  # of writers: clinic/records/postgres.c


def rows(auditor):
    """All of the audit, as an auditor reads it."""
    told, number = [], 1
    while number:
        page = auditor.ask("GET", f"/api/audit?from={number}&limit=100").json
        told, number = told + page["rows"], page["next"]
    return told


@contextlib.contextmanager
def writer(url):
    """Somebody who writes into the records, and takes their time."""
    if url.startswith("postgresql:"):
        words = subprocess.Popen(["psql", "-qAt", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words.stdin.write(f"BEGIN; SELECT 'at it' FROM pg_advisory_xact_lock({LOCK});\n")
        words.stdin.flush()
        assert words.stdout.readline() == "at it\n"
        yield
        words.communicate("ROLLBACK;\n")
        return
    with contextlib.closing(sqlite3.connect(url, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


class Looks(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls.server.sign_in("otto")

    def setUp(self):
        self.last = rows(self.auditor)[-1]["id"]

    def looks(self):
        """Looks noted since the test began: user and patient of each, in their order."""
        new = [row for row in rows(self.auditor) if row["id"] > self.last]
        self.assertEqual({(row["action"], row["table"], row["row_hash"]) for row in new} - {("read", "patients", None)}, set())
        return [(row["user"], row["row"]) for row in new]

    def test_first_look_of_a_session_leaves_a_row(self):
        nurse, physician = self.server.sign_in("nina"), self.server.sign_in("phil")
        ids = {name: person.ask("GET", "/api/me").json["user"]["id"] for name, person in (("nina", nurse), ("phil", physician))}
        self.assertEqual(self.looks(), [])
        self.assertEqual(nurse.ask("GET", "/api/patients/1").status, 200)
        self.assertEqual(self.looks(), [(ids["nina"], 1)])
        for _ in range(3):
            self.assertEqual(nurse.ask("GET", "/api/patients/1").status, 200)
        self.assertEqual(self.looks(), [(ids["nina"], 1)])
        self.assertEqual(len(physician.ask("GET", "/api/patients?limit=2").json["patients"]), 2)
        self.assertEqual(self.looks(), [(ids["nina"], 1), (ids["phil"], 1), (ids["phil"], 2)])
        self.assertEqual(len(nurse.ask("GET", "/api/patients?limit=2").json["patients"]), 2)
        self.assertEqual(self.looks()[3:], [(ids["nina"], 2)])
        again = self.server.sign_in("nina")
        self.assertEqual(again.ask("GET", "/api/patients?from=2").status, 200)
        self.assertEqual(self.looks()[4:], [(ids["nina"], 2)])
        self.assertTrue(self.auditor.ask("POST", "/api/audit/verify").json["whole"])

    def test_notes_of_scores_are_a_look_too(self):
        nurse = self.server.sign_in("nina")
        self.assertEqual(nurse.ask("GET", "/api/patients/2/scores").json["scores"], [])
        self.assertEqual(self.looks(), [])
        self.assertEqual(nurse.ask("POST", "/api/patients/2/scores", {"pain": 4, "note": "as before"}).status, 201)
        self.last = rows(self.auditor)[-1]["id"]
        self.assertEqual(nurse.ask("GET", "/api/patients/2/scores").json["scores"][0]["note"], "as before")
        self.assertEqual(self.looks(), [(nurse.ask("GET", "/api/me").json["user"]["id"], 2)])

    def test_what_tells_nobody_leaves_none(self):
        nurse = self.server.sign_in("nina")
        for person, path, status in ((nurse, "/api/patients/999", 404), (nurse, "/api/patients?from=999", 200),
                                     (nurse, "/api/patients/1/implants", 200), (nurse, "/api/patients/1/visits", 200),
                                     (self.auditor, "/api/patients/1", 403), (self.auditor, "/api/patients", 403)):
            self.assertEqual(person.ask("GET", path).status, status, path)
        self.assertEqual(self.looks(), [])

    def test_nothing_is_told_that_cannot_be_noted(self):
        nurse = self.server.sign_in("nina")
        with writer(self.url):
            for path in ("/api/patients/1", "/api/patients"):
                refused = nurse.ask("GET", path)
                self.assertEqual((refused.status, refused.kind), (503, "busy"))
                self.assertNotIn("name", refused.json)
        self.assertEqual(nurse.ask("GET", "/api/patients/1").status, 200)
        with writer(self.url):
            self.assertEqual(nurse.ask("GET", "/api/patients/1").status, 200)  # noted already: reading waits for no writer
        self.assertEqual(len(self.looks()), 1)

    def test_a_purged_patient_has_no_name_to_tell(self):
        admin = self.server.sign_in("ada")
        made = admin.ask("POST", "/api/patients",
                         {"name": "Soon Gone", "birth_date": "1950-12-31", "identifier": "gone"}).json["id"]
        self.assertEqual(admin.ask("DELETE", f"/api/patients/{made}").status, 204)
        self.last = rows(self.auditor)[-1]["id"]
        self.assertNotIn("name", admin.ask("GET", f"/api/patients/{made}").json)
        self.assertEqual(self.looks(), [])


class Killed(ServerCase):
    def test_who_was_told_stands_there_after_a_kill(self):
        server = Server(self.url)
        nurse = server.sign_in("nina")
        self.assertEqual(nurse.ask("GET", "/api/patients/2").status, 200)
        server.stop(signal.SIGKILL)
        server.messages.close()
        told = rows(self.server.sign_in("otto"))[-1]
        self.assertEqual((told["action"], told["table"], told["row"]), ("read", "patients", 2))


if __name__ == "__main__":
    unittest.main()
