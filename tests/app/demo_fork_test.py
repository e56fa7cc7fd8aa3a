"""demo_fork_test.py - back to a moment in `cisterna demo`: a further pump in the truth of then, therapy and patient with it,
while the one whose moment it was goes on; killed at any moment of it, the demo comes up again with whole pumps only."""
# SPDX-License-Identifier: Apache-2.0
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
FOREVER_S = 600
FIRST, AGAIN, THIRD = "SIM-0001", "SIM-0101", "SIM-0102"


class Fork(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fork-")
        self.addCleanup(folder.cleanup)
        self.state = pathlib.Path(folder.name)
        self.begun = time.monotonic()

    def rests(self, seconds):
        """Between two looks at what another process does: not for ever."""
        self.assertLess(time.monotonic() - self.begun, FOREVER_S)
        time.sleep(seconds)

    def start(self):
        process = subprocess.Popen([CISTERNA, "demo", "--state", self.state, "--listen", "127.0.0.1:0", "--speed", "60",
                                    "--every", "2 s"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        told = ""
        while "Ready after" not in told:
            line = process.stdout.readline()
            self.assertNotEqual(line, "", process.stderr.read() if process.poll() is not None else told)
            told += line
        self.process, self.host = process, re.search(r"http://(\S+)", told)[1]
        passwords = dict(re.findall(r"^  (\w+) +(\S+) +\w+$", told, re.MULTILINE))
        self.cookie = self.csrf = None
        _, session, headers = self.ask("POST", "/api/sign-in", {"name": "nina", "password": passwords["nina"]})
        self.cookie, self.csrf = headers["Set-Cookie"].split(";")[0], session["csrf"]

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if method == "POST":
            headers |= {"Origin": f"http://{self.host}", "Content-Type": "application/json", "X-CSRF-Token": self.csrf or ""}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        with connection.getresponse() as response:
            answer = response.status, json.loads(response.read()), response.headers
        connection.close()
        return answer

    def look(self, serial):
        """Once it answers: a pump that is being made does not yet."""
        while True:
            status, view, _ = self.ask("GET", f"/api/pumps/{serial}/twin")
            if status == 200:
                return view
            self.assertIn(status, (404, 503), view)  # not on record yet; or not up yet
            self.assertIsNone(self.process.poll())
            self.rests(0.2)

    def does(self, serial, **body):
        while True:
            status, answer, _ = self.ask("POST", f"/api/pumps/{serial}/twin", body)
            if status != 503:  # the demo is starting a pump
                break
            self.rests(0.1)
        self.assertEqual((status, answer.get("done")), (200, True), answer)
        return answer

    def ward(self, *serials):
        """All pumps, once these were heard and run."""
        while True:
            pumps = {pump["serial"]: pump for pump in self.ask("GET", "/api/ward")[1]["pumps"]}
            if all(serial in pumps and pumps[serial]["state"] for serial in serials):
                return pumps
            self.rests(0.2)

    def skipped(self, serial, span):
        self.does(serial, do="skip", span=span)
        while self.look(serial)["skipping"] is not None:
            self.rests(0.1)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def desk(self, serial, role, *words):
        """A programmer's command, over the radio."""
        demo = self.state / "demo"
        ran = subprocess.run([CISTERNA, *words, "--radio", demo / "radios" / serial, "--keys", demo / "keys", "--passphrase-file",
                              demo / "passphrase", "--pump", serial, "--role", role], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def log_last(self, serial):
        """The number of the pump's own last event."""
        return max(int(number) for number in re.findall(r'"sequence": ?(\d+)', self.desk(serial, "reader", "log", "--json")))

    def test_back_to_a_moment(self):
        self.start()
        self.skipped(FIRST, "4 d")
        self.does(FIRST, do="fault", fault="kink", on=True, amount="50 %")
        self.does(FIRST, do="save", name="then")
        then = self.look(FIRST)
        self.skipped(FIRST, "2 d")
        events, before = self.log_last(FIRST), self.ward(FIRST)[FIRST]
        answer = self.does(FIRST, do="fork", name="then")
        self.assertEqual(answer["serial"], AGAIN)
        again = self.look(AGAIN)
        self.assertEqual([(one["name"], one["amount"]) for one in again["troubles"]], [("kink", "50 %")])
        since_ms = again["elapsed_ms"] - then["moments"][0]["elapsed_ms"]
        self.assertTrue(0 < since_ms < 6 * 3600 * 1000, since_ms)  # minutes, at 60 times
        self.assertEqual(again["time"][:10], then["time"][:10])
        left = [float(view["truth"]["reservoir"].split()[0]) for view in (then, again)]
        self.assertAlmostEqual(*left, delta=0.1)
        self.assertEqual(again["catheter"]["segments"][0]["drug"], "morphine")
        for view in (then, again):
            self.assertGreater(view["drugs"][0]["tip"], 0)
        self.assertAlmostEqual(again["drugs"][0]["cisterna"] / then["drugs"][0]["cisterna"], 1, delta=0.2)
        self.assertEqual(again["moments"], [])
        pumps = self.ward(FIRST, AGAIN)
        told = pumps[AGAIN]
        self.assertEqual((told["patient"]["name"], told["state"]["mode"]), ("Maren Holt, again 1", "running"))
        self.assertEqual(told["state"]["therapy"], before["state"]["therapy"])
        self.assertAlmostEqual(float(told["state"]["reservoir_calculated"].split()[0]), left[1], delta=0.1)
        self.assertNotEqual(told["patient"]["id"], pumps[FIRST]["patient"]["id"])
        # The one whose moment it was has not gone back.
        self.assertGreater(self.look(FIRST)["elapsed_ms"], then["elapsed_ms"] + 2 * 86400000)
        self.assertGreaterEqual(self.log_last(FIRST), events)
        # And again, from the new one, after all was killed.
        self.does(AGAIN, do="fault", fault="stall", on=True)
        self.skipped(AGAIN, "2 d")  # longer than its restart limit
        self.assertEqual(json.loads(self.desk(AGAIN, "clinician", "status", "--json"))["mode"], "safe")
        self.does(AGAIN, do="save", name="later")
        self.kill()
        self.start()
        self.assertEqual([one["name"] for one in self.look(AGAIN)["moments"]], ["later"])
        self.assertEqual(self.ward(FIRST, AGAIN)[AGAIN]["patient"], told["patient"])
        self.assertEqual(self.does(AGAIN, do="fork", name="later")["serial"], THIRD)
        self.look(THIRD)
        third = self.ward(THIRD)[THIRD]
        self.assertEqual((third["patient"]["name"], third["state"]["mode"]), ("Maren Holt, again 2", "stopped"))
        note = json.loads((self.state / "demo/radios" / THIRD / "fork.json").read_text())["note"]
        self.assertRegex(note, r"\(safe\), interrupted for [0-9].*: this pump is left stopped. Find the dose anew")
        status, answer, _ = self.ask("POST", f"/api/pumps/{FIRST}/twin", {"do": "fork", "name": "never"})
        self.assertEqual((status, answer["detail"]), (422, "no such moment of this pump was kept"))
        # One whose bytes changed is nobody's past.
        kept = self.state / "demo/radios" / AGAIN / "moments/later"
        therapy = bytearray((kept / "therapy").read_bytes())
        therapy[20] ^= 1
        (kept / "therapy").write_bytes(therapy)
        status, answer, _ = self.ask("POST", f"/api/pumps/{AGAIN}/twin", {"do": "fork", "name": "later"})
        self.assertEqual((status, answer["detail"]), (422, "this moment is damaged, it is not what was kept: take another"))
        ran = subprocess.run([CISTERNA, "pump", "--state", self.state / "new", "--like", kept], capture_output=True, text=True,
                             check=False)
        self.assertEqual((ran.returncode, (self.state / "new/implant").exists()), (5, False), ran.stderr)
        self.assertIn("is damaged: something in it is not what was kept", ran.stderr)
        self.process.terminate()
        self.assertEqual(self.process.wait(), 0)

    def test_killed_while_it_is_made(self):
        self.start()
        self.does(FIRST, do="save", name="then")
        made = set()
        for seconds in (0.1, 0.6, 1.5, 3.0):
            serial = self.does(FIRST, do="fork", name="then")["serial"]
            self.assertNotIn(serial, made)  # what was begun has its serial for ever
            made.add(serial)
            time.sleep(seconds)
            self.kill()
            self.start()
            there = {path.parent.name for path in (self.state / "demo/radios").glob("*/fork.json")}
            pumps = self.ward(FIRST, *there)
            self.assertEqual(set(pumps), {FIRST, "SIM-0002", "SIM-0003"} | there)
            for one in there:
                self.assertEqual(pumps[one]["state"]["mode"], "running")


if __name__ == "__main__":
    unittest.main()
