"""server_task_test.py - workflows at a real virtual pump, over HTTP: each from its first question to the record, with whatever
holds it, breaks it off or leaves it unknown. REQ-CLIN-01 to -12, REQ-LIBR-03 to -05, REQ-LINK-04, -05, HZ-17, HZ-24, HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from server_common import CISTERNA, ROOT, Server, records_make

SERIAL, PASSPHRASE, NAME = "SIM-0042", "a horse without a battery", "Example, Anna"
MORPHINE = [{"drug": "morphine", "concentration": "25 mg/mL"}]
THERAPY = {
    "name": "morphine 5 mg/day",
    "drugs": MORPHINE,
    "program": {"kind": "continuous", "dose": "5 mg/day"},
    "opening": {"kind": "none"},
    "limits": {"drugs": [{"drug": "morphine", "hour": "3 mg", "day": "40 mg"}], "bolus_max": "0.02 mL", "rate_max": "4 mL/day"},
    "safe_rate": "0.048 mL/day", "restart_limit": "24 h", "under_delivery": "high", "reservoir_low": "2 mL",
    "mri": "keep_program", "region": "US",
}


class Ward(unittest.TestCase):
    """A clinic, and one pump that is claimed by nobody yet."""
    therapy = THERAPY

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="task-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.keys, self.radio = self.folder / "keys", self.folder / "radio"
        self.environment = {"CISTERNA_PASSPHRASE": PASSPHRASE}
        self.radio.mkdir()
        self.pump_options, self.server_options = self.site()
        self.pump_start()
        self.desk("pair", "--role", "clinician", "--card-file", self.radio / "card.txt", "--label", "clinic")
        self.url = records_make(self.folder)
        self.server_start(*self.server_options)

    def site(self):
        """What pump and server are begun with besides: nothing, at a site without a key of its own."""
        return (), ()

    def pump_start(self):
        # Its time runs faster, so that its bounds on sessions do not hold the test up.
        self.pump = subprocess.Popen([CISTERNA, "pump", "--state", self.radio, "--serial", SERIAL, "--speed", "60", "--quiet",
                                      *self.pump_options],
                                     cwd=ROOT, stderr=subprocess.DEVNULL)
        self.addCleanup(self.pump.wait)
        self.addCleanup(self.pump.kill)
        while not (self.radio / "card.txt").exists() or not (self.radio / "magnet").exists():
            self.assertIsNone(self.pump.poll(), "the pump is not there")

    def desk(self, *words):
        ran = subprocess.run([CISTERNA, *words, "--keys", self.keys, "--radio", self.radio], cwd=ROOT, capture_output=True,
                             text=True, check=False, env={**os.environ, **self.environment})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def server_start(self, *options):
        self.server = Server(self.url, "--radio", self.radio, "--keys", self.keys, *options, environment=self.environment)
        self.addCleanup(self.server_end)
        self.nina, self.phil = self.server.sign_in("nina"), self.server.sign_in("phil")

    def server_end(self):
        if self.server.messages.closed:
            return
        code, said = self.server.end()
        self.assertEqual((code, "Sanitizer" in said), (0, False), said)

    def claim(self, person):
        answer = person.ask("POST", f"/api/pumps/{SERIAL}/claim", {})
        self.assertEqual(answer.status, 200, answer.body)
        self.token = answer.json["claim"]

    def task(self, person, path="", status=200, token=None, **body):
        """One request at the task, and the card once nothing is carried out any more."""
        answer = person.ask("POST", f"/api/pumps/{SERIAL}/task{path}", {"claim": token or self.token, **body})
        self.assertIn(answer.status, (status, 202 if status == 200 else status), answer.body)
        return self.settled(person) if answer.status in (200, 202) else answer.json.get("task", answer.json)

    def settled(self, person):
        while True:
            answer = person.ask("GET", f"/api/pumps/{SERIAL}/task")
            self.assertEqual(answer.status, 200, answer.body)
            if not answer.json["busy"]:
                return answer.json
            time.sleep(0.02)

    def patient(self):
        answer = self.nina.ask("POST", "/api/patients", {"name": NAME, "birth_date": "1950-12-31", "identifier": "A-77"})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["id"]

    def identify(self, card, person=None, drugs=(), **changes):
        self.assertEqual((card["step"], card["fault"]), ("identify", None), card)
        return self.task(person or self.nina, "/identify", patient=NAME, serial=SERIAL, drugs=list(drugs), **changes)

    def filled(self):
        """A patient's new pump, filled; its therapy is to be said."""
        self.claim(self.nina)
        self.number = self.patient()
        self.identify(self.task(self.nina, workflow="implant", patient=self.number, region="US"))
        self.task(self.nina, "/catheter", length="40 cm")
        card = self.task(self.nina, "/fill", filled="18 mL", drawn_up="18 mL", drugs=MORPHINE, lot="L-17")
        self.assertEqual(card["step"], "therapy", card)

    def implanted(self):
        """A patient whose new pump is filled and runs; the workflow is left at the watch, which lasts longer than a test."""
        self.filled()
        card = self.task(self.nina, "/therapy", therapy=self.therapy)
        self.assertEqual(card["step"], "prime", card)
        card = self.task(self.nina, "/prime", holds="no_drug")
        self.assertEqual(card["step"], "finish", card)
        self.assertTrue(card["finish"])
        card = self.task(self.nina, "/finish")
        self.assertEqual(card["step"], "readback", card)
        card = self.task(self.nina, "/readback", amount="5 mg/day")
        self.assertEqual((card["step"], card["change"], card["as_sent"]), ("watch", "applied", True), card)
        card = self.task(self.nina, "/abandon")
        self.assertEqual((card["ending"], card["wants"]), ("abandoned", "nothing"), card)
        return card

    def begun(self, person, workflow):
        """A workflow at a running pump, past its identification."""
        return self.identify(self.task(person, workflow=workflow), person, MORPHINE)

    def visits(self):
        return self.nina.ask("GET", f"/api/patients/{self.number}/visits").json["visits"]

    def programmed(self, dose, total):
        """As far as the finish screen."""
        card = self.begun(self.nina, "program")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": dose}, "name": f"morphine {dose}"}
        return self.task(self.nina, "/therapy", therapy=therapy)


