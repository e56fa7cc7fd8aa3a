"""server_watch_test.py - a virtual pump over its sockets, a reader's key, the server, and a stream: what the pump tells arrives,
and when it falls silent the stream says so and goes on telling the age of what it shows. REQ-ALRM-14, REQ-LINK-08, HZ-38."""
# SPDX-License-Identifier: Apache-2.0
import itertools
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from server_common import CISTERNA, ROOT, Server, events, records_make

SERIAL, PASSPHRASE = "SIM-0042", "a horse without a battery"


class Watch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watch-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.radio, self.keys = self.folder / "pump", self.folder / "keys"
        self.radio.mkdir()
        # Its time runs faster, so that its bounds on sessions do not hold the test up.
        self.pump = subprocess.Popen([CISTERNA, "pump", "--state", self.radio, "--serial", SERIAL, "--speed", "100", "--quiet"],
                                     cwd=ROOT, stderr=subprocess.DEVNULL)
        self.addCleanup(self.pump.wait)
        self.addCleanup(self.pump.kill)
        while not (self.radio / "card.txt").exists() or not (self.radio / "magnet").exists():
            self.assertIsNone(self.pump.poll(), "the pump is not there")
        self.environment = {"CISTERNA_PASSPHRASE": PASSPHRASE}
        ran = subprocess.run([CISTERNA, "pair", "--radio", self.radio, "--keys", self.keys, "--role", "reader", "--card-file",
                              self.radio / "card.txt", "--label", "clinic"], cwd=ROOT, capture_output=True, text=True,
                             check=False, env={**os.environ, **self.environment})
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_state_comes_and_silence_is_told(self):
        server = Server(records_make(self.folder), "--radio", self.radio, "--keys", self.keys, "--pump", SERIAL, "--every", "1 s",
                        "--heartbeat", "0.5 s", environment=self.environment)
        person = server.sign_in("nina")
        with person.stream(f"/api/pumps/{SERIAL}/events") as response:
            told = events(response)
            states = list(itertools.islice((data for kind, data in told if kind == "state"), 2))
            self.assertEqual([state["state"]["pump"] for state in states], [SERIAL] * 2)
            self.assertEqual(states[0]["state"]["mode"], "new")
            self.assertFalse(states[1]["silent"])
            self.assertGreater(states[1]["state"]["now_ms"], states[0]["state"]["now_ms"])
            self.pump.send_signal(signal.SIGKILL)
            silent = next(data for kind, data in told if kind == "age" and data["silent"])
            later = next(data for kind, data in told if kind == "age")
        self.assertIn("did not answer", silent["fault"])
        self.assertGreaterEqual(int(later["age"].split()[0]), int(silent["age"].split()[0]))
        watched = person.ask("GET", "/api/pumps").json["watched"]
        self.assertEqual([(pump["serial"], pump["silent"]) for pump in watched], [(SERIAL, True)])
        code, said = server.end()
        self.assertEqual((code, "Sanitizer" in said), (0, False), said)


if __name__ == "__main__":
    unittest.main()
