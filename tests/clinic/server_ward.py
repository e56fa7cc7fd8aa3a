"""server_ward.py - a clinic's server, a real virtual pump, and the people who work at it, for tests of workflows over HTTP."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import tempfile
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
        if path == "/finish":
            body = {"digest": self.settled(person)["digest"], **body}
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