class Tasks(Ward):
    """From the first question to the record."""

    def test_from_implant_to_program_and_into_the_records(self):
        self.implanted()
        first = self.visits()
        self.assertEqual([(visit["workflow"], visit["outcome"]) for visit in first], [("implant", "applied")])
        implant = first[0]["implant"]
        refills = self.nina.ask("GET", f"/api/implants/{implant}/refills").json["refills"]
        self.assertEqual([(refill["filled"], refill["drugs"][0]["lot"]) for refill in refills], [("18.000000 mL", "L-17")])
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
        own = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/second", {"agree": True})
        self.assertEqual((own.status, own.json["task"]["step"]), (422, "second"))
        self.assertEqual(self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {"agree": False}).status, 422)
        agreed = self.phil.ask("POST", f"/api/pumps/{SERIAL}/task/second", {"agree": True})
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

    def test_a_server_that_ends_writes_what_was_done(self):
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.server_end()
        self.server_start()
        self.assertEqual([visit["workflow"] for visit in self.visits()], ["implant"])
        self.claim(self.nina)
        self.assertEqual(self.begun(self.nina, "program")["step"], "therapy")


class Signed(Ward):
    """A site with a key, and a pump that takes only hard limits that were signed with it."""

    def formulary(self, *words):
        ran = subprocess.run([CISTERNA, "formulary", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout.strip()

    def site(self):
        public = self.formulary("key", "--out", self.folder / "site.key")
        entry, head = self.folder / "entry.json", self.folder / "head.json"
        entry.write_text(json.dumps({**json.loads((ROOT / "formulary/morphine.json").read_text()), "regions": ["US"]}))
        head.write_text(json.dumps({**json.loads((ROOT / "formulary/release.json").read_text()), "version": 2}))
        self.formulary("sign", "--key", self.folder / "site.key", "--out", self.folder / "release", head, entry)
        self.formulary("load", self.folder / "release", "--key", self.folder / "site.key.pub", "--into", self.folder / "force")
        return ("--formulary-key", public), ("--formulary", self.folder / "force", "--site-key", self.folder / "site.key.pub")

    def limits(self, serial):
        """Signed where the key is, for a pump and a therapy."""
        (self.folder / "therapy.json").write_text(json.dumps({"catheter": {"length": "40 cm"}, "therapy": THERAPY}))
        file = self.folder / f"limits-{serial}"
        self.formulary("limits", self.folder / "therapy.json", "--key", self.folder / "site.key", "--release",
                       self.folder / "force/current", "--serial", serial, "--model", "C20", "--out", file)
        return file.read_text()

    def test_signed_limits_travel_with_the_therapy(self):
        self.filled()
        held = self.task(self.nina, "/therapy", status=422, therapy=THERAPY)
        self.assertIn("hard limit", [finding["level"] for finding in held["findings"]])
        good = self.limits(SERIAL)
        lax = {**THERAPY, "limits": {**THERAPY["limits"], "bolus_max": "0.019 mL"}}
        for wrong in (dict(therapy=THERAPY, limits=self.limits("SIM-0043")), dict(therapy=lax, limits=good),
                      dict(therapy=THERAPY, limits=good.replace("40000000000000", "70000000000000"))):
            answer = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/therapy", {"claim": self.token, **wrong})
            self.assertEqual((answer.status, answer.json["faults"][0]["where"]), (422, "limits"), answer.body)
        self.assertEqual(self.task(self.nina, "/therapy", therapy=THERAPY, limits=good)["step"], "prime")
        self.task(self.nina, "/prime", holds="no_drug")
        self.task(self.nina, "/finish")
        card = self.task(self.nina, "/readback", amount="5 mg/day")
        self.assertEqual((card["change"], card["as_sent"]), ("applied", True), card)


class Link(threading.Thread):
    """Between the server and the sockets of a pump: passes so many frames of the pump, and then nothing either way."""

    def __init__(self, folder, behind):
        super().__init__(daemon=True)
        self.behind, self.passed, self.listeners = behind, None, {}
        folder.mkdir()
        for name in ("near", "far"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(folder / name))
            listener.listen(4)
            self.listeners[listener] = name

    def run(self):
        while True:
            for listener in select.select(list(self.listeners), [], [])[0]:
                server, _ = listener.accept()
                threading.Thread(target=self.carry, args=(server, self.listeners[listener]), daemon=True).start()

    def carry(self, server, name):
        with socket.socket(socket.AF_UNIX) as pump, server:
            pump.connect(str(self.behind / name))
            while True:
                for end in select.select([server, pump], [], [])[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    if end is pump and self.passed is not None:
                        self.passed -= data.count(0)
                    if self.passed is None or self.passed >= 0:
                        (server if end is pump else pump).sendall(data)


class Lost(Ward):
    """The link is lost in the middle of a change."""

    def server_start(self, *options):
        self.link = Link(self.folder / "air", self.radio)
        self.link.start()
        self.server = Server(self.url, "--radio", self.folder / "air", "--keys", self.keys, "--patience", "40 ms", *options,
                             environment=self.environment)
        self.addCleanup(self.server_end)
        self.nina, self.phil = self.server.sign_in("nina"), self.server.sign_in("phil")

    def test_an_outcome_is_unknown_until_it_is_found_out(self):
        self.implanted()
        now, other, changes = "5 mg/day", "5.5 mg/day", []
        for passed in range(4):
            self.programmed(other, other)
            card = self.task(self.nina, "/finish")
            self.assertEqual(card["step"], "readback", card)
            self.link.passed = passed
            card = self.task(self.nina, "/readback", amount=other)
            changes.append(card["change"])
            if card["change"] == "unknown":
                self.assertTrue(card["fate"] and card["fault"], card)
                self.assertEqual(card["wants"], "interrogate")
                gone = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/abandon", {"claim": self.token})
                self.assertEqual((gone.status, gone.kind), (409, "unknown-outcome"))
                self.assertEqual(self.visits()[0]["outcome"], "unknown")
            self.link.passed = None
            while card["wants"] != "nothing":
                card = self.task(self.nina, "/again")
            self.assertIn(card["change"], ("applied", "not_applied"), card)
            gives = json.loads(self.desk("status", "--json"))["drugs"]["morphine"]["dose_at_this_flow"]
            self.assertEqual(self.visits()[0]["outcome"], card["change"])
            self.assertEqual(gives, other if card["change"] == "applied" else now, passed)
            if card["change"] == "applied":
                now, other = other, now
        self.assertIn("unknown", changes)


if __name__ == "__main__":
    unittest.main()
