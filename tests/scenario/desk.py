"""desk.py - a programmer on the command line at a virtual pump of its own, for the tests of what its commands do and say."""
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
import unittest

import common

PUMP = os.environ.get("CISTERNA_PUMP", common.DEV)
SERIAL, PASSPHRASE = "SIM-0042", "a horse without a battery"
# Virtual time runs faster, so that the pump's bounds on handshakes (one more every 30 s) do not hold the test up.
SPEED = 100
THERAPY = {
    "name": "morphine 5 mg/day",
    "drugs": [{"drug": "morphine", "concentration": "25 mg/mL"}],
    "program": {"kind": "continuous", "dose": "5 mg/day"},
    "patient_bolus": {"volume": "0.01 mL", "over": "10 min", "lockout": "4 h", "max_per_day": 4, "expiry": "90 d"},
    "limits": {"drugs": [{"drug": "morphine", "hour": "3 mg", "day": "40 mg"}], "bolus_max": "0.02 mL", "rate_max": "4 mL/day"},
    "safe_rate": "0.048 mL/day", "restart_limit": "24 h", "under_delivery": "high", "reservoir_low": "2 mL",
    "mri": "keep_program", "region": "US",
}
FILLING = ("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine", "--concentration",
           "25 mg/mL", "--dead-drug-free", "--lot", "L-17")


class Proxy(threading.Thread):
    """Between a programmer and the socket of a pump: passes so many frames of the pump, and loses the rest."""

    def __init__(self, folder, behind, passed, name="near"):
        super().__init__(daemon=True)
        self.behind, self.passed = behind, passed
        folder.mkdir()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / name))
        self.listener.listen(1)

    def outward(self, data):
        """What becomes of what the programmer sends."""
        return data

    def run(self):
        with self.listener:
            programmer, _ = self.listener.accept()
        with socket.socket(socket.AF_UNIX) as pump, programmer:
            pump.connect(str(self.behind))
            while True:
                for end in select.select([programmer, pump], [], [])[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    if end is programmer:
                        pump.sendall(self.outward(data))
                    elif self.passed > 0:
                        self.passed -= data.count(0)
                        programmer.sendall(data)


class Desk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="desk-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.radio, self.keys = self.folder / "pump", self.folder / "keys"
        self.radio.mkdir()
        self.pump = subprocess.Popen([PUMP, "pump", "--state", self.radio, "--serial", SERIAL, "--speed", str(SPEED), "--quiet",
                                      *self.pump_words()], cwd=common.ROOT, stderr=subprocess.DEVNULL)
        self.addCleanup(self.pump_stop)
        while not (self.radio / "card.txt").exists() or not (self.radio / "magnet").exists():
            self.assertIsNone(self.pump.poll(), "the pump is not there")

    def pump_words(self):
        """What else the pump is made with."""
        return []

    def pump_stop(self):
        self.pump.send_signal(signal.SIGTERM)
        self.pump.wait()

    def desk(self, *words, stdin="", radio=None, program=common.DEV, **environment):
        """Runs a command with keys, radio and passphrase."""
        given = {**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE, "CISTERNA_RADIO": str(radio or self.radio), **environment}
        return common.cisterna(program, *words, "--keys", self.keys, env=given, input=stdin)

    def done(self, *words, code=0, **more):
        """The same; what it said on both streams, when it ended so."""
        ran = self.desk(*words, **more)
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        return ran.stdout, ran.stderr

    def told(self, *words, code=0, **more):
        return json.loads(self.done(*words, "--json", code=code, **more)[0])

    def pair(self, role="clinician", label="ward tablet", **more):
        return self.done("pair", "--card-file", self.radio / "card.txt", "--role", role, "--label", label, **more)

    def therapy(self, name="therapy.json", **changes):
        """A file with a therapy; None takes a member out."""
        path = self.folder / name
        therapy = {key: value for key, value in {**THERAPY, **changes}.items() if value is not None}
        path.write_text(json.dumps({"catheter": {"length": "40 cm"}, "therapy": therapy}))
        return path

    def implant(self):
        """A paired clinician, a full reservoir, the therapy in force."""
        self.pair()
        self.done(*FILLING, "--therapy", self.therapy(), stdin="6 mg/day\n")

    def asked(self, *words):
        """A command that stands at its question: the process, waiting for an answer on standard input."""
        environment = {**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE, "CISTERNA_RADIO": str(self.radio)}
        waiting = subprocess.Popen([common.DEV, *map(str, words), "--keys", str(self.keys)], cwd=common.ROOT, env=environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(waiting.communicate)
        self.addCleanup(waiting.kill)
        said = b""
        while not said.endswith(b"to activate it: "):
            more = waiting.stderr.read1()
            self.assertNotEqual(more, b"", said)
            said += more
        return waiting

    def answered(self, waiting, answer):
        """What became of it then: its exit code and both streams."""
        said, messages = waiting.communicate(answer.encode())
        return waiting.returncode, said.decode(), messages.decode()
